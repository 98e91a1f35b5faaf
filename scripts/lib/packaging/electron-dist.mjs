// The unpacked Electron that a package is made of.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { obtainElectron } from '../electron-binary.mjs';
import { Failure } from '../failure.mjs';
import { fromProject } from '../paths.mjs';

/** Where an unpacked Electron has its program file, below its folder. */
const PROGRAM_FILES = { linux: 'electron', darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' };
/** Where the fuses and the version's text are: on macOS not in the program file. */
const CODE_FILES = { ...PROGRAM_FILES, darwin: 'Electron.app/Contents/Frameworks/Electron Framework.framework/Electron Framework' };
const RESOURCES = { linux: 'resources', darwin: 'Electron.app/Contents/Resources', win32: 'resources' };

/** Gives { dir, programPath, version } of the Electron in `givenDir`, or of the one of node_modules, which is fetched where it is missing. */
export async function findElectronDist(givenDir) {
  const dir = givenDir ?? fromProject('node_modules/electron/dist');
  const programPath = join(dir, PROGRAM_FILES[process.platform]);
  if (givenDir === null && !existsSync(programPath)) await fetchElectron();
  if (!existsSync(programPath)) {
    throw new Failure(
      `There is no Electron in ${dir}: ${programPath} is missing.`,
      'Name the folder of an unpacked Electron for this system with --electron or ELECTRON_OVERRIDE_DIST_PATH.',
    );
  }
  const foreign = ['app', 'app.asar'].find((name) => existsSync(join(dir, RESOURCES[process.platform], name)));
  if (foreign) {
    throw new Failure(
      `The Electron in ${dir} holds a program already (${foreign}), which would go into the package.`,
      'Name the folder of an Electron as it comes.',
    );
  }
  return { dir, programPath, version: readVersion(dir) };
}

async function fetchElectron() {
  const { path, reason, hint } = await obtainElectron({ insist: true });
  if (path) return;
  throw new Failure(
    reason ?? 'The download of Electron was stopped.',
    hint ?? 'Try again, or name the folder of an unpacked Electron with --electron or ELECTRON_OVERRIDE_DIST_PATH.',
  );
}

/** As Electron itself says it: an unpacked one need not have a file `version`. */
function readVersion(dir) {
  const code = readFileSync(join(dir, CODE_FILES[process.platform]));
  const at = code.indexOf('Electron/');
  const version = at === -1 ? null : /^Electron\/(\d+\.\d+\.\d+[\w.-]*)/.exec(code.toString('latin1', at, at + 40))?.[1];
  if (!version)
    throw new Failure(`What is in ${dir} is no Electron: it does not name its version.`, 'Name the folder of an Electron as it comes.');
  return version;
}
