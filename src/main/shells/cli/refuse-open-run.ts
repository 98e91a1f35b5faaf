import { AppError } from '../../../shared/errors.js';
import type { RunSummary } from '../../../shared/run.js';

const ENDED: readonly RunSummary['state'][] = ['succeeded', 'failed', 'stopped'];

/**
 * Throws `conflict` where a run on the testbed was interrupted; one that waits for a time is in no one's way. Only of a command without a window: no one carries that run on, so nothing
 * could wait for it. In a window what is started waits its turn.
 */
export function refuseOpenRun(
  runs: readonly Pick<RunSummary, 'id' | 'state' | 'spec' | 'series' | 'plannedStart'>[],
  testbedId: string,
): void {
  const open = runs.find(({ spec, state, plannedStart }) => spec.testbedId === testbedId && !ENDED.includes(state) && !plannedStart);
  if (!open) return;
  const hint = open.series
    ? `It belongs to a series: npm run cli -- series resume ${open.series.seriesId}, or series cancel ${open.series.seriesId}.`
    : `npm run cli -- run resume ${open.id}, or run cancel ${open.id}.`;
  throw new AppError('conflict', `Run ${open.id} on this testbed is not finished`, hint);
}
