// Which images a query finds: all and only those whose prompts have its words, over a real database.
import BetterSqlite3 from 'better-sqlite3';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GalleryRepository } from '../../../src/main/adapters/storage/gallery-repository.js';
import { ALL_MIGRATIONS } from '../../../src/main/adapters/storage/migrations/all-migrations.js';
import { DATABASE_FILE_NAME, openDatabase } from '../../../src/main/adapters/storage/open-database.js';
import { RunRepository } from '../../../src/main/adapters/storage/run-repository.js';
import { askGallery } from '../../support/gallery-fixtures.js';
import {
  buildResult,
  buildRun,
  buildSpec,
  buildTask,
  fakeSha256,
  openTemporaryDatabase,
  type TemporaryDatabase,
} from '../../support/storage-fixtures.js';

const PROMPTS = [
  'A dog catches a frisbee',
  'Two dogs and a Frisbee',
  'The frisbee, and the DOG!',
  'A doghouse beside a frisbee',
  'Frisbee without the animal',
  'A café in the snow',
  'A hot-dog stand; no frisbees',
  'DROP TABLE runs; -- "quoted" 100% a_b',
  'A dog catches a frisbee',
] as const;

let temporary: TemporaryDatabase;
let runs: RunRepository;
let clock: number;
beforeEach(() => {
  temporary = openTemporaryDatabase();
  clock = 100;
  runs = new RunRepository(temporary.database, () => clock++);
});
afterEach(() => temporary.dispose());

function addRun(id: string, prompts: readonly string[], change: object = {}): void {
  const spec = buildSpec({ name: id, taskCount: prompts.length });
  const tasks = prompts.map((prompt, ordinal) => buildTask(ordinal, { id: `${id}-${ordinal}`, prompt, ...change }));
  runs.insertRun(buildRun({ id, spec }), tasks);
  const epochs = runs.markSent(
    id,
    tasks.map((task) => ({ taskId: task.id, baseStationId: 'node-1', atMs: 1 })),
  );
  runs.acceptResults(
    tasks.map((task, ordinal) => {
      const result = buildResult(task.id, epochs.get(task.id) ?? 0);
      return {
        ...result,
        image: { ...result.image, sha256: fakeSha256(ordinal + 1) },
        delays: { ...result.delays, serviceMs: 10_000 * (ordinal + 1) },
      };
    }),
  );
}

const found = (query: string, change: Parameters<typeof askGallery>[2] = {}): string[] =>
  askGallery(new GalleryRepository(temporary.database), query, { sort: 'task', ...change }).map(({ taskId }) => taskId);

/** What the query has to find, told by a reader that knows no index: words of letters and digits, in small letters, without accents. */
function oracle(words: readonly string[]): string[] {
  const wordsOf = (text: string): string[] =>
    text
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u);
  return PROMPTS.flatMap((prompt, ordinal) => (words.every((word) => wordsOf(prompt).includes(word)) ? [`run-1-${ordinal}`] : []));
}

describe('a search by words', () => {
  beforeEach(() => addRun('run-1', PROMPTS));

  it.each([['dog frisbee'], ['frisbee dog'], ['frisbee'], ['cafe'], ['DOG'], ['a snow'], ['zebra'], ['runs table']])(
    'finds all and only the images whose prompts have every word of “%s”',
    (query) => {
      expect(found(query)).toEqual(oracle(query.toLowerCase().split(' ')));
    },
  );

  it('takes a star for the rest of a word, quotes for words in order, and a dash for what must not be there', () => {
    expect(found('dog* frisbee')).toEqual(['run-1-0', 'run-1-1', 'run-1-2', 'run-1-3', 'run-1-8']);
    expect(found('"catches a frisbee"')).toEqual(['run-1-0', 'run-1-8']);
    expect(found('frisbee -dog')).toEqual(['run-1-1', 'run-1-3', 'run-1-4']);
    expect(found('"dog a catches"')).toEqual([]);
  });

  it('takes what people and prompts write as words and never as a part of the question', () => {
    for (const query of ['"quoted"', 'NEAR', '100%', 'a_b', '^dog']) expect(() => found(query)).not.toThrow();
    expect(found('AND frisbee')).toEqual(oracle(['and', 'frisbee']));
    expect(found('100%')).toEqual(['run-1-7']);
  });

  it('finds by what is known of an image', () => {
    expect(found('delay:20..35')).toEqual(['run-1-1', 'run-1-2']);
    expect(found('node:"ES 1" dog')).toEqual(oracle(['dog']));
    expect(found('node:nowhere')).toEqual([]);
    expect(found('-seed:0,1,2 dog')).toEqual(['run-1-6', 'run-1-8']);
    expect(found('simulated:no')).toEqual([]);
    expect(found('steps:>=1').length).toBe(PROMPTS.length);
    expect(found('dog', { runIds: ['run-2'] })).toEqual([]);
  });

  it('keeps positions while images come in, and counts those', () => {
    const gallery = new GalleryRepository(temporary.database);
    const asOf = gallery.newest();
    addRun('run-2', ['A dog with a frisbee']);
    expect(found('dog frisbee', { asOf })).toEqual(oracle(['dog', 'frisbee']));
    expect(gallery.countAfter({ terms: [], runIds: null, nowMs: 0 }, asOf)).toBe(1);
  });

  it('finds nothing of a run that is gone, and keeps the words that others have', () => {
    addRun('run-2', ['A zebra', 'A dog catches a frisbee']);
    expect(found('zebra')).toEqual(['run-2-0']);
    runs.deleteRun('run-2');
    expect(found('zebra')).toEqual([]);
    expect(found('dog frisbee')).toEqual(oracle(['dog', 'frisbee']));
    const left = temporary.database.prepare<object, { total: number }>(
      "SELECT count(*) AS total FROM image_prompts WHERE text LIKE '%zebra%'",
    );
    expect(left.get({})).toEqual({ total: 0 });
  });
});

it('sorts by delay and time', () => {
  addRun('run-1', ['one', 'two', 'three']);
  expect(found('', { sort: 'slowest' })).toEqual(['run-1-2', 'run-1-1', 'run-1-0']);
  expect(found('', { sort: 'newest' })).toEqual(['run-1-2', 'run-1-1', 'run-1-0']);
  expect(found('', { sort: 'oldest' })).toEqual(['run-1-0', 'run-1-1', 'run-1-2']);
});

it('finds the images of a database of the version before', () => {
  const { dataDir } = temporary;
  addRun('run-1', PROMPTS);
  temporary.database.close();
  const old = new BetterSqlite3(join(dataDir, DATABASE_FILE_NAME));
  for (const trigger of [
    'gallery_takes_images',
    'words_of_image_prompts',
    'image_prompts_go_with_their_images',
    'image_words_go_with_their_prompts',
    ...['dataset', 'model', 'report', 'testbed'].map((kind) => `marks_go_with_${kind}`),
  ]) {
    old.exec(`DROP TRIGGER ${trigger}`);
  }
  old.exec('DROP TABLE gallery_images; DROP TABLE image_words; DROP TABLE image_prompts;');
  old.exec('DROP TABLE learning_attempts; DROP TABLE learning_experience; DROP TABLE learning_testbeds; DROP TABLE planned_starts;');
  old.exec('ALTER TABLE nodes DROP COLUMN is_excluded; ALTER TABLE nodes DROP COLUMN held_limit;');
  old.exec('ALTER TABLE run_nodes DROP COLUMN held_limit; ALTER TABLE runs DROP COLUMN excluded_nodes_json;');
  old.exec('ALTER TABLE runs DROP COLUMN interruptions_json;');
  old.pragma(`user_version = ${ALL_MIGRATIONS.filter(({ version }) => version < 27).at(-1)?.version ?? 0}`);
  old.close();
  const database = openDatabase({ dataDir, nowMs: 1_000 });
  const taskIds = askGallery(new GalleryRepository(database), 'dog frisbee', { sort: 'task' }).map(({ taskId }) => taskId);
  expect(taskIds).toEqual(oracle(['dog', 'frisbee']));
  temporary = { ...temporary, database };
});
