// A disk of its own that can be full: a tmpfs with a size. Linux, and a user who may mount.
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const FILLER_BYTES = 64 * 1024;

export interface SmallDisk {
  dir: string;
  /** Writes until nothing more fits. */
  fill(): void;
  /** Gives back what `fill` took. */
  free(): void;
  /** Gives the disk another size. */
  grow(mebibytes: number): void;
  remove(): void;
}

/** Null where this user may not mount. */
export function mountSmallDisk(sizeMebibytes: number): SmallDisk | null {
  const dir = mkdtempSync(join(tmpdir(), 'small-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMebibytes}m`, 'tmpfs', dir], { stdio: 'ignore' });
  } catch {
    rmSync(dir, { recursive: true });
    return null;
  }
  const filler = join(dir, 'filler');
  return {
    dir,
    fill() {
      for (let bytes = FILLER_BYTES; bytes > 0; bytes = Math.floor(bytes / 2)) {
        while (canAppend(filler, bytes));
      }
    },
    free: () => rmSync(filler, { force: true }),
    grow: (mebibytes) => void execFileSync('mount', ['-o', `remount,size=${mebibytes}m`, dir]),
    remove() {
      execFileSync('umount', ['--lazy', dir]);
      rmSync(dir, { recursive: true });
    },
  };
}

function canAppend(path: string, bytes: number): boolean {
  try {
    appendFileSync(path, Buffer.alloc(bytes));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return false;
    throw error;
  }
}
