// A clone of the project with nothing but its launcher, an Electron package without its binary, and programs that stand in for the build
// and what it makes.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, lchownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { makeStoredZip } from './stored-zip.js';

const ROOT = join(import.meta.dirname, '../..');
const EXTRACTOR = 'node_modules/@electron-internal/extract-zip';
export const MADE_UP_VERSION = '99.1.2';
export const ARCHIVE_NAME = `electron-v${MADE_UP_VERSION}-${process.platform}-${process.arch}.zip`;

const BUILT = ['main/web.js', 'main/cli.js', 'main/index.js', 'preload/index.cjs', 'renderer/index.html', 'agent/agent.mjs'];
/** Stands in for both build tools: writes what the launcher looks for. The browser shell of it says that it opened. */
const BUILD_TOOL = `import { mkdirSync, writeFileSync } from 'node:fs';
for (const path of ${JSON.stringify(BUILT)}) {
  mkdirSync(new URL('../../../out/' + path + '/..', import.meta.url), { recursive: true });
  writeFileSync(new URL('../../../out/' + path, import.meta.url), path === 'main/web.js' ? "console.log('opened in the browser');" : '');
}`;
/** Takes patience from its arguments and prints what the launcher found. */
const OBTAIN = `import { obtainElectron } from './scripts/lib/electron-binary.mjs';
console.log(JSON.stringify(await obtainElectron(JSON.parse(process.argv[2]))));`;

/** An archive with a program that says that it opened, and enough beside it to be cut in the middle. */
export function makeElectronArchive(fillerBytes = 2_000_000): Buffer {
  return makeStoredZip([
    { name: 'electron', content: '#!/bin/sh\necho "opened the desktop program"\n', isProgram: true },
    { name: 'version', content: MADE_UP_VERSION },
    { name: 'filler.bin', content: Buffer.alloc(fillerBytes, 'electron') },
  ]);
}

export interface LauncherClone {
  dir: string;
  electronDir: string;
  cacheDir: string;
  /** Runs a script of the clone on this Node.js, or on the one at `node`, as this user or as `uid`. */
  run(script: string, args: string[], env?: NodeJS.ProcessEnv, options?: { uid?: number; node?: string }): LaunchedScript;
  /** Gives all of it to a user. */
  giveTo(uid: number): void;
  remove(): void;
}

export interface LaunchedScript {
  child: ChildProcess;
  ended: Promise<{ status: number | null; signal: NodeJS.Signals | null; output: string }>;
}

export function makeLauncherClone(archive: Buffer): LauncherClone {
  const dir = mkdtempSync(join(tmpdir(), 'launcher-'));
  const electronDir = join(dir, 'node_modules/electron');
  const cacheDir = join(dir, 'electron-cache');
  const write = (path: string, content: string): void => {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), content);
  };
  cpSync(join(ROOT, 'scripts'), join(dir, 'scripts'), { recursive: true });
  mkdirSync(dirname(join(dir, EXTRACTOR)), { recursive: true });
  cpSync(join(ROOT, EXTRACTOR), join(dir, EXTRACTOR), { recursive: true });
  write('package.json', JSON.stringify({ name: 'dedgeai-control-center', type: 'module' }));
  write('package-lock.json', JSON.stringify({ lockfileVersion: 3, packages: {} }));
  write('node_modules/.package-lock.json', JSON.stringify({ packages: {} }));
  write('node_modules/electron/package.json', JSON.stringify({ name: 'electron', version: MADE_UP_VERSION }));
  write('node_modules/electron/checksums.json', JSON.stringify({ [ARCHIVE_NAME]: createHash('sha256').update(archive).digest('hex') }));
  write('node_modules/electron-vite/bin/electron-vite.js', BUILD_TOOL);
  write('node_modules/vite/bin/vite.js', BUILD_TOOL);
  write('node_modules/electron-vite/package.json', '{"type":"module"}');
  write('node_modules/vite/package.json', '{"type":"module"}');
  write('obtain.mjs', OBTAIN);
  return {
    dir,
    electronDir,
    cacheDir,
    run: (script, args, env = {}, options = {}) => runScript(dir, cacheDir, [script, ...args], env, options),
    giveTo: (uid) => giveTo(dir, uid),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

function runScript(
  dir: string,
  cacheDir: string,
  args: string[],
  env: NodeJS.ProcessEnv,
  { uid, node = process.execPath }: { uid?: number; node?: string },
): LaunchedScript {
  // What the machine sets for its own downloads is not part of a test.
  const own = Object.entries(process.env).filter(([name]) => !/^(npm_|electron_|(https?|no)_proxy$)/i.test(name));
  const child = spawn(node, args, {
    cwd: dir,
    env: { ...Object.fromEntries(own), INIT_CWD: undefined, electron_config_cache: cacheDir, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid !== undefined && { uid, gid: uid }),
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ended = new Promise<{ status: number | null; signal: NodeJS.Signals | null; output: string }>((resolve) => {
    child.once('close', (status, signal) => resolve({ status, signal, output }));
  });
  return { child, ended };
}

function giveTo(dir: string, uid: number): void {
  lchownSync(dir, uid, uid);
  for (const name of readdirSync(dir, { recursive: true }) as string[]) lchownSync(join(dir, name), uid, uid);
}
