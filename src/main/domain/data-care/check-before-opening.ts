// A look at a large database before the program opens it, within a bounded time whatever its size; small ones are checked by opening them.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { toErrorShape } from '../../../shared/errors.js';
import { CHECK_UP_TO_BYTES, DATABASE_FILE_NAME } from '../../adapters/storage/open-database.js';
import { databaseDamaged } from '../../adapters/storage/storage-errors.js';
import type { DataTools } from './data-tools.js';

/** What the check does not reach in this time is left to the daily one; half a second more may pass until its process is ended. */
const MAX_CHECK_MS = 1000;

/** Throws `database-damaged`. */
export async function checkBeforeOpening(dataDir: string, tools: Pick<DataTools, 'quickCheck'>, maxMs = MAX_CHECK_MS): Promise<void> {
  const sizeBytes = statSync(join(dataDir, DATABASE_FILE_NAME), { throwIfNoEntry: false })?.size ?? 0;
  if (sizeBytes <= CHECK_UP_TO_BYTES) return;
  let problem: string | null;
  try {
    problem = await tools.quickCheck({ signal: AbortSignal.timeout(maxMs), onProgress: () => undefined });
  } catch (thrown) {
    const { code, message } = toErrorShape(thrown);
    // Out of time, or no process to be had: the program's own opening says what is wrong, and the daily check looks at the rest.
    if (code !== 'database-damaged') return;
    problem = message;
  }
  if (problem !== null) throw databaseDamaged(dataDir, `is damaged (${problem})`);
}
