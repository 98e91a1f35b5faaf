// The programs that tests need besides Node.js: a browser, an SSH server, an arm64 machine, Python with torch, an Electron. Found, else installed where that is possible.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { prepareArm64Machine } from './arm64-machine.mjs';
import { prepareDesktop } from './desktop-for-tests.mjs';
import { fromProject } from './paths.mjs';
import { preparePython } from './python-for-tests.mjs';
import { runCommand } from './run-command.mjs';

const CHROMIUM_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome.exe'];
const USUAL_PATHS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  '/usr/sbin/sshd',
];

/**
 * Returns { env, missing }: the environment in which the tests find their tools, and for each tool that cannot be had, the suites it keeps
 * from running and why, in plain words. `isOptional` ones take minutes to fetch from elsewhere: their absence is told and fails no check.
 */
export async function prepareTestTools() {
  const env = {};
  const missing = [];

  const chromium = process.env.DEDGEAI_CHROMIUM ?? findProgram(CHROMIUM_NAMES) ?? (await installChromium());
  if (chromium) env.DEDGEAI_CHROMIUM = chromium;
  else
    missing.push({
      suites: ['e2e', 'e2e-slow', 'e2e-calm'],
      message: 'The browser tests were not run: no Chromium here, and it could not be installed.',
    });

  const sshd = process.env.DEDGEAI_SSHD ?? findProgram(['sshd']) ?? (await installWithApt('openssh-server', ['sshd']));
  if (sshd) env.DEDGEAI_SSHD = sshd;
  else missing.push({ suites: [], message: 'The tests against OpenSSH were not run: no sshd here, and it could not be installed.' });

  if (process.platform === 'linux' && process.arch !== 'arm64') {
    const machine = await prepareArm64Machine(findOrInstall);
    if (machine) env.DEDGEAI_ARM64 = JSON.stringify(machine);
    else
      missing.push({
        suites: [],
        isOptional: true,
        message: 'The agent was not started on arm64: no qemu-user with its parts here, and they could not be had.',
      });
  }

  const desktop = await prepareDesktop({ findOrInstall, install: (packageNames) => installWithApt(packageNames, []) });
  if (desktop.env) Object.assign(env, desktop.env);
  else
    missing.push({
      suites: ['desktop', 'desktop-slow'],
      isOptional: true,
      message: `The desktop tests were not run and no package was made, because ${desktop.reason}.`,
    });

  const python = await preparePython(() => installWithApt('python3-venv', []));
  if (python) env.PYTHON = python;
  else {
    const message = 'The image worker was not run: no Python with torch and diffusers here, and they could not be installed.';
    missing.push({ suites: [], isOptional: true, message });
  }

  return { env, missing };
}

async function findOrInstall(packageName, programNames) {
  return findProgram(programNames) ?? (await installWithApt(packageName, programNames));
}

function findProgram(names) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const candidates = names.flatMap((name) => [
    ...folders.map((folder) => join(folder, name)),
    ...USUAL_PATHS.filter((path) => path.toLowerCase().endsWith(name) || (name === 'google-chrome' && path.endsWith('Google Chrome'))),
  ]);
  return candidates.find((path) => existsSync(path)) ?? null;
}

async function installChromium() {
  const packaged = await installWithApt('chromium', CHROMIUM_NAMES);
  if (packaged) return packaged;
  console.error('Fetching a browser for the tests ...');
  const cli = fromProject('node_modules/playwright-core/cli.js');
  const { code } = await runCommand(process.execPath, [cli, 'install', 'chromium'], { show: false, timeoutMs: 5 * 60_000 });
  if (code !== 0) return null;
  const { chromium } = await import('playwright-core');
  return existsSync(chromium.executablePath()) ? chromium.executablePath() : null;
}

/** Installs Debian packages where this user may; null where not. */
async function installWithApt(packages, programNames) {
  const packageNames = [packages].flat();
  if (process.platform !== 'linux' || process.getuid() !== 0 || !findProgram(['apt-get'])) return null;
  console.error(`Installing ${packageNames.join(', ')} for the tests ...`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await runCommand('apt-get', ['update', '-q'], { show: false, env, timeoutMs: 5 * 60_000 });
  await runCommand('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packageNames], {
    show: false,
    env,
    timeoutMs: 10 * 60_000,
  });
  return findProgram(programNames);
}
