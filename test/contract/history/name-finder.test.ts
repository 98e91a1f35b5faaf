// Names over a whole program: what is found of every kind, by the API and by the terminal.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createApiCaller } from '../../../src/main/api/router.js';
import type { FoundName, NamedKind } from '../../../src/shared/found-name.js';
import { HistoryRecords } from '../../support/history-records.js';
import { buildNode, buildTestbed } from '../../support/storage-fixtures.js';

const MANY = 1000;

let records: HistoryRecords;
const find = (words: string, change: { kinds?: NamedKind[]; limit?: number } = {}): Promise<FoundName[]> =>
  createApiCaller({ services: records.services }).names.find({ words, ...change });
const namesOf = async (words: string, change: { kinds?: NamedKind[]; limit?: number } = {}): Promise<string[]> =>
  (await find(words, change)).map(({ kind, name }) => `${kind} ${name}`);

beforeAll(async () => {
  records = await HistoryRecords.open();
  const { testbeds } = records.parts.context.storage;
  testbeds.insertTestbed(buildTestbed({ name: 'Rack A', nodes: [buildNode({ name: 'orin-3' })] }));
  for (const kind of ['series', 'training', 'study'] as const) records.addJob(kind);
  records.parts.context.storage.database.transaction(() => {
    for (let index = 0; index < MANY; index += 1) {
      records.addRun(`run-${index}`, { spec: { name: `Orin batch ${index}` }, run: { createdAtMs: 1000 + index } });
    }
  });
  records.addRun('hostile', { spec: { name: '100 %_ \\ <b>"x"</b>' } });
  records.addRun('umlaut', { spec: { name: 'Prüfstand' } });
  records.addRun('binned', { spec: { name: 'Binned zebra' } });
  await createApiCaller({ services: records.services }).history.moveToBin({ items: [{ kind: 'run', id: 'binned' }] });
  await createApiCaller({ services: records.services }).history.tag({
    items: [{ kind: 'run', id: 'run-1' }],
    add: ['night-shift'],
    remove: [],
  });
});
afterAll(() => records.dispose());

it('finds what has all words in its name, in any order, the newest first', async () => {
  expect(await namesOf('99 orin', { kinds: ['run'], limit: 3 })).toEqual([
    'run Orin batch 999',
    'run Orin batch 998',
    'run Orin batch 997',
  ]);
  expect((await namesOf('batch 42 orin'))[0]).toBe('run Orin batch 429');
  expect(await namesOf('orin nowhere')).toEqual([]);
});

it('lets no kind crowd out another', async () => {
  const found = await find('orin', { limit: 10 });
  expect(found).toHaveLength(10);
  expect(found.filter(({ kind }) => kind === 'node')).toMatchObject([{ name: 'orin-3', of: { name: 'Rack A' } }]);
});

it('finds a node by its testbed too, and tags by themselves', async () => {
  expect(await namesOf('rack orin', { kinds: ['node', 'testbed'] })).toEqual(['node orin-3']);
  expect(await namesOf('shift', { kinds: ['tag'] })).toEqual(['tag night-shift']);
});

it('takes signs for themselves, letters of all languages in either case, and leaves out what is in the bin', async () => {
  expect(await namesOf('%_ 100')).toEqual(['run 100 %_ \\ <b>"x"</b>']);
  expect(await namesOf('\\ "x"')).toEqual(['run 100 %_ \\ <b>"x"</b>']);
  expect(await namesOf('PRÜF')).toEqual(['run Prüfstand']);
  expect(await namesOf('zebra')).toEqual([]);
});

it('has the newest names of every kind where no word is given', async () => {
  const kinds = new Set((await find('', { limit: 100 })).map(({ kind }) => kind));
  expect(kinds).toEqual(new Set(['testbed', 'node', 'run', 'series', 'training', 'study', 'tag']));
});
