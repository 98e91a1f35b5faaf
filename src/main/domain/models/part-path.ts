// Unfinished output lies beside its final name as `<name>.<process id>.part`, so that no one takes it for the whole, and what a killed
// process left can be distinguished from what a living one writes.
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

export function partPath(outputPath: string, processId: number): string {
  return `${outputPath}.${processId}.part`;
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (thrown) {
    // Another user's process is alive too.
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Removes the unfinished output that ended processes left beside `outputPath`. */
export async function removeLeftovers(outputPath: string): Promise<void> {
  const folder = dirname(outputPath);
  const prefix = `${basename(outputPath)}.`;
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.startsWith(prefix)) continue;
    const processId = /^(\d+)\.part$/.exec(name.slice(prefix.length))?.[1];
    if (processId !== undefined && !isAlive(Number(processId))) await rm(join(folder, name), { recursive: true, force: true });
  }
}
