// Runs for comparisons, as they come from the database: each task with its delays.
import type { CountedRun } from '../../src/main/domain/run-comparison/compared-input.js';
import type { ListedRun } from '../../src/main/domain/run-comparison/build-run-comparison.js';
import { digestRun } from '../../src/main/domain/run-comparison/digest-run.js';
import type { MeasuredTask, RunSpec, RunSummary } from '../../src/shared/run.js';
import { buildRunSummary } from './run-fixtures.js';
import { buildRun } from './storage-fixtures.js';

export interface FixtureRun {
  id: string;
  spec?: Partial<RunSpec>;
  /** Service delays in seconds by position; null did not succeed. */
  serviceSec: readonly (number | null)[];
  totalSec: number;
  workload?: string;
  summary?: Partial<RunSummary>;
  stored?: Partial<CountedRun['stored']>;
}

/** A task that waited a tenth of its delay and was computed for the rest. */
export function measuredTask(ordinal: number, serviceSec: number | null): MeasuredTask {
  const serviceMs = (serviceSec ?? 0) * 1000;
  const delays = {
    uploadMs: 0,
    waitingMs: serviceMs * 0.1,
    computeMs: serviceMs * 0.9,
    downloadMs: 0,
    resendMs: 0,
    controlMs: 0,
    serviceMs,
  };
  return {
    ...{ ordinal, computedSteps: 10, arrivalMs: 0, edgeServerId: 'node-1', state: serviceSec === null ? 'failed' : 'succeeded' },
    ...{ delays: serviceSec === null ? null : delays, computeStartMs: 0, computeEndMs: serviceMs, acceptedMs: serviceMs },
  };
}

export function buildListedRun({ id, spec, serviceSec, totalSec, workload, summary: change, stored }: FixtureRun): ListedRun {
  const plain = buildRunSummary();
  const succeeded = serviceSec.filter((value) => value !== null).length;
  const summary = buildRunSummary({
    ...{ id, isSimulated: false, timeScale: 1 },
    spec: { ...plain.spec, name: id, taskCount: serviceSec.length, ...spec },
    counts: { ...plain.counts, total: serviceSec.length, succeeded, failed: serviceSec.length - succeeded },
    metrics: { ...plain.metrics, totalGenerationDelayMs: totalSec * 1000, efficiency: 0.5 },
    ...change,
  });
  const digest = digestRun(
    [{ id: 'node-1', name: 'ES 1' }],
    serviceSec.map((sec, ordinal) => measuredTask(ordinal, sec)),
  );
  if (!digest) throw new Error('A fixture without a result');
  const counted: CountedRun = {
    ...{ summary, totalSec, digest, workload: () => workload ?? `seed ${summary.spec.seed}` },
    stored: { programVersion: '0.1.0', nodesSnapshot: buildRun().nodesSnapshot, ...stored },
  };
  return { summary, leftOut: null, counted };
}
