// The bin over a whole program: hidden everywhere, whole when it comes back, and gone from the disk when it is emptied.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createApiCaller } from '../../../src/main/api/router.js';
import { HISTORY_KINDS } from '../../../src/shared/history.js';
import { HistoryRecords, IMAGE_BYTES } from '../../support/history-records.js';

let records: HistoryRecords;
beforeEach(async () => {
  records = await HistoryRecords.open();
});
afterEach(() => records.dispose());

const api = () => createApiCaller({ services: records.services });
const idsOf = async (change: object = {}): Promise<string[]> => (await api().history.list(change)).items.map(({ id }) => id);
const run = (id: string) => ({ kind: 'run' as const, id });

function imageFiles(): number {
  const folder = join(records.dataDir, 'images');
  return existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.png')).length : 0;
}

it('hides a run wherever runs are listed, and brings it back with tags, note and images', async () => {
  records.addRun('run-1', { prompts: ['a dog', 'a cat'] });
  records.addRun('run-2');
  await api().history.tag({ items: [run('run-1')], add: ['orin'], remove: [] });
  await api().history.note({ item: run('run-1'), markdown: 'Kept' });
  const listed = async () => ({
    history: await idsOf(),
    runs: (await api().runs.list()).map(({ id }) => id),
    images: (await api().gallery.page({})).items.map(({ runId }) => runId),
    compared: (await api().comparison.compare({ includeInvalid: true })).rows.flatMap(({ delaySec }) =>
      delaySec.flatMap(({ runIds }) => runIds),
    ),
  });
  const before = await listed();
  expect(before.runs).toHaveLength(2);
  expect(before.images).toHaveLength(3);
  expect(before.compared.toSorted()).toEqual(['run-1', 'run-2']);

  await api().history.moveToBin({ items: [run('run-1')] });
  expect(await listed()).toEqual({ history: ['run-2'], runs: ['run-2'], images: ['run-2'], compared: ['run-2'] });
  expect(await idsOf({ inBin: true })).toEqual(['run-1']);
  await expect(api().comparison.compare({ runIds: ['run-1'] })).rejects.toThrow('There is no run “run-1” to compare');
  expect(imageFiles()).toBe(3);

  await api().history.restore({ items: [run('run-1')] });
  expect(await listed()).toEqual(before);
  expect((await api().history.list({ query: 'tag:orin note:kept' })).items.map(({ id }) => id)).toEqual(['run-1']);
});

it('hides every kind, and says how much waits in the bin', async () => {
  for (const kind of ['series', 'training', 'study', 'provisioning', 'calibration'] as const) records.addJob(kind);
  records.addRun('run-1');
  const bytes = records.writeCheckpoint('training-1');
  await api().history.moveToBin({ items: HISTORY_KINDS.map((kind) => ({ kind, id: `${kind}-1` })) });
  expect(await idsOf()).toEqual([]);
  expect(await api().series.list()).toEqual([]);
  expect(await api().trainings.list()).toEqual([]);
  expect(await api().studies.runs()).toEqual([]);
  expect(await api().jobs.list()).toEqual([]);
  expect(await api().history.bin()).toEqual({ count: HISTORY_KINDS.length, sizeBytes: IMAGE_BYTES + bytes });

  const emptied = await api().history.emptyBin();
  expect(emptied).toEqual({ removed: HISTORY_KINDS.length, freedBytes: IMAGE_BYTES + bytes, problems: [] });
  expect(await api().history.bin()).toEqual({ count: 0, sizeBytes: 0 });
  expect(await idsOf({ inBin: true })).toEqual([]);
  expect(imageFiles()).toBe(0);
  expect(existsSync(join(records.dataDir, 'training', 'training-1'))).toBe(false);
});

it('keeps the file of an image that a run outside the bin has too', async () => {
  records.addRun('run-1', { prompts: ['a', 'b'], images: ['shared', 'own'] });
  records.addRun('run-2', { prompts: ['a'], images: ['shared'] });
  await api().history.moveToBin({ items: [run('run-1')] });
  expect(await api().history.bin()).toEqual({ count: 1, sizeBytes: IMAGE_BYTES });
  expect(await api().history.emptyBin()).toMatchObject({ removed: 1, freedBytes: IMAGE_BYTES });
  expect(imageFiles()).toBe(1);
  expect((await api().gallery.page({})).total).toBe(1);
});

it('refuses what is not finished, and moves nothing then', async () => {
  records.addRun('run-1');
  records.addRun('run-2', { run: { state: 'running', finishedAtMs: null } });
  await expect(api().history.moveToBin({ items: [run('run-1'), run('run-2')] })).rejects.toThrow('Run “run-2” is running');
  await expect(api().history.moveToBin({ items: [run('run-3')] })).rejects.toThrow('There is no run “run-3”');
  expect((await idsOf()).toSorted()).toEqual(['run-1', 'run-2']);
});

it('empties the cell of a series whose run is in the bin, until it comes back', async () => {
  records.addJob('series');
  records.addRun('run-1', { run: { series: { seriesId: 'series-1', condition: 0, scheduler: 0, repetition: 1 } } });
  expect(records.services.runs.idsOfSeries('series-1')).toEqual(['run-1']);
  await api().history.moveToBin({ items: [run('run-1')] });
  expect(records.services.runs.idsOfSeries('series-1')).toEqual([]);
  await api().history.restore({ items: [run('run-1')] });
  expect(records.services.runs.idsOfSeries('series-1')).toEqual(['run-1']);
});

it('stays as it is over the end of the program', async () => {
  records.addRun('run-1');
  await api().history.moveToBin({ items: [run('run-1')] });
  await records.close();
  records = await HistoryRecords.open(records.dataDir);
  expect(await idsOf()).toEqual([]);
  expect(await idsOf({ inBin: true })).toEqual(['run-1']);
});
