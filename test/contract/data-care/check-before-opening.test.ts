// A database too large to be checked whole at the start: looked at for a bounded time, in a process beside the program.
import { rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { DataProcess } from '../../../src/main/programs/data-worker/data-process.js';
import { checkBeforeOpening } from '../../../src/main/domain/data-care/check-before-opening.js';
import { DataTools } from '../../../src/main/domain/data-care/data-tools.js';
import { CHECK_UP_TO_BYTES, DATABASE_FILE_NAME, openDatabase } from '../../../src/main/adapters/storage/open-database.js';
import { AppError } from '../../../src/shared/errors.js';
import { buildEntry } from '../../support/build-entry.js';
import { makeTemporaryFolder } from '../../support/storage-fixtures.js';

let worker: string;
let dataDir: string;
beforeAll(async () => {
  worker = await buildEntry('src/main/programs/data-worker/data-worker.ts');
});
beforeEach(() => {
  dataDir = makeTemporaryFolder();
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const path = (): string => join(dataDir, DATABASE_FILE_NAME);
const tools = (): DataTools => new DataTools({ dataDir, worker: new DataProcess(worker), nowMs: () => Date.now() });

it('finds damage in a large database', async () => {
  writeFileSync(path(), 'no database');
  truncateSync(path(), CHECK_UP_TO_BYTES + 4096);
  await expect(checkBeforeOpening(dataDir, tools(), 30_000)).rejects.toMatchObject({ code: 'database-damaged' });
});

it('lets a large database pass that is not checked within the time', async () => {
  writeFileSync(path(), 'no database');
  truncateSync(path(), CHECK_UP_TO_BYTES + 4096);
  const slow = ({ signal }: { signal: AbortSignal }): Promise<null> =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(new AppError('cancelled', 'Out of time'))));
  await checkBeforeOpening(dataDir, { quickCheck: slow }, 10);
});

it('leaves a small one to its opening', async () => {
  openDatabase({ dataDir, nowMs: 1 }).close();
  await checkBeforeOpening(dataDir, { quickCheck: () => Promise.reject(new Error('It was asked for nothing')) });
});
