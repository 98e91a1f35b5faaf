// What a series that measures learning on the job has of a row that learns: a sequence, never repetitions.
import { describe, expect, it } from 'vitest';
import { buildSeriesRows } from '../../../src/main/domain/comparison/series-rows.js';
import { buildSeriesResult } from '../../../src/main/domain/series/series-result.js';
import { seriesSpecSchema } from '../../../src/shared/api/series-inputs.js';
import { describeLearned } from '../../../src/shared/describe-learned.js';
import type { LearningAttempt } from '../../../src/shared/on-the-job.js';
import type { SeriesCell, SeriesScheduler, SeriesSummary } from '../../../src/shared/series.js';
import { toSeriesCommand } from '../../../src/shared/series-command-line.js';
import { buildRunSummary } from '../../support/run-fixtures.js';
import { buildSeriesSpec } from '../../support/series-fixtures.js';

const learning: SeriesScheduler = { scheduler: 'learned', trainingId: 'training-1', learning: 'measured' };
const spec = buildSeriesSpec({
  schedulers: [learning, { scheduler: 'random' }],
  conditions: buildSeriesSpec().conditions.slice(1),
  repetitions: 3,
});
/** Of the policy and of random on three workloads, seconds; the version that decided each run of the policy. */
const TOTALS = [
  [110, 108, 104],
  [112, 113, 115],
] as const;
const VERSIONS = ['training-1', 'training-1', 'training-2'];

const attempt: LearningAttempt = {
  ...{ trainingId: 'training-2', testbedId: 'testbed-1', fromTrainingId: 'training-1', afterRunId: 'run-0-1', startedAtMs: 1 },
  ...{ state: 'deployed', decisions: 200, runs: 2, reasons: [] },
  comparison: {
    ...{ loss: { mean: -0.001, halfWidth95: 0.002 }, episodes: 12, decisions: 200, decisionMs: 0.1 },
    ...{ regretBefore: 0.05, regretAfter: 0.05, regretDifference: { mean: 0, halfWidth95: 0.001 }, failure: null },
  },
};

function resultOf() {
  const cells = TOTALS.flatMap((totals, scheduler) =>
    totals.map((_, index): SeriesCell => ({
      ...{ condition: 0, scheduler, repetition: index + 1, position: 0, state: 'valid', tries: 1, reasons: [] },
      runId: `run-${scheduler}-${index}`,
    })),
  );
  const runs = cells.map(({ runId, scheduler, repetition }) => {
    const { spec: usual } = buildRunSummary();
    const own = scheduler === 0 ? { ...learning, trainingId: VERSIONS[repetition - 1] } : { scheduler: 'random' as const };
    return buildRunSummary({ id: runId ?? '', spec: { ...usual, ...own } });
  });
  return buildSeriesResult(
    { id: 'series-1', spec },
    {
      ...{ cells, runs, includeInvalid: false, nodesOf: () => ['node-1'] },
      learnedAfter: (runIds) => new Map(runIds.includes('run-0-1') ? [['run-0-1', attempt]] : []),
      figuresOf({ id }) {
        const [, scheduler = '0', index = '0'] = id.split('-');
        const totalSec = TOTALS[Number(scheduler)]?.[Number(index)] ?? NaN;
        const rest = { efficiency: 90 / totalSec, controlShare: 0.01, meanServiceSec: totalSec / 2 };
        return { totalSec, ...rest, percentilesSec: [totalSec / 2, totalSec / 2, totalSec / 2] };
      },
    },
  );
}

describe('a row that learns on the job', () => {
  it('has means without any interval, beside one that does not learn and has them', () => {
    const [own, other] = resultOf().cells;
    expect(own?.totalSec).toEqual({ mean: 322 / 3, halfWidth95: null, repetitions: 3 });
    const figures = [own?.efficiency, own?.controlShare, own?.meanServiceSec, own?.medianServiceSec.figure, own?.p99ServiceSec.figure];
    expect(figures.map((figure) => figure?.halfWidth95)).toEqual([null, null, null, null, null]);
    expect(other?.totalSec?.halfWidth95).toBeGreaterThan(0);
  });

  it('differs from another row by a mean that says nothing of chance, however large it is', () => {
    const [difference] = resultOf().differences;
    expect(difference).toMatchObject({
      pairs: 3,
      meanSec: -6,
      halfWidth95Sec: null,
      effectSize: null,
      adjustedP: null,
      isSignificant: false,
    });
    expect(difference?.sentence).toContain(
      'on average over 3 repetitions, a sequence in which it was learned: of chance that says nothing.',
    );
  });

  it('is told run by run: which version decided, and what was learned after it', () => {
    const [own] = resultOf().learning;
    expect(own).toMatchObject({ scheduler: 0 });
    expect(own?.steps.map(({ repetition, version, trainingId, totalSec }) => [repetition, version, trainingId, totalSec])).toEqual([
      [1, 1, 'training-1', 110],
      [2, 1, 'training-1', 108],
      [3, 2, 'training-2', 104],
    ]);
    expect(own?.steps.map(({ learned }) => learned?.trainingId ?? null)).toEqual([null, 'training-2', null]);
    expect(own?.steps.map(describeLearned)).toEqual([
      'nothing',
      expect.stringMatching(/^from 200 decisions of 2 runs, deployed as training-2\. Not worse: mean delay on held-back work -0\.10 %/),
      'nothing',
    ]);
  });

  it('is marked in the notes, in its name, and in the rows of Table V', () => {
    const result = resultOf();
    expect(result.notes.join(' ')).toContain('of Learned policy (training-1, learns on the job): its runs are a sequence');
    const summary = { id: 'series-1', spec, testbedName: 'Lab', imported: null } as SeriesSummary;
    const [own, other] = buildSeriesRows(summary, result, [20]);
    expect(own?.platform).toBe('Learned policy (training-1, learns on the job) (Lab)');
    expect(own?.notes.join(' ')).toContain('its runs are a sequence');
    expect(own?.delaySec[0]?.series).toMatchObject({ halfWidth95Sec: null, repetitions: 3 });
    expect(other?.notes.join(' ')).not.toContain('sequence');
  });

  it('has the command that starts it again', () => {
    expect(toSeriesCommand(spec)).toContain('--schedulers learned:training-1:learning=measured,random');
  });
});

describe('a series is refused', () => {
  const messagesOf = (row: object): string[] =>
    seriesSpecSchema.safeParse({ ...spec, schedulers: [row] }).error?.issues.map(({ message }) => message) ?? [];

  it('where what is to learn has not learned anything', () => {
    expect(messagesOf({ scheduler: 'random', learning: 'measured' })).toEqual(['Only a learned policy learns on the job']);
    expect(messagesOf(learning)).toEqual([]);
  });

  it('where a policy is to learn from queues whose order hides what came of a decision', () => {
    expect(messagesOf({ ...learning, queueOrder: 'shortest-first' })).toEqual([
      'A policy learns from queues that are first come, first served only',
    ]);
  });
});
