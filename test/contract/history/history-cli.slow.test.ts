// The history from the terminal, over a data folder with records of every kind.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { EmptiedBin } from '../../../src/shared/bin.js';
import type { HistoryPage } from '../../../src/shared/history.js';
import { runCli } from '../../support/cli.js';
import { HistoryRecords, IMAGE_BYTES } from '../../support/history-records.js';

let records: HistoryRecords;
/** Options of the whole program first: behind -- there are none. */
const cli = (...args: string[]) => runCli(['--data', records.dataDir, 'history', ...args]);
const cliJson = async <T>(...args: string[]): Promise<T> =>
  JSON.parse((await runCli(['--data', records.dataDir, '--json', 'history', ...args])).stdout) as T;
const idsOf = async (...args: string[]): Promise<string[]> => (await cliJson<HistoryPage>('list', ...args)).items.map(({ id }) => id);

beforeAll(async () => {
  records = await HistoryRecords.open();
  records.addJob('series');
  records.addRun('run-1', { spec: { name: 'Alpha' }, prompts: ['a dog in the park'], run: { createdAtMs: 100 } });
  records.addRun('run-2', { spec: { name: 'Beta \u001b[31m' }, run: { createdAtMs: 200 } });
  await records.close();
});
afterAll(() => records.dispose());

it('lists what fits a query, in words and in JSON', async () => {
  expect(await idsOf()).toEqual(['run-2', 'run-1', 'series-1']);
  expect(await idsOf('dog', 'kind:run', '"in the park"')).toEqual(['run-1']);
  expect(await idsOf('--sort', 'name', '--ascending', '--', '-kind:series')).toEqual(['run-1', 'run-2']);
  const { stdout } = await cli('list', 'dog');
  expect(stdout).toContain('Alpha');
  expect(stdout).toContain('2 of 2, of 3 in all.');
  expect(stdout).not.toContain('\u001b[31m');
  expect((await cli('list', 'tag:none')).stdout).toContain('None of 3 records matches. Without “tag:none” there are some.');
});

it('points at a mistake and ends as wrong use', async () => {
  const { status, stderr, stdout } = await cli('list', 'dog n:>=abc');
  expect(status).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toContain('  dog n:>=abc\n        ^^^^^\nError (invalid-input): “>=abc” is not a number.');
});

it('tags, stars and writes notes by name or id', async () => {
  await cli('tag', 'Alpha', 'series-1', '--add', 'orin', '--remove', 'draft');
  await cli('star', 'run-1');
  await cli('note', 'run-1', 'Fan **replaced**');
  expect(await idsOf('tag:orin')).toEqual(['run-1', 'series-1']);
  expect(await idsOf('star:yes note:fan')).toEqual(['run-1']);
  expect((await cli('note', 'Alpha')).stdout).toBe('Fan **replaced**\n');
  await cli('star', 'run-1', '--off');
  await cli('note', 'run-1', '--clear');
  expect(await idsOf('star:yes')).toEqual([]);
  expect((await cli('note', 'run-1')).stdout).toBe('run run-1 has no note.\n');
  expect((await cli('star', 'nothing')).status).toBe(3);
});

it('saves views and lists by them', async () => {
  await cli('views', 'save', 'marked', 'tag:orin', '--sort', 'name', '--ascending');
  expect((await cli('views', 'list')).stdout).toContain('marked');
  expect(await idsOf('--view', 'marked')).toEqual(['run-1', 'series-1']);
  expect(await idsOf('--view', 'marked', 'kind:run')).toEqual(['run-1']);
  await cli('views', 'remove', 'marked');
  expect((await cli('list', '--view', 'marked')).status).toBe(3);
});

it('moves to the bin and back, and empties it only when asked to', async () => {
  await cli('bin', 'run-1', 'run-2');
  expect(await idsOf()).toEqual(['series-1']);
  expect(await idsOf('--bin')).toEqual(['run-2', 'run-1']);
  expect((await cli('restore', 'Alpha')).stdout).toBe('Restored 1 record.\n');
  expect(await idsOf()).toEqual(['run-1', 'series-1']);
  expect((await cli('bin')).stdout).toContain('1 item in the bin');
  expect((await cli('empty-bin')).status).toBe(2);
  expect(await cliJson<EmptiedBin>('empty-bin', '--yes')).toEqual({ removed: 1, freedBytes: IMAGE_BYTES, problems: [] });
  expect((await cli('bin')).stdout).toBe('The bin is empty.\n');
});
