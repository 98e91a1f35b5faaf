// Single bits of a database file that changed on the disk: what SQLite can find is found when the program starts.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DATABASE_FILE_NAME, openDatabase } from '../../../src/main/adapters/storage/open-database.js';
import { RunRepository } from '../../../src/main/adapters/storage/run-repository.js';
import { TestbedRepository } from '../../../src/main/adapters/storage/testbed-repository.js';
import { createRandom } from '../../../src/random/random.js';
import { AppError } from '../../../src/shared/errors.js';
import { buildRun, buildTask, buildTestbed, makeTemporaryFolder } from '../../support/storage-fixtures.js';

const FLIPS = 60;
const SEED = 14;

let dataDir: string;
beforeEach(() => {
  dataDir = makeTemporaryFolder();
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

function isSoundBySqlite(path: string): boolean {
  try {
    const connection = new BetterSqlite3(path);
    try {
      return (
        connection.pragma('integrity_check(1)', { simple: true }) === 'ok' &&
        Number(connection.pragma('user_version', { simple: true })) > 0
      );
    } finally {
      connection.close();
    }
  } catch {
    return false;
  }
}

function openRefuses(): boolean {
  try {
    openDatabase({ dataDir, nowMs: 2 }).close();
    return false;
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    return true;
  }
}

it('refuses at the start every flipped bit that SQLite can find, and never by an internal error', () => {
  const database = openDatabase({ dataDir, nowMs: 1 });
  new TestbedRepository(database).insertTestbed(buildTestbed());
  new RunRepository(database, () => 1).insertRun(
    buildRun(),
    Array.from({ length: 2000 }, (_, ordinal) => buildTask(ordinal)),
  );
  database.close();
  const path = join(dataDir, DATABASE_FILE_NAME);
  const sound = readFileSync(path);
  const random = createRandom(SEED);
  const copy = join(dataDir, 'reference.sqlite');
  let found = 0;
  for (let flip = 0; flip < FLIPS; flip++) {
    const damaged = Buffer.from(sound);
    // A third of them in the header and the schema, where few bits mean much.
    const at = random.nextInt(0, flip % 3 === 0 ? 4095 : sound.length - 1);
    damaged[at] = (damaged[at] ?? 0) ^ (1 << random.nextInt(0, 7));
    writeFileSync(copy, damaged);
    writeFileSync(path, damaged);
    const isFound = openRefuses();
    if (isFound) found += 1;
    if (!isSoundBySqlite(copy)) expect(isFound, `bit of byte ${at} (seed ${SEED})`).toBe(true);
  }
  expect(found).toBeGreaterThan(5);
});
