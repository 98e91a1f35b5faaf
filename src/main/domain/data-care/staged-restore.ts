// A restore that was asked for in the window: done by the next start, before anything of the database is open.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { writeDurablyNow } from '../../../durable-file/write-durably.js';
import type { RestoreOutcome } from '../../../shared/data-care.js';
import { listBackups } from '../../adapters/storage/backup-files.js';
import { restoreDatabase } from '../../adapters/storage/restore-database.js';

const FILE_NAME = 'restore-at-start.json';
const requestSchema = z.object({ fileName: z.string() });

export function stageRestore(dataDir: string, fileName: string): void {
  writeDurablyNow(join(dataDir, FILE_NAME), JSON.stringify({ fileName }));
}

export function withdrawStagedRestore(dataDir: string): void {
  rmSync(join(dataDir, FILE_NAME), { force: true });
}

/** Name of the backup; null where none is to be restored. */
export function findStagedRestore(dataDir: string): string | null {
  try {
    return requestSchema.parse(JSON.parse(readFileSync(join(dataDir, FILE_NAME), 'utf8'))).fileName;
  } catch {
    return null;
  }
}

/** For the owner of the data folder's lock. Tried once: what can't be restored must not keep the program from every later start. */
export async function applyStagedRestore(dataDir: string, nowMs: number): Promise<RestoreOutcome | null> {
  const fileName = findStagedRestore(dataDir);
  withdrawStagedRestore(dataDir);
  const backup = fileName === null ? undefined : listBackups(dataDir).find((candidate) => candidate.fileName === fileName);
  return backup ? restoreDatabase({ dataDir, source: backup.path, nowMs }) : null;
}
