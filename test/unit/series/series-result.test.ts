import { describe, expect, it } from 'vitest';
import { buildSeriesRows } from '../../../src/main/domain/comparison/series-rows.js';
import { buildSeriesComparison } from '../../../src/main/domain/comparison/build-comparison.js';
import { buildSeriesResult } from '../../../src/main/domain/series/series-result.js';
import { remainingSeriesSec } from '../../../src/main/domain/series/remaining-time.js';
import type { SeriesRunFigures } from '../../../src/main/domain/series/run-figures-of-series.js';
import type { SeriesCell, SeriesResult, SeriesSummary } from '../../../src/shared/series.js';
import { buildRunSummary } from '../../support/run-fixtures.js';
import { buildSeriesSpec } from '../../support/series-fixtures.js';

const spec = buildSeriesSpec({ repetitions: 3, conditions: buildSeriesSpec().conditions.slice(1) });
/** Totals of round-robin and of random on three workloads, seconds. */
const TOTALS = [
  [100, 110, 121],
  [105, 116, 127],
] as const;

interface Change {
  cell?: (cell: SeriesCell) => Partial<SeriesCell>;
  figures?: (runId: string) => Partial<SeriesRunFigures>;
  nodesOf?: (runId: string) => string[];
  includeInvalid?: boolean;
}

function resultOf({
  cell = () => ({}),
  figures = () => ({}),
  nodesOf = () => ['node-1'],
  includeInvalid = false,
}: Change = {}): SeriesResult {
  const cells = TOTALS.flatMap((totals, scheduler) =>
    totals.map((_, index): SeriesCell => {
      const key = { condition: 0, scheduler, repetition: index + 1 };
      const whole: SeriesCell = { ...key, position: 0, state: 'valid', runId: `run-${scheduler}-${index}`, tries: 1, reasons: [] };
      return { ...whole, ...cell(whole) };
    }),
  );
  return buildSeriesResult(
    { id: 'series-1', spec },
    {
      ...{ cells, nodesOf, includeInvalid, learnedAfter: () => new Map() },
      runs: cells.map(({ runId }) => buildRunSummary({ id: runId ?? '', timeScale: 60 })),
      figuresOf: ({ id }) => {
        const [, scheduler = '0', index = '0'] = id.split('-');
        const totalSec = TOTALS[Number(scheduler)]?.[Number(index)] ?? NaN;
        const known = {
          totalSec,
          efficiency: 90 / totalSec,
          controlShare: 0.01,
          meanServiceSec: totalSec / 2,
          percentilesSec: [totalSec / 2, null, null],
        };
        return { ...known, ...figures(id) };
      },
    },
  );
}

describe('the figures of a scheduler under a condition', () => {
  it('are means over repetitions with their intervals', () => {
    const [cell] = resultOf().cells;
    // Student t of 2 degrees of freedom, 4.3027, times 10.5 / sqrt(3).
    expect(cell?.totalSec?.mean).toBeCloseTo(110.333, 3);
    expect(cell?.totalSec?.halfWidth95).toBeCloseTo(26.095, 2);
    expect(cell).toMatchObject({ counted: 3, invalid: 0, missing: 0, isSimulated: true, runIds: ['run-0-0', 'run-0-1', 'run-0-2'] });
  });

  it('hide a percentile that a run has too few tasks for, and say so', () => {
    const result = resultOf();
    const [cell] = result.cells;
    expect(cell?.medianServiceSec.figure?.mean).toBeCloseTo(55.167, 3);
    expect(cell?.p95ServiceSec).toEqual({ figure: null, hidden: 'A run has too few tasks: it takes 59.' });
    expect(cell?.p99ServiceSec).toMatchObject({ figure: null, hidden: 'A run has too few tasks: it takes 299.' });
    expect(result.notes).toContain(
      'A percentile is left out (–) where a run has too few tasks for it: it takes 6 for the median, 59 for p95, 299 for p99.',
    );
  });

  it('leave invalid runs out unless they are asked for, and count them', () => {
    const cell = (one: SeriesCell): Partial<SeriesCell> => (one.scheduler === 0 && one.repetition === 2 ? { state: 'invalid' } : {});
    expect(resultOf({ cell }).cells[0]).toMatchObject({ counted: 2, invalid: 1 });
    expect(resultOf({ cell }).notes).toContain('Invalid: 1 run, not counted.');
    expect(resultOf({ cell, includeInvalid: true }).cells[0]).toMatchObject({ counted: 3, invalid: 1 });
  });

  it('are missing where nothing has run', () => {
    const result = resultOf({ cell: () => ({ state: 'waiting', runId: null }) });
    expect(result.cells[0]).toMatchObject({
      counted: 0,
      missing: 3,
      totalSec: null,
      medianServiceSec: { figure: null, hidden: 'No run counts.' },
    });
    expect(result.differences).toEqual([]);
  });

  it('miss no tasks where a run is missing', () => {
    const cell = ({ scheduler }: SeriesCell): Partial<SeriesCell> => (scheduler === 1 ? { state: 'waiting', runId: null } : {});
    const { cells, notes } = resultOf({ cell, figures: () => ({ percentilesSec: [1, 2, 3] }) });
    expect(cells.map(({ counted }) => counted)).toContain(0);
    expect(notes.join(' ')).not.toContain('too few tasks');
  });

  it('have no efficiency where no run has a bound', () => {
    expect(resultOf({ figures: () => ({ efficiency: null }) }).cells[0]?.efficiency).toBeNull();
  });
});

describe('the difference of two schedulers', () => {
  it('is paired: five seconds on every workload are significant, though the workloads differ by more', () => {
    const [difference] = resultOf().differences;
    // Differences of -5, -6, -6.
    expect(difference).toMatchObject({ first: 0, second: 1, pairs: 3, isSignificant: true });
    expect(difference?.meanSec).toBeCloseTo(-5.667, 3);
    expect(difference?.sentence).toMatch(
      /^Round-robin takes 5\.67 ± 1\.43 s \(4\.9 %\) less than Random over 3 repetitions, p = 0\.0034, effect \d/,
    );
  });

  it('says which one is faster from either side', () => {
    const figures = (id: string) => ({ totalSec: id.startsWith('run-0') ? 106 + Number(id.at(-1)) : 100 });
    expect(resultOf({ figures }).differences[0]?.sentence).toMatch(/^Random takes 7\.00 ± 2\.48 s \(6\.5 %\) less than Round-robin/);
  });

  it('that is not significant says so', () => {
    const figures = (id: string) => (id === 'run-1-1' ? { totalSec: 60 } : {});
    expect(resultOf({ figures }).differences[0]).toMatchObject({ isSignificant: false });
    expect(resultOf({ figures }).differences[0]?.sentence).toMatch(/^No significant difference between Round-robin and Random: /);
  });

  it('of a single repetition says nothing about chance', () => {
    const cell = ({ repetition }: SeriesCell): Partial<SeriesCell> => (repetition > 1 ? { state: 'failed' } : {});
    expect(resultOf({ cell }).differences[0]).toMatchObject({ pairs: 1, halfWidth95Sec: null, adjustedP: null, isSignificant: false });
    expect(resultOf({ cell }).differences[0]?.sentence).toMatch(/in one repetition, which says nothing about chance/);
  });

  it('is only of runs on the same nodes', () => {
    const result = resultOf({ nodesOf: (id) => (id === 'run-0-1' ? ['node-1', 'node-2'] : ['node-1']) });
    expect(result.differences[0]?.pairs).toBe(2);
    expect(result.notes).toContain('The testbed changed between runs: differences are only of runs on the same nodes.');
  });
});

describe('Table V of a series', () => {
  const series: SeriesSummary = {
    ...{
      id: 'series-1',
      spec,
      state: 'succeeded',
      testbedName: 'Lab',
      datasetName: 'Flickr8k',
      programVersion: '0.1.0',
      imported: null,
      error: null,
      phase: null,
    },
    ...{ createdAtMs: 1, startedAtMs: 1, finishedAtMs: 2, waitsBehind: null, remainingSec: null },
    counts: { total: 6, valid: 6, invalid: 0, failed: 0, running: 0, waiting: 0 },
  };

  it('has a row for each scheduler, each cell with its interval, and keeps the marks', () => {
    const cell = (one: SeriesCell): Partial<SeriesCell> => (one.scheduler === 1 && one.repetition === 3 ? { state: 'invalid' } : {});
    const rows = buildSeriesRows(series, resultOf({ cell }), [1, 20]);
    expect(rows.map(({ platform, isSimulated, isEdge }) => [platform, isSimulated, isEdge])).toEqual([
      ['Round-robin (Lab)', true, true],
      ['Random (Lab)', true, true],
    ]);
    expect(rows[0]?.delaySec).toEqual([
      { count: 1, delaySec: null, runIds: [] },
      expect.objectContaining({ count: 20, delaySec: 331 / 3, runIds: ['run-0-0', 'run-0-1', 'run-0-2'] }),
    ]);
    expect(rows[1]?.delaySec[1]?.series).toMatchObject({ repetitions: 2, invalid: 1, missing: 0 });
    expect(rows[1]?.notes.join(' ')).toMatch(/Simulated: .* Invalid: 1 run\./);
  });

  it('stands beside the platforms of the paper', () => {
    const comparison = buildSeriesComparison({ platforms: [], series, result: resultOf(), cloudConcurrency: 1 });
    expect(comparison.counts).toEqual([1, 20, 100, 500, 1000]);
    expect(comparison.notes.join(' ')).toContain('adjusted by Holm');
    expect(comparison.reductions).toHaveLength(2 * 5);
  });
});

describe('the time that is left', () => {
  const cells = [0, 1].map((scheduler): SeriesCell => ({
    condition: 0,
    scheduler,
    repetition: 2,
    position: 0,
    state: 'waiting',
    runId: null,
    tries: 0,
    reasons: [],
  }));
  const timed = (scheduler: number, sec: number, repetition = 1) => ({
    series: { seriesId: 'series-1', condition: 0, scheduler, repetition },
    startedAtMs: 0,
    finishedAtMs: sec * 1000,
  });

  it('is not known before a run has ended; a warm-up says nothing', () => {
    expect(remainingSeriesSec(spec, cells, [timed(0, 5, 0)])).toBeNull();
  });

  it('goes by the runs of the same scheduler, else by those of the others, with the rests between', () => {
    expect(remainingSeriesSec(spec, cells, [timed(0, 50)])).toBe(100);
    expect(remainingSeriesSec({ ...spec, coolDown: { sec: 10, belowCelsius: null } }, cells, [timed(0, 50), timed(1, 70)])).toBe(140);
  });

  it('goes by the number of tasks where a condition has not run yet', () => {
    const both = buildSeriesSpec();
    expect(remainingSeriesSec(both, [{ ...cells[0]!, condition: 1 }], [timed(0, 3)])).toBe(60);
  });
});
