import type { RunLive, RunSummary } from '../../../../src/shared/run.js';
import { buildRunSummary } from '../../../support/run-fixtures.js';

/** A run that is in progress, of which nothing is known yet. */
export function buildRunLive(change: Partial<RunSummary> = {}, live: Partial<RunLive> = {}): RunLive {
  return {
    run: buildRunSummary({ state: 'running', finishedAtMs: null, ...change }),
    elapsedMs: 60_000,
    estimatedRemainingMs: 120_000,
    remaining: { lowMs: 120_000, highMs: 120_000 },
    delayCause: null,
    executedByNode: {},
    nodes: [],
    losses: [],
    standstills: [],
    warnings: [],
    recentFailures: [],
    hold: null,
    ...live,
  };
}
