// What is computed from all the rows of a run, and how an ended run's figures are kept so that they need not be computed at every start.
import { z } from 'zod';
import { computeRunMetrics } from '../../../scheduling/metrics/run-metrics.js';
import { assessRun } from '../../../scheduling/metrics/run-validity.js';
import type { MeasuredTask, RunSummary } from '../../../shared/run.js';
import type { StoredRun, TaskCounts } from './run-store.js';

export type RunFigures = Pick<RunSummary, 'metrics' | 'validity'>;

/** To be raised with every change of how figures are computed or worded: those that were kept before count no more. */
export const FIGURES_VERSION = 2;

const number = z.number().nullable();
const delays = z.object({ meanMs: z.number(), medianMs: z.number(), p95Ms: z.number(), maxMs: z.number() }).nullable();

const keptSchema = z.object({
  metrics: z.object({
    totalGenerationDelayMs: number,
    ...{ service: delays, waiting: delays, control: delays },
    lowerBoundMs: number,
    lowerBoundRule: z.string().nullable(),
    efficiency: number,
    efficiencyProblem: z.string().nullable(),
    machine: z.object({ controlShare: number, hostDelayMs: number, hostDelayShare: number }),
  }),
  validity: z.object({ isValid: z.boolean(), reasons: z.array(z.string()), limitations: z.array(z.string()) }),
});

export function computeFigures(run: StoredRun, tasks: readonly MeasuredTask[], counts: TaskCounts): RunFigures {
  const metrics = computeRunMetrics(run, tasks);
  return { metrics, validity: assessRun(run, { counts, metrics, tasks }) };
}

/**
 * All that the figures of an ended run rest on and that can change after its end; its rows themselves do not. The counts come last: the history
 * reads them there (history-sql.ts).
 */
export function basisOf(run: StoredRun, counts: TaskCounts): string {
  const { state, axis, timeScale, lowerBoundMs, lowerBoundRule, hostDelay, invalidReasons } = run;
  return JSON.stringify([FIGURES_VERSION, state, axis, timeScale, lowerBoundMs, lowerBoundRule, hostDelay, invalidReasons, counts]);
}

/** Null where they rest on something else, or are none. */
export function readKeptFigures(kept: { basis: string; figuresJson: string } | null, basis: string): RunFigures | null {
  if (kept?.basis !== basis) return null;
  const parsed = keptSchema.safeParse(JSON.parse(kept.figuresJson));
  return parsed.success ? parsed.data : null;
}
