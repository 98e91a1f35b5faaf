// A power cut leaves of the write-ahead log at least what was flushed, and any number of bytes after it. Whatever those are, every result
// that was accepted when the power went is there. The flushes are seen at the system's border, not taken from a setting.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DATABASE_FILE_NAME } from '../../../src/main/adapters/storage/open-database.js';
import { createRandom } from '../../../src/random/random.js';
import { buildEntry } from '../../support/build-entry.js';
import { makeTemporaryFolder } from '../../support/storage-fixtures.js';
import { buildSyncLog, NO_SYNC_LOG } from '../../support/sync-log.js';

const TASKS = 60;
const CUTS = 240;
const SEED = 20261127;
/** Header of the log, and of each frame before its page. */
const LOG_HEADER_BYTES = 32;
const FRAME_BYTES = 24 + 4096;

let folder: string;
let program: string;
let shim: string | null;
beforeAll(async () => {
  folder = makeTemporaryFolder();
  shim = buildSyncLog(folder);
  program = await buildEntry('test/support/commit-tasks.ts');
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
});

interface Recording {
  databasePath: string;
  logBytes: number;
  /** For each accepted task how much of the log was flushed when it was told of. */
  accepted: { taskId: string; flushedBytes: number }[];
}

function record(synchronous: 'full' | 'normal', preload: string): Recording {
  const dataDir = join(folder, synchronous);
  mkdirSync(dataDir);
  const log = join(folder, `${synchronous}.log`);
  spawnSync(process.execPath, [program, dataDir, String(TASKS), synchronous], {
    env: { ...process.env, LD_PRELOAD: preload, SYNC_LOG: log },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  let flushedBytes = 0;
  const accepted: Recording['accepted'] = [];
  for (const line of readFileSync(log, 'utf8').split('\n')) {
    const synced = /^synced (\d+) .*-wal$/.exec(line)?.[1];
    if (synced !== undefined) flushedBytes = Number(synced);
    const taskId = /^accepted (.+)$/.exec(line)?.[1];
    if (taskId !== undefined) accepted.push({ taskId, flushedBytes });
  }
  const databasePath = join(dataDir, DATABASE_FILE_NAME);
  return { databasePath, logBytes: readFileSync(`${databasePath}-wal`).length, accepted };
}

/** What is wrong after a cut at this byte: accepted tasks that are gone, and what SQLite finds. */
function cut({ databasePath, accepted }: Recording, atBytes: number): string[] {
  const path = join(folder, 'cut.sqlite');
  for (const ending of ['', '-wal']) copyFileSync(`${databasePath}${ending}`, `${path}${ending}`);
  rmSync(`${path}-shm`, { force: true });
  truncateSync(`${path}-wal`, atBytes);
  const connection = new BetterSqlite3(path);
  try {
    const rows = connection.prepare("SELECT id FROM tasks WHERE state = 'succeeded'").pluck().all();
    const present = new Set(rows);
    const gone = accepted.filter(({ taskId, flushedBytes }) => flushedBytes <= atBytes && !present.has(taskId));
    const integrity = String(connection.pragma('integrity_check', { simple: true }));
    return [...gone.map(({ taskId }) => `${taskId} is gone`), ...(integrity === 'ok' ? [] : [integrity])];
  } catch (thrown) {
    return [String(thrown)];
  } finally {
    connection.close();
  }
}

/** From what the first accepted task had flushed to the end: frame borders, a byte before and after them, and anywhere. */
function cutsOf({ logBytes, accepted }: Recording): number[] {
  const random = createRandom(SEED);
  const first = accepted[0]?.flushedBytes ?? 0;
  const borders = Array.from(
    { length: Math.floor((logBytes - LOG_HEADER_BYTES) / FRAME_BYTES) },
    (_, n) => LOG_HEADER_BYTES + (n + 1) * FRAME_BYTES,
  );
  const inReach = borders.filter((border) => border >= first && border < logBytes);
  return Array.from({ length: CUTS }, (_, n) => {
    const border = inReach[random.nextInt(0, inReach.length - 1)] ?? logBytes;
    return [border, border - 1, border + 1, random.nextInt(first, logBytes)][n % 4] ?? logBytes;
  });
}

it('has every accepted task after a power cut at any byte of what was not flushed', async ({ annotate }) => {
  if (!shim) return void (await annotate(NO_SYNC_LOG));
  const recording = record('full', shim);
  expect(recording.accepted).toHaveLength(TASKS);
  // Every result waits for a flush of its own.
  expect(new Set(recording.accepted.map(({ flushedBytes }) => flushedBytes)).size).toBe(TASKS);
  const failures = cutsOf(recording).flatMap((atBytes) =>
    cut(recording, atBytes).map((what) => `cut at ${atBytes} (seed ${SEED}): ${what}`),
  );
  expect(failures).toEqual([]);
});

it('would find tasks lost by a database that flushes less often', async ({ annotate }) => {
  if (!shim) return void (await annotate(NO_SYNC_LOG));
  const recording = record('normal', shim);
  const flushedBytes = recording.accepted.at(-1)?.flushedBytes ?? 0;
  expect(cut(recording, flushedBytes)).not.toEqual([]);
});
