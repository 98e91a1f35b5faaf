import { describe, expect, it } from 'vitest';
import { countTags, tagsTyped } from '../../../../src/renderer/views/history/count-tags.js';
import {
  chooseCompare,
  describeBinHindrance,
  describeCount,
  describeEmptied,
  describeResult,
  groupOfEntry,
  nameSubject,
} from '../../../../src/renderer/views/history/describe-history.js';
import { rowsAsCsv } from '../../../../src/renderer/views/history/export-rows.js';
import { columnsOf, readColumnIds } from '../../../../src/renderer/views/history/history-columns.js';
import { buildHistoryEntry } from '../../../support/history-entries.js';

const run = buildHistoryEntry;

describe('describeResult', () => {
  it('tells validity of a run that succeeded, with the number of reasons', () => {
    expect(describeResult(run()).label).toBe('Valid');
    expect(describeResult(run({ result: { isValid: false, reasons: ['Paused.', 'Hot.'] } }))).toEqual({
      tone: 'warning',
      label: 'Invalid 2',
    });
  });

  it('tells a planned start, and one that was missed', () => {
    const waits = { state: 'queued', result: { isValid: null, reasons: [] } };
    expect(describeResult(run({ ...waits, plannedStart: { atMs: 5, isMissed: false } }))).toEqual({ tone: 'planned', label: 'Planned' });
    expect(describeResult(run({ ...waits, plannedStart: { atMs: 5, isMissed: true } }))).toEqual({ tone: 'warning', label: 'Missed' });
    expect(describeResult(run(waits)).label).toBe('Queued');
  });

  it('tells the state of all else', () => {
    expect(describeResult(run({ state: 'running', result: { isValid: null, reasons: [] } })).label).toBe('Running');
    expect(describeResult(run({ state: 'failed', result: { isValid: false, reasons: ['It failed.'] } })).label).toBe('Failed');
    expect(describeResult(run({ kind: 'training', result: { isValid: null, reasons: [] } })).label).toBe('Succeeded');
    expect(describeResult(run({ kind: 'study', state: 'cancelled', result: { isValid: null, reasons: [] } })).label).toBe('Canceled');
  });
});

describe('chooseCompare', () => {
  it('leads to the comparison of the runs among the selected records', () => {
    const choice = chooseCompare([run({ id: 'a' }), run({ kind: 'series', id: 's' }), run({ id: 'b' })]);
    expect(choice).toEqual({ to: { path: '/compare', query: { runs: 'a,b' } }, count: 2 });
  });

  it('says why there is nothing to compare', () => {
    expect(chooseCompare([run()])).toEqual({ reason: 'Select 2 or more runs to compare them' });
    expect(chooseCompare([run({ id: 'a' }), run({ id: 'b', state: 'running' })])).toEqual({
      reason: 'A run can be compared once it has ended',
    });
    expect(chooseCompare(Array.from({ length: 101 }, (_, index) => run({ id: String(index) })))).toEqual({
      reason: 'At most 100 runs can be compared',
    });
  });
});

describe('describeBinHindrance', () => {
  it('names what has not ended; a paused training may go, a paused run not', () => {
    expect(describeBinHindrance([run(), run({ kind: 'training', state: 'paused' })])).toBeNull();
    expect(describeBinHindrance([run({ name: 'Cut', state: 'paused' })])).toBe('Cut has not ended');
    expect(describeBinHindrance([run({ state: 'running' }), run({ state: 'queued' })])).toBe('2 have not ended');
  });
});

describe('counts', () => {
  it('say how many of all match', () => {
    expect(describeCount(312, 1043, true)).toBe('312 of 1,043');
    expect(describeCount(1043, 1043, false)).toBe('1,043 records');
  });

  it('name one record by its name, several by their number and kind', () => {
    expect(nameSubject([run({ name: 'Live' })])).toBe('Live');
    expect(nameSubject([run(), run()])).toBe('2 runs');
    expect(nameSubject([run(), run({ kind: 'study' })])).toBe('2 records');
  });

  it('say what emptying the bin freed and what stayed', () => {
    expect(describeEmptied({ removed: 3, freedBytes: 12_300_000, problems: [] })).toBe('3 items removed for good, 12.3 MB freed.');
    const problem = { kind: 'run' as const, id: 'a', name: 'Live', message: 'It is used.' };
    expect(describeEmptied({ removed: 0, freedBytes: 0, problems: [problem] })).toContain('1 item stayed in the bin');
  });
});

describe('groupOfEntry', () => {
  it('puts the runs of a series with it, and the rest aside', () => {
    const group = groupOfEntry('series')!;
    const inSeries = group(run({ seriesId: 's', seriesName: 'Overnight' }));
    expect(inSeries).toEqual(group(run({ kind: 'series', id: 's', name: 'Overnight', seriesId: 's', seriesName: 'Overnight' })));
    expect(group(run()).label).toBe('Not in a series');
  });

  it('takes the day on the calendar here', () => {
    const group = groupOfEntry('day')!;
    const at = new Date(2026, 10, 28, 23, 59).getTime();
    expect(group(run({ startedAtMs: at })).label).toBe('Saturday, November 28, 2026');
    expect(group(run({ startedAtMs: null, plannedStart: { atMs: at, isMissed: false } })).label).toBe('Saturday, November 28, 2026');
    expect(group(run({ startedAtMs: at + 60_000 })).key).not.toBe(group(run({ startedAtMs: at })).key);
  });
});

describe('tags', () => {
  it('are counted as they will be', () => {
    const entries = [{ tags: ['orin', 'draft'] }, { tags: ['orin'] }];
    expect(countTags(entries, ['night'], ['draft'])).toEqual([
      { tag: 'night', count: 2, isOnAll: true },
      { tag: 'orin', count: 2, isOnAll: true },
    ]);
    expect(countTags(entries, [], [])[0]).toEqual({ tag: 'draft', count: 1, isOnAll: false });
  });

  it('are typed with spaces or commas between', () => {
    expect(tagsTyped(' #orin, night  x')).toEqual(['#orin', 'night', 'x']);
  });
});

describe('columns', () => {
  it('are those chosen that exist, in the order of the table; the default ones without a choice', () => {
    expect(readColumnIds(['total', 'nonsense', 'result'])).toEqual(['result', 'total']);
    expect(readColumnIds([])).toContain('efficiency');
    expect(columnsOf(['total']).map(({ id }) => id)).toEqual(['star', 'name', 'total']);
  });

  it('keep that by which the list is sorted the longest, and have room for long names where there is some', () => {
    const [, , scheduler, created] = columnsOf(['scheduler', 'created'], { sortedBy: 'created', hasRoom: true });
    expect(created?.hideOrder).toBeGreaterThan(scheduler?.hideOrder ?? Infinity);
    expect(scheduler?.widthPx).toBeGreaterThan(columnsOf(['scheduler'])[2]?.widthPx ?? Infinity);
  });
});

it('rows as CSV have every figure whole, and no formula', () => {
  const csv = rowsAsCsv([run({ name: '=cmd()', totalMs: 1234.5, tags: ['a', 'b'], note: 'two\nlines' })]);
  expect(csv).toContain("'=cmd()");
  expect(csv).toContain('1234.5');
  expect(csv).toContain('"two\nlines"');
});
