// The API's promise about imports: a preview stores nothing, an import stores what the preview showed or refuses.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { PictureFiles } from '../../../src/main/adapters/images/picture-files.js';
import { PictureRepository } from '../../../src/main/adapters/storage/picture-repository.js';
import { createApiCaller } from '../../../src/main/api/router.js';
import type { Services } from '../../../src/main/api/services.js';
import { DatasetRepository } from '../../../src/main/adapters/storage/dataset-repository.js';
import { RunRepository } from '../../../src/main/adapters/storage/run-repository.js';
import { DatasetService } from '../../../src/main/domain/datasets/dataset-service.js';
import { openTemporaryDatabase, type TemporaryDatabase } from '../../support/storage-fixtures.js';

const COLUMNS = 'file_name,caption_0,caption_1\n1.jpg,A tram in rain,An old tram\n2.jpg,A kite,A red kite\n';

let temporary: TemporaryDatabase;
let repository: DatasetRepository;
let api: ReturnType<typeof createApiCaller>;
let path: string;

beforeEach(() => {
  temporary = openTemporaryDatabase();
  repository = new DatasetRepository(temporary.database);
  const datasets = new DatasetService({
    datasets: repository,
    pictures: new PictureRepository(temporary.database),
    pictureFiles: new PictureFiles(temporary.dataDir),
    runs: new RunRepository(temporary.database, () => 1),
    unfinishedSeriesOf: () => [],
    isInBin: () => false,
    sources: {
      samplePath: '',
      findUpload: () => {
        throw new Error('no uploads here');
      },
    },
    newId: () => `dataset-${repository.names().length + 1}`,
    now: () => 1,
  });
  api = createApiCaller({ services: { datasets } as Services });
  path = join(temporary.dataDir, 'metadata.csv');
  writeFileSync(path, COLUMNS);
});
afterEach(() => temporary.dispose());

const source = () => ({ kind: 'path' as const, path });

it('previews columns, captions and doubts, and stores nothing', async () => {
  const preview = await api.datasets.preview({ source: source() });
  expect(preview).toMatchObject({
    format: 'huggingface-metadata',
    delimiter: 'comma',
    columns: [
      { name: 'file_name', example: '1.jpg', isCaption: false },
      { name: 'caption_0', isCaption: true },
      { name: 'caption_1', isCaption: true },
    ],
    counts: { lines: 4, kept: 4 },
    doubts: {},
  });
  expect(preview.sample[0]).toEqual({ text: 'A tram in rain', imageName: '1.jpg', doubt: null });
  expect(repository.names()).toEqual([]);
});

it('imports what the preview showed, and keeps how it was read', async () => {
  const options = { columns: ['caption_1'], delimiter: 'comma' as const };
  const { sha256 } = await api.datasets.preview({ source: source(), options });
  const dataset = await api.datasets.import({ source: source(), options, sha256 });
  expect(dataset).toMatchObject({ name: 'metadata', sha256, promptCount: 2, options });
  const { items } = await api.datasets.prompts({ datasetId: dataset.id });
  expect(items.map(({ text, imageName, ordinal }) => [ordinal, text, imageName])).toEqual([
    [0, 'An old tram', '1.jpg'],
    [1, 'A red kite', '2.jpg'],
  ]);
});

it('refuses a file that has changed since the preview, and keeps nothing of it', async () => {
  const { sha256 } = await api.datasets.preview({ source: source() });
  writeFileSync(path, COLUMNS.replace('tram', 'bus'));
  await expect(api.datasets.import({ source: source(), sha256 })).rejects.toThrow('has changed since it was looked at');
  expect(repository.names()).toEqual([]);
});

it('keeps nothing of a file that turns out to be broken after many captions', async () => {
  const captions = Array.from({ length: 20_000 }, (_, id) => ({ id, caption: `A tram with number ${id} in the rain` }));
  writeFileSync(path, JSON.stringify({ annotations: captions }).slice(0, -20));
  await expect(api.datasets.import({ source: source() })).rejects.toThrow('ends in the middle');
  expect(repository.names()).toEqual([]);
  expect(repository.listPrompts('dataset-1')).toEqual([]);
});

it('lets others have their turn while it imports, who do not see the dataset before it is whole', async () => {
  writeFileSync(path, Array.from({ length: 30_000 }, (_, index) => `A tram with number ${index} in the rain\n`).join(''));
  let turns = 0;
  const seen: number[] = [];
  const timer = setInterval(() => {
    turns++;
    seen.push(repository.list().length);
  }, 0);
  const dataset = await api.datasets.import({ source: source() });
  clearInterval(timer);
  expect(turns).toBeGreaterThan(5);
  expect(new Set(seen)).toEqual(new Set([0]));
  expect(repository.list()).toEqual([dataset]);
  expect(repository.listPrompts(dataset.id).length).toBe(30_000);
});

it('forgets at the next start what an import left that ended with its program', async () => {
  await api.datasets.import({ source: source() });
  repository.startImport({
    id: 'part',
    name: 'Part',
    sourceName: 'x',
    options: { keepOneLetter: false, keepRepeated: true },
    createdAtMs: 1,
  });
  repository.append('part', 0, [{ text: 'A tram', imageName: null }]);
  expect(repository.list().map(({ name }) => name)).toEqual(['metadata']);
  repository.deleteIncomplete();
  expect(repository.names()).toEqual(['metadata']);
  expect(repository.listPrompts('part')).toEqual([]);
});
