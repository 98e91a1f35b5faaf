// A package of the program as `npm run dist` makes it, of whatever unpacked Electron is here, in a folder of its own.
import { execFile } from 'node:child_process';
import { cpSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';

const ROOT = resolve(import.meta.dirname, '../..');
/** What an Electron that was taken out of another program's AppImage has beside its own files. */
const NOT_ELECTRONS = /^(AppRun|usr|\.DirIcon|.*\.desktop|(?!.*_percent).*\.png)$/;
const run = promisify(execFile);

export interface PackageHarness {
  /** The unpacked program. */
  unpackedDir: string;
  /** The program file in it, which is Electron. */
  programPath: string;
  archivePath: string;
  /** Plain files beside the archive. */
  coreDir: string;
  resourcesDir: string;
  debPath: string;
  /** What `npm run dist` said. */
  output: string;
  remove(): void;
}

/** Needs a build. Takes about half a minute. */
export async function makePackage(electronDir: string): Promise<PackageHarness> {
  const dir = mkdtempSync(join(tmpdir(), 'dedgeai-package-'));
  const electron = join(dir, 'electron');
  cpSync(electronDir, electron, {
    recursive: true,
    filter: (source) => !NOT_ELECTRONS.test(basename(source)) && !isProgramIn(electronDir, source),
  });
  mkdirSync(join(electron, 'resources'), { recursive: true });
  const outDir = join(dir, 'dist');
  const output = await runDist(['--electron', electron, '--out', outDir, '--deb', '--uncompressed']);
  const unpackedDir = join(outDir, 'linux-unpacked');
  const resourcesDir = join(unpackedDir, 'resources');
  return {
    unpackedDir,
    programPath: join(unpackedDir, 'dedgeai-control-center'),
    archivePath: join(resourcesDir, 'app.asar'),
    coreDir: join(resourcesDir, 'app.asar.unpacked'),
    resourcesDir,
    debPath: join(outDir, readdirSync(outDir).find((name) => name.endsWith('.deb')) ?? 'no.deb'),
    output,
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** Runs scripts/dist.mjs; gives what it wrote to both outputs, and rejects with that where it failed. */
export async function runDist(args: string[], env: Record<string, string> = {}): Promise<string> {
  const { stdout, stderr } = await run(process.execPath, [join(ROOT, 'scripts/dist.mjs'), ...args], {
    cwd: ROOT,
    env: { ...process.env, ...env },
  });
  return stdout + stderr;
}

/** Files below `dir`, relative to it; links are not followed. */
export function filesBelow(dir: string, root = dir): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name);
    return entry.isDirectory() ? filesBelow(path, root) : [relative(root, path)];
  });
}

export function bytesBelow(dir: string): number {
  return filesBelow(dir).reduce((sum, path) => sum + lstatSync(join(dir, path)).size, 0);
}

/** Tests of the desktop put a program into the Electron that they share. */
function isProgramIn(electronDir: string, source: string): boolean {
  return [join(electronDir, 'resources/app'), join(electronDir, 'resources/app.asar')].includes(source);
}
