import { statfs } from 'node:fs/promises';

/** What the disk of a folder has, and what of it this user may still write; null where the file system does not say. */
export async function findDiskRoom(path: string): Promise<{ path: string; freeBytes: number; totalBytes: number } | null> {
  const found = await statfs(path).catch(() => null);
  return found === null || found.blocks === 0
    ? null
    : { path, freeBytes: found.bavail * found.bsize, totalBytes: found.blocks * found.bsize };
}
