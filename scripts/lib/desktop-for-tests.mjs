// What the desktop tests need: an Electron that starts here, and a display for its windows.
import { join, resolve } from 'node:path';
import { PROGRAM_NAME } from './electron/artifact.mjs';
import { findInstalled } from './electron/install.mjs';
import { runCommand } from './run-command.mjs';

/** Debian's names of the libraries that Electron is linked to and does not bring; newer releases renamed two of them. */
const LIBRARIES = ['libnss3', 'libxss1', 'libxtst6', 'libgbm1'];
const RENAMED = [
  ['libgtk-3-0', 'libasound2'],
  ['libgtk-3-0t64', 'libasound2t64'],
];
/** Packages and a program of each: a display, keys and clicks from outside the program, pictures of the whole display. */
const TOOLS = [
  ['xvfb', 'Xvfb'],
  ['xdotool', 'xdotool'],
  ['imagemagick', 'import'],
];
const START_TIMEOUT_MS = 60_000;

/**
 * { env } in which the desktop tests find their Electron, or { reason } why there is none, to be read after "because". `findOrInstall` and
 * `install` bring Debian packages where this user may.
 */
export async function prepareDesktop({ findOrInstall, install }) {
  const path = findElectron();
  if (!path) return { reason: 'there is no Electron here (ELECTRON_OVERRIDE_DIST_PATH can name a folder with one)' };
  let asked = await askVersion(path);
  if (asked.version === null && asked.words.includes('shared libraries')) {
    for (const names of RENAMED) await install([...LIBRARIES, ...names]);
    asked = await askVersion(path);
  }
  if (asked.version === null) return { reason: `the Electron at ${path} does not start: ${asked.words}` };
  for (const [packageName, program] of process.platform === 'linux' ? TOOLS : []) {
    if (!(await findOrInstall(packageName, [program]))) return { reason: `there is no ${program} here, and it could not be installed` };
  }
  console.error(`The desktop tests run in Electron ${asked.version}, ${path}`);
  return { env: { DEDGEAI_ELECTRON: path, DEDGEAI_ELECTRON_VERSION: asked.version } };
}

function findElectron() {
  if (process.env.DEDGEAI_ELECTRON) return resolve(process.env.DEDGEAI_ELECTRON);
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  return folder ? resolve(join(folder, PROGRAM_NAME)) : findInstalled();
}

/** An Electron that acts as its own Node.js needs no display, but all its libraries. */
async function askVersion(path) {
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  const { code, output } = await runCommand(path, ['-p', 'process.versions.electron'], { show: false, env, timeoutMs: START_TIMEOUT_MS });
  return { version: code === 0 ? output.trim().split('\n').at(-1) : null, words: output.trim() };
}
