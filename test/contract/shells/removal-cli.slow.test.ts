// What the terminal deletes for good, through the built command line: not without a word that it is meant.
import { rmSync } from 'node:fs';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openStorage } from '../../../src/main/adapters/storage/open-storage.js';
import { buildEntry } from '../../support/build-entry.js';
import { runCliJson } from '../../support/cli.js';
import { buildRun, buildTask, buildTestbed, makeTemporaryFolder } from '../../support/storage-fixtures.js';

let cli: string;
let dataDir: string;
beforeAll(async () => {
  cli = await buildEntry('src/main/cli.ts');
});
beforeEach(() => (dataDir = makeTemporaryFolder()));
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const run = (...words: string[]) => runCliJson([...words, '--data', dataDir], { cliPath: cli });

/** One dataset of two captions, and a run of it. */
function fill(state: 'succeeded' | 'paused'): void {
  const storage = openStorage({ dataDir, nowMs: () => 1_000 });
  storage.testbeds.insertTestbed(buildTestbed());
  storage.datasets.insert(
    {
      ...{ id: 'dataset-1', name: 'Two captions', format: 'plain-text', sourceName: 'two.txt', sha256: 'a'.repeat(64) },
      ...{ promptCount: 2, pictureCount: 0, createdAtMs: 1_000, options: { keepOneLetter: false, keepRepeated: true } },
      counts: { lines: 2, kept: 2, blank: 0, oneLetter: 0, repeated: 0, malformed: 0, malformedAt: [] },
    },
    ['a dog', 'a cat'].map((text) => ({ text, imageName: null })),
  );
  storage.runs.insertRun(buildRun({ state, finishedAtMs: state === 'succeeded' ? 2_000 : null }), [buildTask(0), buildTask(1)]);
  storage.close();
}

test('a run that has ended is removed when --yes says so, and only then', async () => {
  fill('succeeded');

  const unsaid = await run('run', 'remove', 'run-1');
  const listed = await run('run', 'list');
  const removed = await run('run', 'remove', 'run-1', '--yes');
  const again = await run('run', 'remove', 'run-1', '--yes');

  expect(unsaid).toMatchObject({
    status: 2,
    document: { error: { code: 'invalid-input', message: expect.stringContaining('run run-1') as string, hint: 'Add --yes.' } },
  });
  expect(listed.document).toMatchObject([{ id: 'run-1' }]);
  expect(removed).toMatchObject({ status: 0, document: { removed: 'run-1' } });
  expect(again).toMatchObject({ status: 3, document: { error: { code: 'not-found' } } });
});

test('a run that is not finished is refused without a question, and so is its dataset', async () => {
  fill('paused');

  expect(await run('run', 'remove', 'run-1')).toMatchObject({ status: 4, document: { error: { code: 'conflict' } } });
  expect(await run('dataset', 'remove', 'Two captions')).toMatchObject({ status: 4, document: { error: { code: 'conflict' } } });
  expect((await run('run', 'list')).document).toMatchObject([{ id: 'run-1', state: 'paused' }]);
});

test('a dataset goes to the bin by its name, its run keeps its prompts, and it is gone once the bin is emptied', async () => {
  fill('succeeded');

  const removed = await run('dataset', 'remove', 'Two captions');
  const listed = await run('bin', 'list');
  const restored = await run('bin', 'restore', 'Two captions');
  const again = await run('dataset', 'remove', 'Two captions');
  const unsaid = await run('bin', 'empty');
  const emptied = await run('bin', 'empty', '--yes');
  const unknown = await run('bin', 'restore', 'Two captions');

  expect(removed).toMatchObject({ status: 0, document: { binned: 'dataset-1' } });
  expect(listed.document).toMatchObject([{ kind: 'dataset', id: 'dataset-1', name: 'Two captions', count: 2 }]);
  expect(restored).toMatchObject({ status: 0, document: [{ kind: 'dataset', id: 'dataset-1' }] });
  expect(again.status).toBe(0);
  expect(unsaid).toMatchObject({ status: 2, document: { error: { hint: 'Add --yes.' } } });
  expect(emptied).toMatchObject({ status: 0, document: { removed: 1, problems: [] } });
  expect(unknown).toMatchObject({ status: 3, document: { error: { code: 'not-found' } } });
  expect((await run('dataset', 'list')).document).toEqual([]);
  expect((await run('run', 'show', 'run-1')).document).toMatchObject({ run: { counts: { total: 2 } } });
}, 300_000);
