// A series of one policy that learns between its two runs, as its page gets it.
import type { SeriesDetail, SeriesResult, SeriesScheduler } from '../../src/shared/series.js';
import { buildSeriesSpec } from './series-fixtures.js';

export function buildLearningSeries(testbedId: string): { series: SeriesDetail; result: SeriesResult } {
  const learning: SeriesScheduler = { scheduler: 'learned', trainingId: 'training-1', learning: 'measured' };
  const figure = { mean: 220, halfWidth95: null, repetitions: 2 };
  const spec = buildSeriesSpec({
    testbedId,
    name: 'What it learns',
    schedulers: [learning],
    conditions: buildSeriesSpec().conditions.slice(1),
  });
  const steps = [1, 2].map((repetition) => ({
    condition: 0,
    repetition,
    runId: `run-${repetition}`,
    totalSec: 240 - 10 * repetition,
    efficiency: 0.97,
  }));
  const comparison = {
    ...{ loss: { mean: -0.001, halfWidth95: 0.002 }, episodes: 12, decisions: 200, decisionMs: 0.1 },
    ...{ regretBefore: 0.05, regretAfter: 0.05, regretDifference: { mean: 0, halfWidth95: 0.001 }, failure: null },
  };
  const learned = { trainingId: 'training-2', state: 'deployed' as const, decisions: 200, runs: 1, comparison, reasons: [] };
  const series: SeriesDetail = {
    ...{ id: 'series-1', spec, state: 'succeeded', testbedName: 'Lab', datasetName: 'Flickr8k', programVersion: '1', imported: null },
    ...{ createdAtMs: 1, startedAtMs: 1, finishedAtMs: 2, error: null, waitsBehind: null, phase: null, remainingSec: null },
    counts: { total: 2, valid: 2, invalid: 0, failed: 0, running: 0, waiting: 0 },
    cells: steps.map(({ repetition, runId }, position) => ({
      ...{ condition: 0, scheduler: 0, repetition, position, state: 'valid', runId, tries: 1, reasons: [] },
    })),
  };
  const result: SeriesResult = {
    ...{ seriesId: 'series-1', includesInvalid: false, differences: [], notes: ['Its runs are a sequence.'] },
    learning: [
      {
        scheduler: 0,
        steps: [
          { ...steps[0]!, trainingId: 'training-1', version: 1, learned },
          { ...steps[1]!, trainingId: 'training-2', version: 2, learned: null },
        ],
      },
    ],
    cells: [
      {
        ...{ condition: 0, scheduler: 0, counted: 2, invalid: 0, missing: 0, isSimulated: true, runIds: ['run-1', 'run-2'] },
        ...{ totalSec: figure, efficiency: null, controlShare: null, meanServiceSec: figure, energyWhPer1k: null, energySource: null },
        ...{
          medianServiceSec: { figure },
          p95ServiceSec: { figure: null, hidden: 'Few.' },
          p99ServiceSec: { figure: null, hidden: 'Few.' },
        },
      },
    ],
  };
  return { series, result };
}
