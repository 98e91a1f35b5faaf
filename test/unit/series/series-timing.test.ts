import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { coolDown } from '../../../src/main/domain/series/cool-down.js';
import { estimateSeries } from '../../../src/main/domain/series/estimate-series.js';
import { TestbedTurns } from '../../../src/main/domain/series/testbed-turns.js';
import type { RunEstimate } from '../../../src/shared/run.js';
import type { SeriesSpec } from '../../../src/shared/series.js';
import { buildRunSummary } from '../../support/run-fixtures.js';
import { buildSeriesSpec } from '../../support/series-fixtures.js';

const never = new AbortController().signal;

describe('the rest between two runs', () => {
  /** A clock that only waits move, and nodes that are as hot as listed, reading by reading. */
  async function rest(rest: SeriesSpec['coolDown'], sinceMs: number | null, celsius: (number | null)[] = []) {
    let nowMs = 100_000;
    const said: string[] = [];
    await coolDown(
      {
        ...{ rest, sinceMs },
        readCelsius: () => Promise.resolve(celsius.length > 1 ? (celsius.shift() ?? null) : (celsius[0] ?? null)),
        phase: (text) => said.push(text),
        log: (text) => said.push(text),
        nowMs: () => nowMs,
        wait: (ms) => Promise.resolve((nowMs += ms)),
      },
      never,
    );
    return { waitedMs: nowMs - 100_000, said };
  }

  it('lasts from the end of the last run, so that a restart does not add to it', async () => {
    expect(await rest({ sec: 60, belowCelsius: null }, 100_000)).toEqual({ waitedMs: 60_000, said: ['Cooling down for 60 s'] });
    expect((await rest({ sec: 60, belowCelsius: null }, 70_000)).waitedMs).toBe(30_000);
    expect((await rest({ sec: 60, belowCelsius: null }, 10_000)).waitedMs).toBe(0);
  });

  it('is none before the first run', async () => {
    expect(await rest({ sec: 60, belowCelsius: 40 }, null, [90])).toEqual({ waitedMs: 0, said: [] });
  });

  it('lasts until no sensor is hotter', async () => {
    expect(await rest({ sec: 0, belowCelsius: 50 }, 100_000, [61, 55, 50])).toMatchObject({ waitedMs: 10_000 });
  });

  it('waits for no sensor where there is none, and for hot ones not for ever', async () => {
    expect((await rest({ sec: 0, belowCelsius: 50 }, 100_000, [null])).said).toEqual([
      'No node reports a temperature, so none was waited for',
    ]);
    const hot = await rest({ sec: 0, belowCelsius: 50 }, 100_000, [70]);
    expect(hot.waitedMs).toBe(600_000);
    expect(hot.said.at(-1)).toBe('The nodes are still at 70 °C instead of 50 °C; the next run starts all the same');
  });
});

describe('turns on a testbed', () => {
  it('come in the order of asking, each when the one before has given its back', async () => {
    const turns = new TestbedTurns();
    const came: string[] = [];
    const ask = (id: string, signal: AbortSignal = never) =>
      turns.take('testbed-1', { id, name: id }, signal).then((giveBack) => (came.push(`${id} ${giveBack !== null}`), giveBack));
    const first = await ask('a');
    const gone = new AbortController();
    const waiting = [ask('b', gone.signal), ask('c')] as const;
    await nextTurn();
    expect(turns.ahead('testbed-1', 'c')).toEqual({ id: 'b', name: 'b' });
    expect(turns.holder('testbed-1')).toEqual({ id: 'a', name: 'a' });
    gone.abort();
    expect(await waiting[0]).toBeNull();
    expect(turns.ahead('testbed-1', 'c')).toEqual({ id: 'a', name: 'a' });
    first?.();
    (await waiting[1])?.();
    expect(came).toEqual(['a true', 'b false', 'c true']);
    expect(turns.holder('testbed-1')).toBeNull();
  });

  it('of another testbed are not waited for', async () => {
    const turns = new TestbedTurns();
    await turns.take('testbed-1', { id: 'a', name: 'a' }, never);
    expect(await turns.take('testbed-2', { id: 'b', name: 'b' }, never)).not.toBeNull();
  });
});

describe('the estimate of a series', () => {
  const runEstimate: RunEstimate = {
    lowerBoundMs: 60_000,
    boundProblem: null,
    problems: [],
    overload: null,
    keptTimeScale: null,
    warnings: [],
  };
  const estimate = (change: Partial<RunEstimate>[] = [], spec: Partial<SeriesSpec> = {}, freeBytes: number | null = 1e9) =>
    estimateSeries(buildSeriesSpec({ repetitions: 5, coolDown: { sec: 30, belowCelsius: null }, ...spec }), {
      testbed: { nodes: [], timeScale: 2 },
      estimateRun: ({ taskCount }) => ({ ...runEstimate, ...(change[taskCount === 1 ? 0 : 1] ?? {}) }),
      earlierRuns: [0.5, 0.8, 0.9].map((efficiency) => buildRunSummary({ metrics: { ...buildRunSummary().metrics, efficiency } })),
      image: { sizeBytes: 1_000_000, isMeasured: true },
      learningProblem: (trainingId) => (trainingId === 'training-of-stations' ? 'It has no shared network.' : null),
      freeBytes,
    });

  it('adds up the bounds of all runs in real time, with the rests between them, and what runs here usually take', () => {
    // 2 schedulers x 2 conditions x 5 repetitions of 60 model seconds at x2, and 19 rests of 30 s.
    expect(estimate()).toMatchObject({
      runCount: 20,
      taskCount: 210,
      atLeastSec: 600 + 570,
      likelySec: 750 + 570,
      conditions: [30, 30].map((atLeastSec) => ({ atLeastSec, likelySec: atLeastSec / 0.8 })),
      diskBytes: 210e6,
      warnings: [],
    });
  });

  it('knows no time where a node was never measured', () => {
    expect(estimate([{}, { lowerBoundMs: null, boundProblem: 'Not calibrated: node-1.' }])).toMatchObject({
      ...{ atLeastSec: null, likelySec: null, boundProblem: 'Not calibrated: node-1.' },
    });
  });

  it('says what would be invalid, and under which condition where not under all', () => {
    const warned = estimate([{ warnings: ['Hot.'] }, { warnings: ['Hot.', 'Too fast.'], overload: 'Too slow.' }]);
    expect(warned.warnings).toEqual(['Hot.', '|N| = 20: Too fast.']);
    expect(warned.overloads).toEqual(['|N| = 20: Too slow.']);
  });

  it('names the time scale that this machine keeps under every condition', () => {
    expect(estimate([{ keptTimeScale: 40 }, { keptTimeScale: 20 }]).keptTimeScale).toBe(20);
    expect(estimate().keptTimeScale).toBeNull();
  });

  it('says when the disk is too small, and that one repetition gives no interval', () => {
    expect(estimate([], { repetitions: 1 }, 1_000_000).warnings).toEqual([
      'The images would take about 42.0 MB, and 1.00 MB are free.',
      'One repetition gives no interval, and no difference can be told from chance.',
    ]);
  });
});
