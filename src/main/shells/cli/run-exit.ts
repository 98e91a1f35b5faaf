// With which status a command that followed a run ends, and what it says of results that are missing. Pure.
import type { RunSummary } from '../../../shared/run.js';

export interface RunExit {
  /** 0 when every task succeeded, 5 when some are missing, 130 interrupted or stopped. */
  status: 0 | 5 | 130;
  /** Null where nothing is missing of what was asked for. */
  remark: string | null;
}

/** @param how `isOfWindow`: an open window carries the run on */
export function exitOfRun(
  { id, state, counts }: Pick<RunSummary, 'id' | 'state' | 'counts'>,
  how: { isInterrupted: boolean; isOfWindow: boolean },
): RunExit {
  const { succeeded, failed, cancelled, total } = counts;
  if (how.isInterrupted) {
    const next = how.isOfWindow ? 'The run continues in the open window.' : `Resume: npm run cli -- run resume ${id}`;
    return { status: 130, remark: `Interrupted after ${succeeded} of ${total} tasks. ${next}` };
  }
  if (state === 'stopped') return { status: 130, remark: null };
  if (succeeded === total && state === 'succeeded') return { status: 0, remark: null };
  return { status: 5, remark: `${total - succeeded} of ${total} tasks have no result: ${failed} failed, ${cancelled} cancelled.` };
}
