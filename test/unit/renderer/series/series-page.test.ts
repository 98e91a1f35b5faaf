import { describe, expect, it } from 'vitest';
import {
  describeTimeLeft,
  listSeriesCommands,
  nameCondition,
  statusOf,
  toneOfProgress,
} from '../../../../src/renderer/views/series/describe-series.js';
import { blocksOf, moveBy, moveTo, neighborsOf } from '../../../../src/renderer/views/series/series-blocks.js';
import {
  chartOf,
  formatP,
  scaleOf,
  textOfFigure,
  textOfPercentile,
  textOfShare,
  verdictOf,
} from '../../../../src/renderer/views/series/series-figures.js';
import { formatMinutes, planRows } from '../../../../src/renderer/views/composer/series-plan-rows.js';
import { formatClock } from '../../../../src/renderer/views/series/format-clock.js';
import { findKeptTestbed } from '../../../../src/renderer/views/composer/kept-testbed.js';
import { planSeries } from '../../../../src/main/domain/series/plan-series.js';
import { toSeriesCommand } from '../../../../src/shared/series-command-line.js';
import type { SeriesCell, SeriesResult, SeriesSummary } from '../../../../src/shared/series.js';
import type { Testbed } from '../../../../src/shared/testbed.js';
import { buildSeriesSpec } from '../../../support/series-fixtures.js';

const spec = buildSeriesSpec();
const cells = (change: (cell: SeriesCell) => Partial<SeriesCell> = () => ({})): SeriesCell[] =>
  planSeries(spec).map((key, position) => {
    const cell: SeriesCell = { ...key, position, state: 'waiting', runId: null, tries: 0, reasons: [] };
    return { ...cell, ...change(cell) };
  });
const summary = (change: Partial<SeriesSummary>): SeriesSummary => ({
  ...{ id: 'series-1', spec, state: 'running', testbedName: 'Lab', datasetName: 'Sample', programVersion: '1', createdAtMs: 0 },
  ...{ startedAtMs: 0, finishedAtMs: null, error: null, waitsBehind: null, phase: null, remainingSec: null, imported: null },
  counts: { total: 8, valid: 2, invalid: 1, failed: 0, running: 1, waiting: 4 },
  ...change,
});

describe('the plan of a series on its page', () => {
  it('has a block per repetition of a condition, with the cell of every scheduler', () => {
    const started = cells(({ position }) => (position === 0 ? { state: 'valid', runId: 'run-1', tries: 1 } : {}));
    const blocks = blocksOf(started, 2);
    expect(blocks.map(({ name, isWaiting }) => [name, isWaiting])).toEqual([
      ['1.1', false],
      ['2.1', true],
      ['1.2', true],
      ['2.2', true],
    ]);
    expect(blocks[0]?.cells.map((cell) => cell?.scheduler)).toEqual([0, 1]);
  });

  it('moves a block to where another is, and by one place', () => {
    expect(moveTo(['a', 'b', 'c'], 'c', 'a')).toEqual(['c', 'a', 'b']);
    expect(moveTo(['a', 'b', 'c'], 'a', 'c')).toEqual(['b', 'c', 'a']);
    expect(moveTo(['a', 'b'], 'a', 'a')).toBeNull();
    expect(moveTo(['a', 'b'], 'a', 'gone')).toBeNull();
    expect(moveBy(['a', 'b', 'c'], 'b', -1)).toEqual(['b', 'a', 'c']);
    expect(moveBy(['a', 'b', 'c'], 'c', 1)).toBeNull();
  });

  it('leads from a run to those before and after it that there are', () => {
    const some = cells(({ position }) => (position % 3 === 0 ? { runId: `run-${position}` } : {}));
    const third = some[3]!;
    expect(neighborsOf(some, { id: 'run-3', series: third })).toEqual({
      ...{ position: 4, total: 8, previousId: 'run-0', nextId: 'run-6' },
    });
    expect(neighborsOf(some, { id: 'warm-up', series: { condition: 0, scheduler: 0, repetition: 0 } })).toBeNull();
  });
});

describe('what can be asked of a series', () => {
  it('is what its state allows', () => {
    expect(listSeriesCommands({ state: 'running' }, 3, 4)).toEqual(['pause', 'finishBlock', 'cancel', 'extend']);
    expect(listSeriesCommands({ state: 'queued' }, 4, 4)).toEqual(['pause', 'cancel', 'extend']);
    expect(listSeriesCommands({ state: 'paused' }, 0, 4)).toEqual(['resume', 'cancel', 'extend']);
    expect(listSeriesCommands({ state: 'succeeded' }, 0, 4)).toEqual(['extend']);
    expect(listSeriesCommands({ state: 'failed' }, 2, 4)).toEqual(['resume', 'extend']);
    expect(listSeriesCommands({ state: 'stopping' }, 2, 4)).toEqual([]);
  });
});

describe('the time left of a series', () => {
  const nowMs = new Date(2026, 10, 29, 20, 0).getTime();

  it('has an end by the clock, or says why it is not known', () => {
    expect(describeTimeLeft(summary({ remainingSec: 1800 }), nowMs)).toBe('About 30 min left, ends about 20:30');
    expect(describeTimeLeft(summary({ remainingSec: 10 * 3600 }), nowMs)).toBe('About 10 h left, ends about Nov 30, 06:00');
    expect(describeTimeLeft(summary({}), nowMs)).toBe('Time left is known after the first run');
    expect(describeTimeLeft(summary({ state: 'paused', remainingSec: 5 }), nowMs)).toBe('Paused: time left is not known');
    expect(describeTimeLeft(summary({ state: 'queued', waitsBehind: { id: 'x', name: 'Other' } }), nowMs)).toBe('Waits behind “Other”');
    expect(describeTimeLeft(summary({ state: 'succeeded' }), nowMs)).toBeNull();
  });

  it('is a warning at the end where cells have no valid run', () => {
    const counts = { total: 8, valid: 8, invalid: 0, failed: 0, running: 0, waiting: 0 };
    expect(statusOf(summary({ state: 'succeeded', counts }))).toEqual({ tone: 'ok', label: 'Succeeded' });
    const bad = summary({ state: 'succeeded', counts: { ...counts, valid: 1, invalid: 7 } });
    expect(statusOf(bad)).toEqual({ tone: 'warning', label: 'Succeeded, 7 not valid' });
    expect(toneOfProgress(bad)).toBe('warning');
    expect(toneOfProgress(summary({ state: 'running' }))).toBe('busy');
  });

  it('names the day where it is not today', () => {
    expect(formatClock(nowMs + 60_000, nowMs)).toBe('20:01');
    expect(formatClock(nowMs + 86_400_000, nowMs)).toBe('Nov 30, 20:00');
  });
});

describe('the figures of a series on its page', () => {
  it('say why there are none', () => {
    expect(textOfFigure({ mean: 1234.56, halfWidth95: 7.04, repetitions: 3 })).toEqual({
      mean: '1,234.6',
      halfWidth: '± 7.0',
      reason: null,
    });
    expect(textOfFigure({ mean: 2, halfWidth95: null, repetitions: 1 })).toEqual({ mean: '2.0', halfWidth: null, reason: null });
    expect(textOfFigure(null)).toMatchObject({ mean: '–', reason: 'No run counts.' });
    expect(textOfShare({ mean: 0.957, halfWidth95: 0.004, repetitions: 3 }, '')).toMatchObject({ mean: '95.7', halfWidth: '± 0.4' });
    expect(textOfPercentile({ figure: null, hidden: 'Too few.' })).toEqual({ mean: '–', halfWidth: null, reason: 'Too few.' });
  });

  it('say in words what is not significant', () => {
    expect(verdictOf({ adjustedP: 0.2, isSignificant: false, pairs: 3 })).toBe('Not significant');
    expect(verdictOf({ adjustedP: 0.01, isSignificant: true, pairs: 3 })).toBe('Significant');
    expect(verdictOf({ adjustedP: null, isSignificant: false, pairs: 1 })).toBe('One repetition says nothing about chance');
    expect(verdictOf({ adjustedP: null, isSignificant: false, pairs: 5 })).toContain('A sequence in which it was learned');
    expect(formatP(0.00001)).toBe('< 0.0001');
    expect(formatP(0.0312)).toBe('0.031');
  });

  it('are drawn with their intervals, a group per condition and a color per scheduler', () => {
    const nothing = { figure: null, hidden: '' } as const;
    const cell = (condition: number, scheduler: number, mean: number | null) => ({
      ...{
        condition,
        scheduler,
        counted: 2,
        invalid: 0,
        missing: 0,
        isSimulated: true,
        runIds: [],
        controlShare: null,
        energyWhPer1k: null,
        energySource: null,
      },
      totalSec: mean === null ? null : { mean, halfWidth95: mean / 10, repetitions: 2 },
      efficiency: mean === null ? null : { mean: 0.5, halfWidth95: null, repetitions: 2 },
      ...{ meanServiceSec: null, medianServiceSec: nothing, p95ServiceSec: nothing, p99ServiceSec: nothing },
    });
    const result: SeriesResult = {
      ...{ seriesId: 'series-1', includesInvalid: false, differences: [], learning: [], notes: [] },
      cells: [cell(0, 0, 10), cell(0, 1, 20), cell(1, 0, 30), cell(1, 1, null)],
    };
    expect(chartOf(spec, result, 'total')).toEqual({
      labels: ['|N| = 1', '|N| = 20'],
      series: [
        { name: 'Round-robin', values: [10, 30], halfWidths: [1, 3] },
        { name: 'Random', values: [20, null], halfWidths: [2, null] },
      ],
    });
    expect(chartOf(spec, result, 'efficiency').series[0]).toMatchObject({ values: [50, 50], halfWidths: [null, null] });
    const withoutRuns = { ...result, cells: result.cells.map((each) => (each.condition === 1 ? { ...each, counted: 0 } : each)) };
    expect(chartOf(spec, withoutRuns, 'total').labels).toEqual(['|N| = 1', '|N| = 20: no valid run']);
  });

  it('are drawn from zero unless that would hide the lowest', () => {
    const scale = (...values: (number | null)[]) => scaleOf([{ name: 'Random', values }]);
    expect([scale(), scale(null), scale(0, 50), scale(100, 2000)]).toEqual(['linear', 'linear', 'linear', 'linear']);
    expect(scale(20, null, 2000)).toBe('logarithmic');
  });

  it('tell conditions apart by what varies', () => {
    const [one] = spec.conditions;
    const varied = { conditions: [one!, { ...one!, qualitySteps: { min: 4, max: 4 } }] };
    expect([0, 1].map((index) => nameCondition(varied, index))).toEqual(['|N| = 1, 10-19 steps', '|N| = 1, 4 steps']);
  });
});

describe('what a series takes', () => {
  it('is minutes per run, likely where runs are on record, else at least', () => {
    const plan = planRows(spec, { conditions: [18, 372].map((atLeastSec) => ({ atLeastSec, likelySec: null })) });
    expect(plan.isLikely).toBe(false);
    expect(plan.rows.map(({ scheduler, totalSec }) => [scheduler, totalSec])).toEqual([
      ['Round-robin', 780],
      ['Random', 780],
    ]);
    expect(plan.rows[0]?.minutes.map(formatMinutes)).toEqual(['0.3', '6.2']);
    expect(planRows(spec, { conditions: [{ atLeastSec: 60, likelySec: 90 }] })).toMatchObject({ isLikely: true });
    expect(planRows(spec, { conditions: [{ atLeastSec: null, likelySec: null }] }).rows[0]?.totalSec).toBeNull();
    expect([0.01, 0, 62.4, null].map(formatMinutes)).toEqual(['< 0.1', '0.0', '62', '–']);
  });

  it('can be had on another testbed whose time scale this machine keeps', () => {
    const testbed = (id: string, timeScale: number, kind = 'virtual', state = 'ready') =>
      ({ id, timeScale, kind, nodes: [{ provisionState: state }] }) as unknown as Testbed;
    const [chosen, slow, kept] = [testbed('a', 1000), testbed('b', 5), testbed('c', 20)];
    const all = [chosen, slow, kept, testbed('d', 20, 'virtual', 'new'), testbed('e', 1, 'real'), testbed('f', 40)];
    expect(findKeptTestbed(all, chosen, 20)?.id).toBe('c');
    expect(findKeptTestbed(all, chosen, 3)).toBeUndefined();
    expect(findKeptTestbed(all, chosen, null)).toBeUndefined();
  });
});

describe('the command of a series', () => {
  it('says all that its specification does', () => {
    const command = toSeriesCommand(
      buildSeriesSpec({
        ...{ name: 'Two nights', keepInvalid: true, strength: 0.4, coolDown: { sec: 60, belowCelsius: 55 } },
        schedulers: [{ scheduler: 'random' }, { scheduler: 'learned', trainingId: 'training-1' }],
      }),
    );
    expect(command).toBe(
      "npm run cli -- series start --testbed testbed-1 --dataset dataset-1 --count 1,20 --schedulers random,learned:training-1 --repeat 2 --seed 1 --steps 10-19 --arrivals at-once --name 'Two nights' --cool-down 60 --cool-below 55 --warm-up 0 --tries 3 --attempts 3 --strength 0.4 --keep-invalid",
    );
  });

  it('names the preset where the counts are those of Table V', () => {
    const [condition] = spec.conditions;
    const conditions = [1, 100, 500, 1000].map((taskCount) => ({ ...condition!, taskCount }));
    expect(toSeriesCommand(buildSeriesSpec({ conditions }))).toContain('--preset table-v');
  });
});
