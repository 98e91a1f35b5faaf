// A name that was made, renamed or removed is durable when its folder is. Windows can't open folders and needs no such thing.
import { closeSync, fsyncSync, openSync } from 'node:fs';
import { open } from 'node:fs/promises';

const canOpenFolders = process.platform !== 'win32';

export async function syncFolder(path: string): Promise<void> {
  if (!canOpenFolders) return;
  await using folder = await open(path, 'r');
  await folder.sync();
}

export function syncFolderNow(path: string): void {
  if (!canOpenFolders) return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
