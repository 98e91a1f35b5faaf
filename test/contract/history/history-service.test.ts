// The history over a whole program: what is listed of every kind, how queries find it, and what is put on it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiCaller } from '../../../src/main/api/router.js';
import { HISTORY_KINDS, type HistoryPage } from '../../../src/shared/history.js';
import { HistoryRecords } from '../../support/history-records.js';

let records: HistoryRecords;
const api = () => createApiCaller({ services: records.services }).history;
const list = (query: string, change: object = {}): Promise<HistoryPage> => api().list({ query, ...change });
const idsOf = async (query: string, change: object = {}): Promise<string[]> => (await list(query, change)).items.map(({ id }) => id);

const HOUR_MS = 3_600_000;

beforeAll(async () => {
  records = await HistoryRecords.open();
  for (const kind of ['series', 'training', 'study', 'provisioning', 'calibration'] as const) records.addJob(kind);
  const nowMs = Date.now();
  records.addRun('run-a', {
    spec: { name: 'Alpha', scheduler: 'random', seed: 7, qualitySteps: { min: 20, max: 20 } },
    prompts: ['a dog in the park', 'two children play'],
    run: { createdAtMs: nowMs - 48 * HOUR_MS, series: { seriesId: 'series-1', condition: 0, scheduler: 0, repetition: 1 } },
  });
  records.addRun('run-b', {
    spec: { name: 'Beta', scheduler: 'learned', trainingId: 'training-1' },
    prompts: ['a dog catches a frisbee', 'rain'],
    run: { createdAtMs: nowMs - HOUR_MS },
  });
  records.addRun('run-c', { spec: { name: 'Gamma "100 %_"' }, prompts: ['x'], run: { createdAtMs: nowMs, isSimulated: true } });
  await api().tag({ items: [{ kind: 'run', id: 'run-a' }], add: ['#Orin', 'night'], remove: [] });
  await api().note({ item: { kind: 'run', id: 'run-b' }, markdown: 'The **fan** of node 3 was replaced.' });
  await api().star({ items: [{ kind: 'series', id: 'series-1' }], isStarred: true });
});
afterAll(() => records.dispose());

describe('the list', () => {
  it('has a record of every kind, newest first', async () => {
    const page = await list('');
    expect(page).toMatchObject({ total: 8, allTotal: 8, mistake: null, excludedBy: null });
    expect(page.items.slice(0, 3).map(({ id }) => id)).toEqual(['run-c', 'run-b', 'run-a']);
    expect(new Set(page.items.map(({ kind }) => kind))).toEqual(new Set(HISTORY_KINDS));
  });

  it('is in the order in which things started, as the list says when: what waited for its turn comes where its turn was', async () => {
    const own = await HistoryRecords.open();
    const nowMs = Date.now();
    own.addRun('waited', { run: { createdAtMs: nowMs - 2 * HOUR_MS, startedAtMs: nowMs } });
    own.addRun('prompt', { run: { createdAtMs: nowMs - HOUR_MS, startedAtMs: nowMs - HOUR_MS } });
    own.addRun('never', { run: { createdAtMs: nowMs - 3 * HOUR_MS, startedAtMs: null, state: 'stopped' } });
    try {
      const { items } = await createApiCaller({ services: own.services }).history.list({ query: 'kind:run' });
      expect(items.map(({ id }) => id)).toEqual(['waited', 'prompt', 'never']);
    } finally {
      await own.dispose();
    }
  });

  it('tells of a run what its own page tells', async () => {
    const [entry] = (await list('name:alpha')).items;
    const run = records.services.runs.get('run-a');
    expect(entry).toMatchObject({
      ...{ kind: 'run', name: 'Alpha', state: 'succeeded', scheduler: 'Random', schedulerName: 'random', taskCount: 2, seed: 7 },
      steps: { min: 20, max: 20 },
      result: { isValid: run.validity.isValid, reasons: run.validity.reasons },
      totalMs: run.metrics.totalGenerationDelayMs,
      efficiency: run.metrics.efficiency,
      ...{ p95Ms: run.metrics.service?.p95Ms, meanMs: run.metrics.service?.meanMs, succeededCount: run.counts.succeeded },
      ...{ seriesId: 'series-1', seriesName: 'Night', tags: ['night', 'orin'], isStarred: false, hasNote: false, isImported: false },
    });
    expect(run.metrics.totalGenerationDelayMs).toBeGreaterThan(0);
  });

  it('names a learned policy by the method of its training', async () => {
    expect((await list('name:beta')).items[0]).toMatchObject({ scheduler: 'LAD-TS', schedulerName: 'learned lad-ts' });
    expect(await idsOf('scheduler:lad-ts')).toEqual(['run-b', 'training-1']);
    expect(await idsOf('scheduler:learned')).toEqual(['run-b']);
    expect(await idsOf('scheduler:random')).toEqual(['run-a', 'series-1']);
  });

  it('says which kinds have no figures by null, not by zero', async () => {
    const { items } = await list('kind:calibration');
    expect(items[0]).toMatchObject({ name: 'Calibrate Lab', totalMs: null, taskCount: null, result: { isValid: null, reasons: [] } });
  });

  it('sorts by any figure, with what has none last', async () => {
    const totals = (await list('', { sort: 'total', isDescending: false })).items.map(({ totalMs }) => totalMs);
    const known = totals.filter((total) => total !== null);
    expect(totals).toEqual([...known.toSorted((a, b) => a - b), ...totals.filter((total) => total === null)]);
    expect(known).toHaveLength(3);
    expect(await idsOf('kind:run', { sort: 'name', isDescending: false })).toEqual(['run-a', 'run-b', 'run-c']);
  });

  it('comes in pages', async () => {
    expect(await list('kind:run', { offset: 1, limit: 1 })).toMatchObject({ total: 3, items: [{ id: 'run-b' }] });
    expect(await list('kind:run', { offset: 9, limit: 1 })).toMatchObject({ total: 3, items: [] });
  });
});

describe('a query', () => {
  it.each([
    ['dog', ['run-b', 'run-a']],
    ['dog frisbee', ['run-b']],
    ['fris', ['run-b']],
    ['"dog in the park"', ['run-a']],
    ['"park two"', []],
    ['-dog kind:run', ['run-c']],
    ['fan', ['run-b']],
    ['orin', ['run-a']],
    ['tag:orin,other', ['run-a']],
    ['tag:ori', []],
    ['-tag:orin kind:run', ['run-c', 'run-b']],
    ['note:yes', ['run-b']],
    ['note:replaced', ['run-b']],
    ['star:yes', ['series-1']],
    ['n:2 kind:run', ['run-b', 'run-a']],
    ['n:<2', ['run-c']],
    ['seed:7', ['run-a']],
    ['steps:20 kind:run', ['run-a']],
    ['steps:>19 kind:run', ['run-a']],
    ['steps:10..15', ['run-c', 'run-b']],
    ['since:3h kind:run', ['run-c', 'run-b']],
    ['before:3h kind:run', ['run-a']],
    ['simulated:yes', ['run-c']],
    ['imported:yes', []],
    ['series:night kind:run', ['run-a']],
    ['node:"node 1" kind:run', []],
    ['state:succeeded kind:run,series', ['run-c', 'run-b', 'run-a', 'series-1']],
    ['name:"100 %_"', ['run-c']],
    ['name:run-a', ['run-a']],
    ['testbed:lab kind:provisioning', ['provisioning-1']],
  ])('%s finds %j', async (query, ids) => {
    expect(await idsOf(query)).toEqual(ids);
  });

  it('finds valid runs and invalid ones as their figures have them', async () => {
    const valid = records.services.runs.list().filter(({ validity }) => validity.isValid);
    expect((await idsOf('valid:yes')).toSorted()).toEqual(valid.map(({ id }) => id).toSorted());
    expect((await list('valid:no')).total + valid.length).toBe(3);
  });

  it('compares figures in seconds and percent', async () => {
    const { totalGenerationDelayMs, efficiency } = records.services.runs.get('run-a').metrics;
    const sec = (totalGenerationDelayMs ?? 0) / 1000;
    expect(await idsOf(`name:alpha total:<=${sec} total:>=${sec}`)).toEqual(['run-a']);
    expect(await idsOf(`name:alpha total:${sec.toFixed(1)}`)).toEqual(['run-a']);
    expect(await idsOf(`name:alpha eff:<${(efficiency ?? 0) * 100}`)).toEqual([]);
  });

  it('with a mistake lists nothing and points at it', async () => {
    const page = await list('dog n:>=abc');
    expect(page).toMatchObject({ items: [], allTotal: 8, mistake: { from: 6, to: 11, sentence: '“>=abc” is not a number.' } });
  });

  it('without a match names the term that leaves nothing', async () => {
    expect((await list('dog tag:orin frisbee kind:run')).excludedBy).toEqual({ from: 13, to: 20, text: 'frisbee' });
  });

  it('takes nothing for SQL or for a pattern', async () => {
    for (const query of [
      "'; DROP TABLE runs; --",
      'name:%',
      'name:_',
      '"a" OR "b"*',
      'tag:"x\'"',
      'NEAR(dog park)',
      '{prompts}:dog',
      '^dog',
      '*',
    ]) {
      expect(await list(query)).toMatchObject({ mistake: null });
    }
    expect(await idsOf('name:%')).toEqual(['run-c']);
  });
});

describe('completion', () => {
  it('offers keys, then values that are on record', async () => {
    const at = async (query: string) => api().complete({ query, cursor: query.length });
    expect(await at('dog s')).toMatchObject({ range: { from: 4, to: 5 } });
    expect((await at('dog s')).suggestions.map(({ text }) => text)).toContain('scheduler:');
    expect(await at('scheduler:lad')).toEqual({ range: { from: 10, to: 13 }, suggestions: [{ text: 'lad-ts', detail: 'LAD-TS' }] });
    expect((await at('tag:')).suggestions.map(({ text }) => text)).toEqual(['night', 'orin']);
    expect((await at('series:N')).suggestions.map(({ text }) => text)).toEqual(['Night']);
  });
});

describe('marks', () => {
  it('are refused of what is not there, all of them', async () => {
    const items = [
      { kind: 'run' as const, id: 'run-a' },
      { kind: 'run' as const, id: 'run-z' },
    ];
    await expect(api().tag({ items, add: ['lost'], remove: [] })).rejects.toThrow('There is no run “run-z”');
    expect(await idsOf('tag:lost')).toEqual([]);
  });

  it('are told of one record, as the list has them', async () => {
    expect(await api().marks({ item: { kind: 'run', id: 'run-a' } })).toEqual({
      tags: ['night', 'orin'],
      isStarred: false,
      note: null,
      isInBin: false,
    });
    expect(await api().marks({ item: { kind: 'series', id: 'series-1' } })).toMatchObject({ tags: [], isStarred: true });
    await expect(api().marks({ item: { kind: 'run', id: 'none' } })).rejects.toThrow('There is no run “none”');
  });

  it('take an empty note for none', async () => {
    const item = { kind: 'run' as const, id: 'run-c' };
    await api().note({ item, markdown: 'x' });
    expect(await api().getNote({ item })).toEqual({ markdown: 'x' });
    await api().note({ item, markdown: ' \n' });
    expect(await idsOf('note:yes')).toEqual(['run-b']);
  });

  it('refuse tags of several words and of control characters', async () => {
    const items = [{ kind: 'run' as const, id: 'run-a' }];
    for (const tag of ['two words', 'a,b', '\u202eevil', '-draft', '', 'x'.repeat(41)]) {
      await expect(api().tag({ items, add: [tag], remove: [] })).rejects.toThrow(/tag/i);
    }
  });

  it('keep views, and replace one of the same name', async () => {
    const view = { name: 'Overnight', query: 'tag:night', columns: ['name'], sort: 'total' as const, isDescending: false };
    await api().views.save(view);
    await api().views.save({ ...view, query: 'tag:orin' });
    expect(await api().views.list()).toEqual([{ ...view, query: 'tag:orin', group: 'none', density: 'comfortable' }]);
    await expect(api().views.save({ ...view, query: 'n:x' })).rejects.toThrow('“x” is not a number.');
    await api().views.remove({ name: 'Overnight' });
    await expect(api().views.remove({ name: 'Overnight' })).rejects.toThrow('There is no view “Overnight”');
  });
});
