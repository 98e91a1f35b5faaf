// How a run ends. It has succeeded only when nothing is missing that no one gave up.
import type { RunState, TaskRecord } from '../../shared/run.js';

/** What a task says that someone canceled by hand, as opposed to one that a node gave back. */
export const CANCELED_ON_REQUEST = 'Cancelled on request.';

/** The state of a run whose tasks have all ended. */
export function endStateOf(state: RunState, tasks: readonly Pick<TaskRecord, 'state' | 'errorMessage'>[]): RunState {
  if (state === 'stopping') return 'stopped';
  const isMissing = (task: Pick<TaskRecord, 'state' | 'errorMessage'>): boolean =>
    task.state !== 'succeeded' && !(task.state === 'cancelled' && task.errorMessage === CANCELED_ON_REQUEST);
  return tasks.some(isMissing) ? 'failed' : 'succeeded';
}
