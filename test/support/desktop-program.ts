// The desktop program as this machine's Electron can run it: a current one takes the project's folder as it is; an older one gets a copy of
// itself with the program bundled for it.
import { copyFileSync, cpSync, linkSync, mkdirSync, readdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { bundleForElectron22, PLAYWRIGHT_LOADER } from './electron-22/bundle-program.js';

const ROOT = join(import.meta.dirname, '../..');
/** The first with everything that the program uses: asynchronous safeStorage, ES modules in main, a Node.js that runs the core. */
const FIRST_CURRENT = 35;

export interface DesktopProgram {
  executablePath: string;
  electronVersion: string;
  /** In front of the program's own arguments. */
  args: string[];
  cwd: string;
  env: Record<string, string>;
}

export async function prepareDesktopProgram(executablePath: string, electronVersion: string): Promise<DesktopProgram> {
  if (Number(electronVersion.split('.')[0]) >= FIRST_CURRENT) {
    return { executablePath, electronVersion, args: ['-r', PLAYWRIGHT_LOADER, ROOT], cwd: ROOT, env: {} };
  }
  const electronDir = join(ROOT, '.cache', 'desktop-tests', `electron-${electronVersion}`);
  rmSync(electronDir, { recursive: true, force: true });
  linkFolder(dirname(executablePath), electronDir);
  // Electron looks there first; the argument in its place is where an unpackaged program has its folder.
  await bundleForElectron22(join(electronDir, 'resources', 'app'));
  return {
    executablePath: join(electronDir, basename(executablePath)),
    electronVersion,
    args: ['.'],
    cwd: electronDir,
    env: { DEDGEAI_CORE_NODE: process.execPath },
  };
}

/**
 * Makes `electronDir` a copy of an Electron that opens the program in `programDir` by itself: the one place where every Electron looks, also
 * one that was taken out of a package.
 */
export function copyElectronWith(executablePath: string, programDir: string, electronDir: string): string {
  linkFolder(dirname(executablePath), electronDir);
  rmSync(join(electronDir, 'resources', 'app'), { recursive: true, force: true });
  cpSync(programDir, join(electronDir, 'resources', 'app'), { recursive: true });
  return join(electronDir, basename(executablePath));
}

/** A copy that takes no space where the disk allows it. */
function linkFolder(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) linkFolder(source, target);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else linkOrCopy(source, target);
  }
}

function linkOrCopy(source: string, target: string): void {
  try {
    linkSync(source, target);
  } catch {
    // Another disk, or another user's file.
    copyFileSync(source, target);
  }
}
