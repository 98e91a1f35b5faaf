// `data check`, `backup`, `backups` and `restore` of the built command line, over a folder that was damaged in every way at once.
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { imageFilePath, pictureFilePath } from '../../../src/main/adapters/images/image-paths.js';
import { ImageStore } from '../../../src/main/adapters/images/image-store.js';
import { lockInstance } from '../../../src/main/adapters/storage/instance-lock.js';
import { DATABASE_FILE_NAME } from '../../../src/main/adapters/storage/open-database.js';
import { openStorage } from '../../../src/main/adapters/storage/open-storage.js';
import type { BackupFile, DataCheckReport, RestoreOutcome } from '../../../src/shared/data-care.js';
import { makePng } from '../../support/make-picture.js';
import { runCli, runCliJson } from '../../support/cli.js';
import { buildResult, buildRun, buildTask, buildTestbed, makeTemporaryFolder } from '../../support/storage-fixtures.js';

const IMAGES = 12;
let dataDir: string;
let sha256s: string[];
beforeEach(async () => {
  dataDir = makeTemporaryFolder();
  sha256s = await fill();
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

/** A finished run of images of which each is another. */
async function fill(): Promise<string[]> {
  const storage = openStorage({ dataDir, nowMs: () => 1_000 });
  const store = new ImageStore({ dataDir, isReferenced: () => true });
  storage.testbeds.insertTestbed(buildTestbed());
  storage.runs.insertRun(
    buildRun({ state: 'succeeded', finishedAtMs: 2_000 }),
    Array.from({ length: IMAGES }, (_, ordinal) => buildTask(ordinal)),
  );
  const stored: string[] = [];
  for (let ordinal = 0; ordinal < IMAGES; ordinal++) {
    const background = `rgb(${ordinal}, 80, 120)`;
    const file = await store.storeImage(
      await sharp({ create: { width: 64, height: 64, channels: 3, background } })
        .png()
        .toBuffer(),
    );
    storage.runs.markSent('run-1', [{ taskId: `task-${ordinal}`, baseStationId: 'node-1', atMs: 1 }]);
    storage.runs.acceptResults([buildResult(`task-${ordinal}`, 1, { image: { ...file, isSimulated: true } })]);
    stored.push(file.sha256);
  }
  storage.close();
  return stored;
}

const cli = (...words: string[]): ReturnType<typeof runCli> => runCli([...words, '--data', dataDir]);
const imagePath = (index: number): string => imageFilePath(dataDir, sha256s[index] ?? '', 'image/png');
const databasePath = (): string => join(dataDir, DATABASE_FILE_NAME);

async function check(): Promise<{ status: number | null; report: DataCheckReport & { verdict: string } }> {
  const { status, document } = await runCliJson(['data', 'check', '--data', dataDir]);
  return { status, report: document as DataCheckReport & { verdict: string } };
}

function flipBit(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at] = (bytes[at] ?? 0) ^ 4;
  writeFileSync(path, bytes);
}

describe('data check', () => {
  it('finds a sound folder sound', async () => {
    const { status, report } = await check();
    expect(status).toBe(0);
    expect(report).toMatchObject({ verdict: 'sound', images: { checked: IMAGES, missing: 0, damaged: 0 }, orphans: { count: 0 } });
  });

  it('finds every image that was deleted, changed or emptied, and what belongs to nobody', async () => {
    rmSync(imagePath(0));
    rmSync(imagePath(1));
    flipBit(imagePath(2), 60);
    writeFileSync(imagePath(3), '');
    const orphan = imageFilePath(dataDir, 'f'.repeat(64), 'image/png').replace('/ff/', `/${(sha256s[5] ?? '').slice(0, 2)}/`);
    writeFileSync(orphan, 'no one knows me');
    utimesSync(orphan, 1, 1);
    const { status, report } = await check();
    expect(status).toBe(5);
    expect(report).toMatchObject({ verdict: 'images-damaged', images: { checked: IMAGES, missing: 2, damaged: 2 }, orphans: { count: 1 } });
    expect(new Map(report.images.list.map(({ sha256, state }) => [sha256, state]))).toEqual(
      new Map(sha256s.slice(0, 4).map((sha256, index) => [sha256, index < 2 ? 'missing' : 'damaged'])),
    );
    expect((await cli('data', 'check')).stdout).toContain('data remake');
  });

  it('finds rows that name what is not there', async () => {
    const connection = new BetterSqlite3(databasePath());
    connection.pragma('foreign_keys = OFF');
    connection.prepare('DELETE FROM images WHERE sha256 = ?').run(sha256s[0]);
    connection.close();
    const { status, report } = await check();
    expect(status).toBe(8);
    expect(report.foreignKeys).toMatchObject({ count: 1 });
  });

  it('reports a database that can not even be opened, instead of failing', async () => {
    writeFileSync(databasePath(), 'no database at all. '.repeat(1000));
    const { status, report } = await check();
    expect(status).toBe(8);
    expect(report.integrity.examples.join()).toContain('not a database');
    rmSync(databasePath());
    expect((await cli('data', 'check')).status).toBe(3);
  });
});

describe('input pictures', () => {
  const RED = makePng(64, 48, { shade: 0 });
  const BLUE = makePng(64, 48, { shade: 255 });
  const pathOf = (bytes: Buffer): string => pictureFilePath(dataDir, createHash('sha256').update(bytes).digest('hex'));
  let folder: string;
  beforeEach(async () => {
    folder = makeTemporaryFolder();
    mkdirSync(join(folder, 'train'));
    writeFileSync(join(folder, 'red.png'), RED);
    writeFileSync(join(folder, 'train', 'blue.png'), BLUE);
    writeFileSync(join(folder, 'metadata.csv'), 'file_name,caption\nred.png,a red boat\ntrain/blue.png,a blue boat\n');
    expect((await cli('dataset', 'import', folder, '--name', 'boats')).status).toBe(0);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const lose = (): void => {
    rmSync(pathOf(RED));
    flipBit(pathOf(BLUE), 40);
  };

  it('that are gone or changed are found, with their dataset and the remedy', async () => {
    expect((await check()).report).toMatchObject({ verdict: 'sound', pictures: { checked: 2, missing: 0, damaged: 0 } });
    lose();
    const { status, report } = await check();
    expect(status).toBe(5);
    expect(report).toMatchObject({ verdict: 'images-damaged', pictures: { missing: 1, damaged: 1 } });
    expect(report.pictures.list.map(({ detail }) => detail)).toEqual([
      expect.stringContaining('Of dataset “boats”.'),
      expect.stringContaining('Of dataset “boats”.'),
    ]);
    expect((await cli('data', 'check')).stdout).toMatch(/1 input pictures are missing.*1 input pictures are damaged[^]*data repair/);
  });

  it('are copied back from the folder that they were imported from, whatever they are called there now', async () => {
    lose();
    renameSync(join(folder, 'red.png'), join(folder, 'renamed.png'));
    const repaired = await cli('data', 'repair');
    expect([repaired.status, repaired.stdout]).toEqual([
      0,
      expect.stringContaining('2 of 2 input pictures are back as they were imported.'),
    ]);
    expect(readFileSync(pathOf(RED))).toEqual(RED);
    expect(readFileSync(pathOf(BLUE))).toEqual(BLUE);
    expect((await check()).status).toBe(0);
    expect((await cli('data', 'repair')).stdout).toContain('No input picture is damaged or missing');
  });

  it('that are in no folder any more stay lost, which is said, and come out of another one that is named', async () => {
    lose();
    const moved = `${folder}-moved`;
    renameSync(folder, moved);
    writeFileSync(join(moved, 'red.png'), 'another one now');
    const failed = await cli('data', 'repair');
    expect([failed.status, failed.stdout]).toEqual([
      5,
      expect.stringMatching(/0 of 2 input pictures[^]*is not there any more\. Name the folder/),
    ]);
    const half = await cli('data', 'repair', '--from', moved);
    expect([half.status, half.stdout]).toEqual([5, expect.stringContaining('1 of 2 input pictures are back')]);
    expect(readFileSync(pathOf(BLUE))).toEqual(BLUE);
    expect((await cli('data', 'repair', '--from', join(moved, 'nowhere'))).status).toBe(3);
    rmSync(moved, { recursive: true });
  });
});

describe('data backup and restore', () => {
  it('bring a database back that was cut to 0 bytes; before that the program refuses to start a new one', async () => {
    expect((await cli('data', 'backup')).status).toBe(0);
    truncateSync(databasePath(), 0);
    const refused = await cli('run', 'list');
    expect(refused.status).toBe(8);
    expect(refused.stderr).toContain('has 0 bytes');
    expect(refused.stderr).toContain('data restore latest');
    const { status, document } = await runCliJson(['data', 'restore', 'latest', '--data', dataDir]);
    expect(status).toBe(0);
    const outcome = document as RestoreOutcome;
    expect(outcome.runs).toBe(1);
    expect(readdirSync(outcome.keptAside ?? '')).toContain(DATABASE_FILE_NAME);
    expect((await check()).report.verdict).toBe('sound');
    expect((await cli('run', 'list')).stdout).toContain('Batch');
  });

  it('lists the backups under the names that restore takes', async () => {
    await cli('data', 'backup');
    const { document } = await runCliJson(['data', 'backups', '--data', dataDir]);
    const [backup] = document as BackupFile[];
    expect((await cli('data', 'restore', backup?.fileName ?? '')).status).toBe(0);
    expect((await cli('data', 'restore', 'no-such-backup')).status).toBe(3);
  });

  it('writes to a file of the user, never over one, and puts it back', async () => {
    const out = join(dataDir, 'mine.sqlite');
    expect((await cli('data', 'backup', '--out', out)).status).toBe(0);
    expect(statSync(out).mode & 0o777).toBe(0o600);
    expect((await cli('data', 'backup', '--out', out)).status).toBe(4);
    expect((await cli('data', 'restore', out)).status).toBe(0);
  });

  it('restores nothing while another program has the folder', async () => {
    await cli('data', 'backup');
    const before = readFileSync(databasePath());
    const lock = lockInstance(dataDir);
    expect((await cli('data', 'restore', 'latest')).status).toBe(4);
    lock.release();
    expect(readFileSync(databasePath()).equals(before)).toBe(true);
    expect(existsSync(join(dataDir, 'replaced'))).toBe(false);
  });
});
