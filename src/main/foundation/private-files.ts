// What the program makes in a data folder is its user's alone, also where the folder itself was there before and is open to others. The
// folder itself is the user's to open or close.
import { chmodSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** By what the program makes in the data folder; what is not ours is left as it is. */
const OURS =
  /^(?:dedgeai\.sqlite(?:-wal|-shm|-journal)?|instance\.(?:lock(?:-journal)?|json)|backups|images|logs|runtimes|secrets|studies|thumbnails|training|uploads|virtual-nodes|window)$/;

/** Files and folders that `make` makes, synchronously, are for this user alone. */
export function withPrivateFiles<T>(make: () => T): T {
  const former = process.umask(0o077);
  try {
    return make();
  } finally {
    process.umask(former);
  }
}

/** Closes what an older version of the program, or a copy, has left open to others. What belongs to someone else stays. */
export function keepPrivate(dataDir: string): void {
  for (const name of readdirSync(dataDir).filter((candidate) => OURS.test(candidate))) {
    try {
      const path = join(dataDir, name);
      const stats = lstatSync(path);
      // A link leads to where the user put it, another disk for one; its target is not ours to change.
      if (stats.isSymbolicLink() || (stats.mode & 0o077) === 0) continue;
      chmodSync(path, stats.isDirectory() ? 0o700 : 0o600);
    } catch {
      // It went in between, or is another user's, or the disk knows no modes.
    }
  }
}
