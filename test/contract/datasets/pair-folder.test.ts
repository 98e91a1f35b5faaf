// Folders of pairs: what is found of their pictures, what is stored of them, and what is refused with a remedy.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PictureFiles } from '../../../src/main/adapters/images/picture-files.js';
import { pictureFilePath } from '../../../src/main/adapters/images/image-paths.js';
import { DatasetRepository } from '../../../src/main/adapters/storage/dataset-repository.js';
import { PictureRepository } from '../../../src/main/adapters/storage/picture-repository.js';
import { DatasetService } from '../../../src/main/domain/datasets/dataset-service.js';
import { DEFAULT_IMPORT_OPTIONS } from '../../../src/shared/dataset.js';
import { describePictures, isDoubtful } from '../../../src/shared/describe-dataset.js';
import { MAX_PICTURE_BYTES } from '../../../src/shared/service.js';
import { makePng } from '../../support/make-picture.js';
import { openTemporaryDatabase, type TemporaryDatabase } from '../../support/storage-fixtures.js';

let temporary: TemporaryDatabase;
let datasets: DatasetService;
let repository: DatasetRepository;
let folder: string;

beforeEach(async () => {
  temporary = openTemporaryDatabase();
  folder = await mkdtemp(join(tmpdir(), 'pairs-'));
  repository = new DatasetRepository(temporary.database);
  let number = 0;
  datasets = new DatasetService({
    datasets: repository,
    pictures: new PictureRepository(temporary.database),
    pictureFiles: new PictureFiles(temporary.dataDir),
    runs: { unfinishedRunsOf: () => [] },
    unfinishedSeriesOf: () => [],
    isInBin: () => false,
    sources: { samplePath: '', findUpload: () => expect.fail('no uploads here') },
    newId: () => `dataset-${++number}`,
    now: () => 1_000,
  });
});
afterEach(async () => {
  temporary.dispose();
  await rm(folder, { recursive: true, force: true });
});

const put = (name: string, bytes: string | Buffer): Promise<void> => writeFile(join(folder, name), bytes);
const source = () => ({ kind: 'folder', path: folder }) as const;
const preview = () => datasets.preview(source(), DEFAULT_IMPORT_OPTIONS);
const lines = (...rows: [fileName: string, prompt: string][]): string =>
  rows.map(([file_name, prompt]) => `${JSON.stringify({ file_name, prompt })}\n`).join('');

async function storedPictures(): Promise<string[]> {
  const root = join(temporary.dataDir, 'pictures');
  if (!existsSync(root)) return [];
  return (await readdir(root, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map(({ name }) => name);
}

describe('a folder of pairs', () => {
  it('is imported again over a picture that was damaged here, which mends it', async () => {
    const red = makePng(64, 48, { shade: 0 });
    await put('red.png', red);
    await put('metadata.csv', 'file_name,caption\nred.png,a red boat\n');
    await datasets.import({ source: source() });
    const [name = ''] = await storedPictures();
    const path = pictureFilePath(temporary.dataDir, name);
    await writeFile(path, Buffer.alloc(red.length));
    await datasets.import({ source: source() });
    expect(await readFile(path)).toEqual(red);
  });

  it('is imported with its pictures, equal ones once, under the hash of their bytes', async () => {
    await mkdir(join(folder, 'train'));
    const [red, blue] = [makePng(64, 48, { shade: 0 }), makePng(64, 48, { shade: 255 })];
    await Promise.all([put('red.png', red), put('again.png', red), put('train/blue.png', blue)]);
    await put('metadata.csv', 'file_name,caption\nred.png,a red boat\nagain.png,"a boat, red"\ntrain/blue.png,a blue boat\n');
    const seen = await preview();
    expect(seen.counts).toMatchObject({ lines: 3, kept: 3, withoutPicture: 0 });
    expect(seen.pictures).toEqual({ found: 2, bytes: red.length + blue.length, problems: {}, examples: [] });
    expect(await storedPictures()).toEqual([]);

    const dataset = await datasets.import({ source: source(), sha256: seen.sha256 });
    expect(dataset).toMatchObject({ name: folder.split('/').at(-1), promptCount: 3, pictureCount: 2 });
    const prompts = repository.listPrompts(dataset.id);
    expect(prompts.map(({ text, picture }) => [text, picture?.sizeBytes])).toEqual([
      ['a red boat', red.length],
      ['a boat, red', red.length],
      ['a blue boat', blue.length],
    ]);
    const hashes = [...new Set(prompts.map(({ picture }) => picture?.sha256 ?? ''))];
    expect((await storedPictures()).sort()).toEqual([...hashes].sort());
    expect(existsSync(pictureFilePath(temporary.dataDir, hashes[0] ?? ''))).toBe(true);

    await datasets.remove(dataset.id);
    expect(await storedPictures()).toEqual([]);
  });

  it('says which pictures can not be used and why, and leaves their captions out', async () => {
    await put('good.png', makePng(64, 48));
    await put('cut.png', makePng(64, 48).subarray(0, 60));
    await put('drawing.svg', '<svg/>');
    await put('large.png', Buffer.alloc(MAX_PICTURE_BYTES + 1));
    await put('wide.png', makePng(8_000, 8_000, { withPixels: false }));
    const outside = join(temporary.dataDir, 'outside.png');
    await writeFile(outside, makePng(64, 48));
    await symlink(outside, join(folder, 'link.png'));
    const names = ['good.png', 'gone.png', 'cut.png', 'drawing.svg', 'large.png', 'wide.png', 'link.png', '../outside.png', outside];
    await put('metadata.jsonl', lines(...names.map((name, index): [string, string] => [name, `a boat number ${index}`])));
    const seen = await preview();
    expect(seen.counts).toMatchObject({ lines: 9, kept: 1, withoutPicture: 8 });
    expect(seen.pictures?.problems).toEqual({ missing: 1, 'not-a-picture': 2, 'too-large': 2, outside: 3 });
    expect(seen.sample.map(({ text }) => text)).toEqual(['a boat number 0']);
    expect(isDoubtful(seen)).toBe(true);
    expect(describePictures(seen.pictures)).toContain('8 files can’t be used: “gone.png” is not there');
    expect(await datasets.import({ source: source() })).toMatchObject({ promptCount: 1, pictureCount: 1 });
  });

  it('is refused without metadata, without a sound picture, and where it is none', async () => {
    await expect(preview()).rejects.toMatchObject({ code: 'dataset-invalid', hint: expect.stringContaining('file_name') as string });
    await put('metadata.jsonl', lines(['gone.png', 'a boat'], ['gone.png', 'another boat']));
    await expect(datasets.import({ source: source() })).rejects.toMatchObject({
      code: 'dataset-invalid',
      message: expect.stringContaining('“gone.png”, is not there') as string,
    });
    expect(datasets.list()).toEqual([]);
    await expect(datasets.preview({ kind: 'folder', path: join(folder, 'none') }, DEFAULT_IMPORT_OPTIONS)).rejects.toMatchObject({
      code: 'not-found',
    });
    const file = { kind: 'folder', path: join(folder, 'metadata.jsonl') } as const;
    await expect(datasets.preview(file, DEFAULT_IMPORT_OPTIONS)).rejects.toMatchObject({ code: 'invalid-input' });
  });

  it('keeps the pictures that a run still needs when its dataset is removed', async () => {
    await put('red.png', makePng(64, 48));
    await put('metadata.jsonl', lines(['red.png', 'a red boat']));
    const dataset = await datasets.import({ source: source() });
    const sha256 = repository.listPrompts(dataset.id)[0]?.picture?.sha256 ?? '';
    const run = `INSERT INTO runs (id, name, spec_json, spec_sha256, testbed_id, testbed_name, dataset_id, dataset_name, state, time_scale,
      is_simulated, program_version, created_at_ms) VALUES ('r', 'r', '{}', '${'0'.repeat(64)}', 't', 't', 'd', 'd', 'succeeded', 1, 1, '1', 1)`;
    temporary.database.prepare(run).run({});
    const task = `INSERT INTO tasks (id, run_id, ordinal, prompt_id, prompt, seed, quality_steps, arrival_ms, base_station_id, picture_sha256)
      VALUES ('k', 'r', 0, 1, 'p', 1, 10, 0, 'n', '${sha256}')`;
    temporary.database.prepare(task).run({});
    await datasets.remove(dataset.id);
    await datasets.sweepPictures();
    expect(await storedPictures()).toEqual([sha256]);
  });
});
