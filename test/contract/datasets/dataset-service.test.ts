import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PictureFiles } from '../../../src/main/adapters/images/picture-files.js';
import { PictureRepository } from '../../../src/main/adapters/storage/picture-repository.js';
import { DatasetService } from '../../../src/main/domain/datasets/dataset-service.js';
import { UploadService } from '../../../src/main/domain/datasets/upload-service.js';
import { DatasetRepository } from '../../../src/main/adapters/storage/dataset-repository.js';
import { RunRepository } from '../../../src/main/adapters/storage/run-repository.js';
import { buildRun, buildSpec, openTemporaryDatabase, type TemporaryDatabase } from '../../support/storage-fixtures.js';

const SAMPLE = join(import.meta.dirname, '../../../resources/prompts/sample-prompts.txt');
/** Real captions for trials; not part of the project, so they may be missing. */
const FLICKR8K = join(import.meta.dirname, '../../../../shared/data/Flickr8k_text.txt');

let temporary: TemporaryDatabase;
let uploads: UploadService;
let datasets: DatasetService;
let runs: RunRepository;
let nowMs = 1_000;
let waitingSeries: string[] = [];

beforeEach(() => {
  temporary = openTemporaryDatabase();
  nowMs = 1_000;
  waitingSeries = [];
  uploads = new UploadService(temporary.dataDir, () => nowMs);
  runs = new RunRepository(temporary.database, () => nowMs);
  let number = 0;
  datasets = new DatasetService({
    datasets: new DatasetRepository(temporary.database),
    pictures: new PictureRepository(temporary.database),
    pictureFiles: new PictureFiles(temporary.dataDir),
    runs,
    unfinishedSeriesOf: () => waitingSeries,
    isInBin: () => false,
    sources: { samplePath: SAMPLE, findUpload: (id) => uploads.find(id) },
    newId: () => `dataset-${++number}`,
    now: () => nowMs,
  });
});
afterEach(() => temporary.dispose());

function streamOf(...chunks: (string | Uint8Array)[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk);
      controller.close();
    },
  });
}

function writeCaptions(name: string, text: string): string {
  const path = join(temporary.dataDir, name);
  writeFileSync(path, text);
  return path;
}

describe('datasets', () => {
  it('ships about 200 different sample prompts', async () => {
    const { counts } = await datasets.preview({ kind: 'sample' }, { keepOneLetter: false, keepRepeated: false });
    expect(counts.kept).toBeGreaterThanOrEqual(200);
    expect(counts).toMatchObject({ blank: 0, oneLetter: 0, repeated: 0, malformed: 0 });
  });

  it('imports a file and pages through its prompts', async () => {
    const path = writeCaptions('dogs.txt', 'A dog\nA cat\nTwo dogs\n');
    const dataset = await datasets.import({ source: { kind: 'path', path } });
    expect(datasets.get(dataset.id)).toEqual(dataset);
    expect(dataset).toMatchObject({ name: 'dogs', sourceName: 'dogs.txt', promptCount: 3 });
    expect(datasets.prompts({ datasetId: dataset.id, search: 'dog', offset: 1, limit: 5 })).toMatchObject({
      total: 2,
      items: [{ text: 'Two dogs' }],
    });
  });

  it('gives a second dataset of the same name a number', async () => {
    await datasets.import({ source: { kind: 'sample' }, name: 'Sample' });
    expect((await datasets.import({ source: { kind: 'sample' }, name: 'Sample' })).name).toBe('Sample (2)');
    const longest = 'n'.repeat(80);
    expect((await datasets.import({ source: { kind: 'sample' }, name: longest })).name).toBe(longest);
    expect((await datasets.import({ source: { kind: 'sample' }, name: longest })).name).toBe(`${'n'.repeat(75)} (2)`);
  });

  it('names the path that is not there', async () => {
    const path = join(temporary.dataDir, 'missing.txt');
    await expect(datasets.preview({ kind: 'path', path }, { keepOneLetter: false, keepRepeated: true })).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining(path) as string,
    });
  });

  it('refuses a folder', async () => {
    const path = join(temporary.dataDir, 'folder');
    mkdirSync(path);
    await expect(datasets.import({ source: { kind: 'path', path } })).rejects.toMatchObject({ code: 'dataset-invalid' });
  });

  it.runIf(process.platform !== 'win32')('refuses a named pipe instead of waiting for it', async () => {
    const path = join(temporary.dataDir, 'pipe');
    execFileSync('mkfifo', [path]);
    await expect(datasets.import({ source: { kind: 'path', path } })).rejects.toMatchObject({ code: 'dataset-invalid' });
  });

  it('keeps a dataset that a run in progress uses', async () => {
    const dataset = await datasets.import({ source: { kind: 'sample' } });
    runs.insertRun(buildRun({ spec: buildSpec({ datasetId: dataset.id }) }), []);
    expect(() => datasets.requireRemovable(dataset.id)).toThrow(expect.objectContaining({ code: 'conflict' }));
    await expect(datasets.remove(dataset.id)).rejects.toMatchObject({ code: 'conflict' });
    runs.updateRun('run-1', { state: 'succeeded' });
    await datasets.remove(dataset.id);
    expect(datasets.list()).toEqual([]);
  });

  it('keeps a dataset that a series has runs to start with', async () => {
    const dataset = await datasets.import({ source: { kind: 'sample' } });
    waitingSeries = ['Night'];
    await expect(datasets.remove(dataset.id)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('“Night”') as string,
    });
    waitingSeries = [];
    await datasets.remove(dataset.id);
    expect(datasets.list()).toEqual([]);
  });

  it('imports the 40,460 captions of Flickr8k', async (context) => {
    if (!existsSync(FLICKR8K)) context.skip(`not run: ${FLICKR8K} is not there`);
    const dataset = await datasets.import({
      source: { kind: 'path', path: FLICKR8K },
      options: { keepOneLetter: true, keepRepeated: true },
    });
    expect(dataset.counts).toMatchObject({ lines: 40_460, malformed: 0 });
    expect(dataset.promptCount + dataset.counts.blank).toBe(40_460);
  });
});

describe('uploads', () => {
  it('imports an upload under the name the user gave the file', async () => {
    const { uploadId } = await uploads.receive(streamOf('A dog\n', 'A cat\n'), '..\\..\\etc/pets.csv');
    const dataset = await datasets.import({ source: { kind: 'upload', uploadId } });
    expect(dataset).toMatchObject({ sourceName: 'pets.csv', name: 'pets', promptCount: 2 });
  });

  it('receives several uploads at once', async () => {
    const received = await Promise.all(['A dog\n', 'A cat\n', 'A fox\n'].map((text) => uploads.receive(streamOf(text), 'a.txt')));
    const names = await Promise.all(received.map(({ uploadId }) => datasets.import({ source: { kind: 'upload', uploadId } })));
    expect(names.map((dataset) => dataset.promptCount)).toEqual([1, 1, 1]);
  });

  it('finds only what was uploaded', async () => {
    const source = { kind: 'upload', uploadId: '../dedgeai.sqlite' } as const;
    await expect(datasets.import({ source })).rejects.toMatchObject({ code: 'not-found' });
  });

  it('forgets an upload after an hour', async () => {
    const { uploadId } = await uploads.receive(streamOf('A dog\n'), 'a.txt');
    nowMs += 60 * 60 * 1000 + 1;
    expect(() => uploads.find(uploadId)).toThrow(expect.objectContaining({ code: 'not-found' }));
    await uploads.receive(streamOf('A cat\n'), 'b.txt');
    expect(readdirSync(join(temporary.dataDir, 'uploads'))).toHaveLength(1);
  });

  it('stops at the largest size and leaves nothing behind', async () => {
    uploads = new UploadService(temporary.dataDir, () => nowMs, 1024 * 1024);
    const chunk = new Uint8Array(300 * 1024).fill(65);
    await expect(uploads.receive(streamOf(chunk, chunk, chunk, chunk, chunk), 'large.txt')).rejects.toMatchObject({
      code: 'dataset-invalid',
    });
    expect(readdirSync(join(temporary.dataDir, 'uploads'))).toEqual([]);
  });
});
