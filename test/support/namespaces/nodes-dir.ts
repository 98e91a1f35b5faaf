// Folders of nodes in namespaces, by the process that made them.
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const DIR_NAME = /^dedgeai-nodes-(\d+)-/;

/** A folder for nodes of this process. The nodes' accounts go through it. */
export function makeNodesDir(): string {
  const dir = mkdtempSync(join(tmpdir(), `dedgeai-nodes-${process.pid}-`));
  chmodSync(dir, 0o755);
  return dir;
}

/** Removes folders of processes that were killed; what ran for those, and their networks, went with them. */
export function removeLeftovers(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(DIR_NAME.exec(name)?.[1] ?? process.pid);
    if (pid !== process.pid && !isAlive(pid)) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
