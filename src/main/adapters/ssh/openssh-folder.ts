// Private folders for what OpenSSH's `ssh` is given: made by one process, removed by it at its end, or by its parent when it was killed.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const namePrefix = (pid: number): string => `dedgeai-ssh-${pid}-`;

let isRemovedAtExit = false;

/** No other account can enter it. */
export function makeOpenSshFolder(): string {
  if (!isRemovedAtExit) process.once('exit', () => removeOpenSshFoldersOf(process.pid));
  isRemovedAtExit = true;
  return mkdtempSync(join(tmpdir(), namePrefix(process.pid)));
}

export function removeOpenSshFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** Those that a process has left, which must have ended. Never fails: they are temporary files, and hold no secret. */
export function removeOpenSshFoldersOf(pid: number): void {
  try {
    const left = readdirSync(tmpdir()).filter((name) => name.startsWith(namePrefix(pid)));
    for (const name of left) removeOpenSshFolder(join(tmpdir(), name));
  } catch {
    // The system clears them away some day.
  }
}
