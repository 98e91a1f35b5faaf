// Builds the program when its sources changed since the last build.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.mjs';
import { findNode24 } from './node-24.mjs';
import { fromProject } from './paths.mjs';
import { runCommand } from './run-command.mjs';

const STAMP_PATH = fromProject('out', 'build-stamp.txt');
// The window has the user's guide in it, with its pictures.
const SOURCES = [
  'src',
  'docs/user-guide.md',
  'docs/images',
  'package-lock.json',
  'electron.vite.config.ts',
  'vite.agent.config.ts',
  'tsconfig.base.json',
  'tsconfig.web.json',
];
/** Without these a build is not one, whatever the stamp says. */
const PRODUCTS = [
  'out/main/web.js',
  'out/main/cli.js',
  'out/main/index.js',
  'out/preload/index.cjs',
  'out/renderer/index.html',
  'out/agent/agent.mjs',
];

/** Builds shells, window and agent into out/ unless they are there and newer than every source. */
export async function ensureBuilt() {
  const stamp = stampOf(SOURCES);
  if (existsSync(STAMP_PATH) && readFileSync(STAMP_PATH, 'utf8') === stamp && PRODUCTS.every((path) => existsSync(fromProject(path))))
    return;

  console.error('Building ...');
  rmSync(STAMP_PATH, { force: true });
  const node = findNode24();
  await build(node, [fromProject('node_modules/electron-vite/bin/electron-vite.js'), 'build', '--logLevel', 'warn']);
  await build(node, [fromProject('node_modules/vite/bin/vite.js'), 'build', '--config', 'vite.agent.config.ts', '--logLevel', 'warn']);
  const missing = PRODUCTS.filter((path) => !existsSync(fromProject(path)));
  if (missing.length > 0) throw new Failure(`The build did not write ${missing.join(', ')}.`, 'Look at its output above.');
  mkdirSync(fromProject('out'), { recursive: true });
  writeFileSync(STAMP_PATH, stamp);
}

async function build(node, args) {
  const { code, output } = await runCommand(node, args, { show: false });
  if (code !== 0)
    throw new Failure(`The build failed:\n${output.trim()}`, 'Correct what it says above, or run `git status` to see what changed.');
}

/** One hash over name, size and time of every source file. */
function stampOf(paths) {
  const hash = createHash('sha256');
  for (const path of paths) addToStamp(hash, fromProject(path));
  return hash.digest('hex');
}

function addToStamp(hash, path) {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return;
  if (!stats.isDirectory()) {
    hash.update(`${path}\0${stats.size}\0${stats.mtimeMs}\n`);
    return;
  }
  for (const name of readdirSync(path).sort()) addToStamp(hash, join(path, name));
}
