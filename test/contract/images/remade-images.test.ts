// Images made again with other bytes: kept beside the lost one, found by its name, gone with its run.
import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ImageRepository } from '../../../src/main/adapters/storage/image-repository.js';
import { ALL_MIGRATIONS } from '../../../src/main/adapters/storage/migrations/all-migrations.js';
import { remadeImagesMigration } from '../../../src/main/adapters/storage/migrations/0012-remade-images.js';
import { openDatabase } from '../../../src/main/adapters/storage/open-database.js';
import { RunRepository } from '../../../src/main/adapters/storage/run-repository.js';
import { buildResult, buildRun, buildTask, fakeSha256, makeTemporaryFolder } from '../../support/storage-fixtures.js';

const LOST = fakeSha256(1);
const REMADE = fakeSha256(2);

let dataDir: string;
beforeEach(() => {
  dataDir = makeTemporaryFolder();
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

function openWithRun(): { images: ImageRepository; runs: RunRepository; close(): void } {
  const database = openDatabase({ dataDir, nowMs: 1 });
  const runs = new RunRepository(database, () => 5000);
  runs.insertRun(buildRun({ state: 'succeeded' }), [buildTask(0)]);
  runs.markSent('run-1', [{ taskId: 'task-0', baseStationId: 'node-1', atMs: 1 }]);
  runs.acceptResults([buildResult('task-0', 1)]);
  const images = new ImageRepository(database);
  images.saveRemade({ originalSha256: LOST, sha256: REMADE, sizeBytes: 7, mediaType: 'image/png', nodeName: 'ES 2', madeAtMs: 8.5 });
  return { images, runs, close: () => database.close() };
}

describe('an image made again', () => {
  it('is on record under its own name and found by that of the lost one', () => {
    const { images, runs, close } = openWithRun();
    expect(images.findRemade(LOST)).toEqual({ sha256: REMADE, nodeName: 'ES 2', madeAtMs: 9 });
    expect(images.find(REMADE)).toMatchObject({ sizeBytes: 7 });
    expect(images.isReferenced(REMADE)).toBe(true);
    // The task's own image, and with it every figure, stays what it was.
    expect(runs.listTasks('run-1')).toMatchObject([{ imageSha256: LOST, state: 'succeeded' }]);
    expect(images.howMade(LOST)).toMatchObject({ taskId: 'task-0', nodeId: 'node-1', seed: 0 });
    close();
  });

  it('is forgotten when the lost one is back', () => {
    const { images, close } = openWithRun();
    images.forgetRemade(LOST);
    expect(images.findRemade(LOST)).toBeNull();
    expect(images.isReferenced(REMADE)).toBe(false);
    close();
  });

  it('goes with its run', () => {
    const { images, runs, close } = openWithRun();
    expect(runs.deleteRun('run-1').orphanedImages).toEqual([LOST, REMADE]);
    expect(images.isReferenced(REMADE)).toBe(false);
    close();
  });

  it('has its table in a database of the version before, whose images stay', () => {
    const { version } = remadeImagesMigration;
    openDatabase({ dataDir, nowMs: 1, migrations: ALL_MIGRATIONS.filter((migration) => migration.version < version) }).close();
    const database = openDatabase({ dataDir, nowMs: 2 });
    expect(new ImageRepository(database).findRemade(LOST)).toBeNull();
    database.close();
  });
});
