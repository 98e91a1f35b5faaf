// Backups: whole, private, bounded, and able to come back.
import { existsSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backupFileName, backupsToDrop, listBackups, makeBackupsFolder } from '../../../src/main/adapters/storage/backup-files.js';
import { openForReading } from '../../../src/main/adapters/storage/inspect-database.js';
import { DATABASE_FILE_NAME, openDatabase } from '../../../src/main/adapters/storage/open-database.js';
import { restoreDatabase } from '../../../src/main/adapters/storage/restore-database.js';
import { RunRepository } from '../../../src/main/adapters/storage/run-repository.js';
import { TestbedRepository } from '../../../src/main/adapters/storage/testbed-repository.js';
import { copyDatabase } from '../../../src/main/adapters/storage/write-backup.js';
import type { BackupFile, BackupKind } from '../../../src/shared/data-care.js';
import { buildRun, buildTask, buildTestbed, makeTemporaryFolder } from '../../support/storage-fixtures.js';

const NOW_MS = Date.UTC(2026, 10, 27, 10, 15);
let dataDir: string;
beforeEach(() => {
  dataDir = makeTemporaryFolder();
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const databasePath = (): string => join(dataDir, DATABASE_FILE_NAME);

/** A database with a run of `count` tasks, the first of which is sent. */
function fill(count: number): void {
  const database = openDatabase({ dataDir, nowMs: 1 });
  new TestbedRepository(database).insertTestbed(buildTestbed());
  const runs = new RunRepository(database, () => NOW_MS);
  runs.insertRun(
    buildRun(),
    Array.from({ length: count }, (_, ordinal) => buildTask(ordinal, { prompt: `a dog number ${ordinal} `.repeat(20) })),
  );
  runs.markSent('run-1', [{ taskId: 'task-0', baseStationId: 'node-1', atMs: 1 }]);
  database.close();
}

async function backUp(path = join(makeBackupsFolder(dataDir), backupFileName('manual', NOW_MS))): Promise<string> {
  const source = openForReading(databasePath());
  try {
    await copyDatabase(source, path);
  } finally {
    source.close();
  }
  return path;
}

describe('copyDatabase', () => {
  it('copies one moment of a database that is written to all the while', async () => {
    fill(20_000);
    const writer = new BetterSqlite3(databasePath());
    const source = openForReading(databasePath());
    const path = join(makeBackupsFolder(dataDir), backupFileName('daily', NOW_MS));
    let steps = 0;
    await copyDatabase(source, path, {
      onProgress: () => {
        steps += 1;
        writer.prepare("UPDATE tasks SET prompt = prompt || '!' WHERE ordinal % 7 = ?").run(steps % 7);
      },
    });
    source.close();
    writer.close();
    expect(steps).toBeGreaterThan(1);
    const copy = openForReading(path);
    expect(copy.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(copy.prepare("SELECT count(*) AS n FROM tasks WHERE prompt LIKE '%!'").get()).toEqual({ n: 0 });
    copy.close();
  });

  it('leaves one file that no one else may read', async () => {
    fill(1);
    const path = await backUp();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(listBackups(dataDir)).toMatchObject([{ kind: 'manual', madeAtMs: NOW_MS, path }]);
    expect(existsSync(`${path}.part`) || existsSync(`${path}-wal`)).toBe(false);
  });

  it('leaves nothing when it is canceled', async () => {
    fill(20_000);
    const cancel = new AbortController();
    const source = openForReading(databasePath());
    const path = join(makeBackupsFolder(dataDir), backupFileName('daily', NOW_MS));
    const copying = copyDatabase(source, path, { signal: cancel.signal, onProgress: () => cancel.abort() });
    await expect(copying).rejects.toMatchObject({ code: 'cancelled' });
    source.close();
    expect(existsSync(path) || existsSync(`${path}.part`)).toBe(false);
  });
});

describe('the bound of the backups', () => {
  const make = (kind: BackupKind, age: number, sizeBytes = 1000): BackupFile => ({
    fileName: `${age}`,
    path: `/${age}`,
    kind,
    madeAtMs: NOW_MS - age,
    sizeBytes,
  });

  it('keeps seven daily ones and three from before migrations', () => {
    const backups = [...Array(9).keys()]
      .map((age) => make('daily', age))
      .concat([...Array(5).keys()].map((age) => make('before-migration', 20 + age)));
    expect(backupsToDrop(backups).map(({ fileName }) => fileName)).toEqual(['7', '8', '23', '24']);
  });

  it('drops the oldest of large ones, never the newest', () => {
    const backups = [...Array(4).keys()].map((age) => make('daily', age, age === 3 ? 40e9 : 2e9));
    expect(backupsToDrop(backups).map(({ fileName }) => fileName)).toEqual(['3']);
    expect(backupsToDrop([make('daily', 0, 900e9)])).toEqual([]);
  });
});

describe('restoreDatabase', () => {
  it('brings the backup back and keeps what was there aside', async () => {
    fill(3);
    const source = await backUp();
    writeFileSync(databasePath(), 'This was a database once.');
    const outcome = await restoreDatabase({ dataDir, source, nowMs: NOW_MS });
    expect(readFileSync(join(outcome.keptAside ?? '', DATABASE_FILE_NAME), 'utf8')).toBe('This was a database once.');
    const database = openDatabase({ dataDir, nowMs: 2 });
    expect(new RunRepository(database, () => NOW_MS).countTasks('run-1')).toMatchObject({ pending: 3, sent: 0 });
    database.close();
  });

  it('sends the tasks of an open run again under leases that no agent has seen, and says why the run is not valid', async () => {
    fill(3);
    await restoreDatabase({ dataDir, source: await backUp(), nowMs: NOW_MS });
    const database = openDatabase({ dataDir, nowMs: 2 });
    const runs = new RunRepository(database, () => NOW_MS);
    expect(runs.getRun('run-1')?.invalidReasons.join()).toContain('restored from the backup');
    const epoch = runs.markSent('run-1', [{ taskId: 'task-0', baseStationId: 'node-1', atMs: 1 }]).get('task-0') ?? 0;
    expect(epoch).toBeGreaterThan(1000);
    expect(database.prepare("SELECT count(*) AS n FROM attempts WHERE state = 'sent'").get({})).toEqual({ n: 1 });
    database.close();
  });

  it('refuses a damaged backup and leaves the database as it was', async () => {
    fill(2000);
    const source = await backUp();
    truncateSync(source, 4096 * 40);
    const before = readFileSync(databasePath());
    await expect(restoreDatabase({ dataDir, source, nowMs: NOW_MS })).rejects.toMatchObject({ code: 'database-damaged' });
    expect(readFileSync(databasePath()).equals(before)).toBe(true);
  });

  it('refuses a database of another program, a newer one, and none', async () => {
    fill(1);
    const other = join(dataDir, 'other.sqlite');
    const connection = new BetterSqlite3(other);
    connection.exec('CREATE TABLE notes (id INTEGER)');
    connection.close();
    await expect(restoreDatabase({ dataDir, source: other, nowMs: NOW_MS })).rejects.toMatchObject({ code: 'invalid-input' });
    const newer = await backUp();
    const raised = new BetterSqlite3(newer);
    raised.pragma('user_version = 900');
    raised.close();
    await expect(restoreDatabase({ dataDir, source: newer, nowMs: NOW_MS })).rejects.toMatchObject({ code: 'database-newer' });
    await expect(restoreDatabase({ dataDir, source: join(dataDir, 'none'), nowMs: NOW_MS })).rejects.toMatchObject({ code: 'not-found' });
  });
});
