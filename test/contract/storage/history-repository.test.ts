// The list of the history over figures that are written by hand: which run is best, what counts as a figure, how results are sorted.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { HistoryRepository } from '../../../src/main/adapters/storage/history-repository.js';
import { PlannedStartRepository } from '../../../src/main/adapters/storage/planned-start-repository.js';
import { RunRepository } from '../../../src/main/adapters/storage/run-repository.js';
import { askHistory } from '../../support/history-fixtures.js';
import { buildRun, buildSpec, buildTask, openTemporaryDatabase, type TemporaryDatabase } from '../../support/storage-fixtures.js';

let temporary: TemporaryDatabase;
let runs: RunRepository;
let history: HistoryRepository;
beforeEach(() => {
  temporary = openTemporaryDatabase();
  runs = new RunRepository(temporary.database, () => 1);
  history = new HistoryRepository(temporary.database);
});
afterEach(() => temporary.dispose());

interface Figures {
  totalMs: number;
  isValid?: boolean;
  isSimulated?: boolean;
  taskCount?: number;
  basis?: string;
  p95Ms?: number;
}

/** What figures rest on, as far as a list reads it. */
const basisOf = (succeeded: number): string => JSON.stringify([2, { succeeded }]);
const BASIS = basisOf(100);

function addRun(id: string, { totalMs, isValid = true, isSimulated = false, taskCount = 100, basis = BASIS, p95Ms = 2 }: Figures): void {
  const spec = buildSpec({ name: id, taskCount });
  runs.insertRun(buildRun({ id, spec, state: 'succeeded', isSimulated, startedAtMs: 1, finishedAtMs: 2 }), [
    buildTask(0, { id: `${id}-0` }),
  ]);
  const metrics = { totalGenerationDelayMs: totalMs, efficiency: 0.5, service: { meanMs: 1, medianMs: 1, p95Ms, maxMs: 3 } };
  const validity = { isValid, reasons: isValid ? [] : ['Too fast'], limitations: [] };
  runs.keepFigures(id, { basis, figuresJson: JSON.stringify({ metrics, validity }) });
}

const bestOf = (query: string): string[] => askHistory(history, query).items.flatMap(({ id, isBest }) => (isBest ? [id] : []));

it('calls the shortest total of its |N| best, of those that are valid, not simulated, and in the list', () => {
  addRun('slow', { totalMs: 2000 });
  addRun('fast', { totalMs: 1000 });
  addRun('invalid', { totalMs: 500, isValid: false });
  addRun('simulated', { totalMs: 400, isSimulated: true });
  addRun('single', { totalMs: 9000, taskCount: 1000 });
  expect(bestOf('').toSorted()).toEqual(['fast', 'single']);
  expect(bestOf('-name:fast').toSorted()).toEqual(['single', 'slow']);
  expect(bestOf('name:invalid')).toEqual([]);
  // A page does not change it: the list is all of what matches.
  expect(askHistory(history, '', { sort: 'total', limit: 1, offset: 3 }).items).toMatchObject([{ id: 'invalid', isBest: false }]);
});

it('sorts by the p95 as it is shown: one of fewer than 59 tasks is none', () => {
  addRun('small', { totalMs: 1000, p95Ms: 900, basis: basisOf(58) });
  addRun('enough', { totalMs: 1000, p95Ms: 500, basis: basisOf(59) });
  addRun('large', { totalMs: 1000, p95Ms: 700 });
  const { items } = askHistory(history, '', { sort: 'p95' });
  expect(items.map(({ id, p95Ms, succeededCount }) => [id, p95Ms, succeededCount])).toEqual([
    ['large', 700, 100],
    ['enough', 500, 59],
    ['small', 900, 58],
  ]);
});

it('takes no figures that rest on something else, and names the runs that have none', () => {
  addRun('old', { totalMs: 1000, basis: '[1,{}]' });
  addRun('new', { totalMs: 1000 });
  expect(askHistory(history, 'name:old', { figuresBasis: '[2,%' }).items).toMatchObject([{ totalMs: null, result: { isValid: null } }]);
  expect(history.runsWithoutFigures('[2,%')).toEqual(['old']);
  runs.addInvalidReason('new', 'A node was lost.');
  expect(history.runsWithoutFigures('[2,%').toSorted()).toEqual(['new', 'old']);
});

it('sorts what waits for a time by that time', () => {
  const starts = new PlannedStartRepository(temporary.database);
  for (const [id, createdAtMs, startedAtMs] of [
    ['planned', 10, null],
    ['started', 20, 30],
    ['waiting', 25, null],
  ] as const) {
    const state = startedAtMs === null ? 'queued' : 'running';
    runs.insertRun(buildRun({ id, state, createdAtMs, startedAtMs, finishedAtMs: null }), [buildTask(0, { id: `${id}-0` })]);
  }
  starts.save('planned', 90);
  expect(askHistory(history, '').items.map(({ id }) => id)).toEqual(['planned', 'started', 'waiting']);
});

it('puts what needs a look before what is in order', () => {
  addRun('valid', { totalMs: 1 });
  addRun('invalid', { totalMs: 1, isValid: false });
  runs.insertRun(buildRun({ id: 'running', state: 'running' }), [buildTask(0, { id: 'running-0' })]);
  const ids = askHistory(history, '', { sort: 'result', isDescending: false }).items.map(({ id }) => id);
  expect(ids).toEqual(['invalid', 'running', 'valid']);
});

it('leaves the words of a run out of searches once it is gone, and finds those of others', () => {
  addRun('one', { totalMs: 1 });
  addRun('two', { totalMs: 1 });
  const found = (): string[] => askHistory(history, '"a dog number"').items.map(({ id }) => id);
  expect(found().toSorted()).toEqual(['one', 'two']);
  runs.deleteRun('one');
  expect(found()).toEqual(['two']);
});
