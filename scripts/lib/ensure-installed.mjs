// Brings node_modules to what the lockfile says, with `npm ci`, when it is not there yet.
import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { Failure } from './failure.mjs';
import { npmCommand } from './npm-command.mjs';
import { fromProject, projectDir } from './paths.mjs';
import { runCommand } from './run-command.mjs';

/** node_modules takes about 1.1 GB; the build and npm's cache need room too. */
const NEEDED_SPACE_BYTES = 2e9;

/** Installs the packages unless they are there as locked. */
export async function ensureInstalled() {
  if (isInstalled()) return;
  const { bavail, bsize } = statfsSync(projectDir);
  if (bavail * bsize < NEEDED_SPACE_BYTES) {
    throw new Failure(
      `${projectDir} has ${((bavail * bsize) / 1e9).toFixed(1)} GB left; the packages need ${NEEDED_SPACE_BYTES / 1e9} GB.`,
      'Free some space, or clone the project to another disk.',
    );
  }
  console.error('Installing the packages (a minute or two, once) ...');
  const { command, args } = npmCommand();
  const { code, output } = await runCommand(command, [...args, 'ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund'], {
    show: false,
  });
  if (code !== 0) throw explainFailedInstall(output);
}

/** True when every package of the lockfile that this platform needs is in node_modules, at the locked content. */
function isInstalled() {
  const installedPath = fromProject('node_modules', '.package-lock.json');
  if (!existsSync(installedPath)) return false;
  const locked = readPackages(fromProject('package-lock.json'));
  const installed = readPackages(installedPath);
  return Object.entries(locked).every(([path, expected]) => {
    if (path === '') return true;
    const found = installed[path];
    if (!found) return expected.optional === true || expected.devOptional === true;
    return found.version === expected.version && found.integrity === expected.integrity;
  });
}

function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages ?? {};
  } catch (error) {
    throw new Failure(
      `${path} cannot be read: ${error.message}`,
      'Restore package-lock.json from git, or delete node_modules, and try again.',
    );
  }
}

function explainFailedInstall(output) {
  if (/spawn npm ENOENT|not recognized/.test(output)) {
    return new Failure('npm is missing.', 'Install it (it comes with Node.js from https://nodejs.org; on Debian: apt-get install npm).');
  }
  if (/ENOSPC|no space left/i.test(output)) {
    return new Failure('The disk is full: the packages could not be installed.', 'Free about 2 GB and try again.');
  }
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET|ENETUNREACH|network/i.test(output)) {
    return new Failure(
      'The package registry cannot be reached, and the packages are not installed yet.',
      'Connect to the network once and try again; behind a proxy, set it with `npm config set proxy`. Afterwards the program needs no network.',
    );
  }
  return new Failure(`Installing the packages failed:\n${output.trim()}`, 'Correct what npm says above and try again.');
}
