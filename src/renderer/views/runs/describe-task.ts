// What one task of a run says of itself: its state with what nodes report now, what canceling it does, and how its instants fit its delays. Pure.
import { RUN_STATUS, TASK_STATUS, type Status } from '../../components/status.js';
import { formatDuration } from '../../../shared/format.js';
import type { RunLive, TaskRecord } from '../../../shared/run.js';

/** The node that computes each task that is being computed now, by the task's position in the run. */
export function findRunning(nodes: readonly Pick<RunLive['nodes'][number], 'nodeId' | 'runningOrdinal'>[]): ReadonlyMap<number, string> {
  return new Map(nodes.flatMap(({ nodeId, runningOrdinal }) => (runningOrdinal === null ? [] : [[runningOrdinal, nodeId]])));
}

/** `runningOn`: the node that computes it now. The record follows what nodes report: a task that has ended is not running. */
export function statusOfTask({ state }: Pick<TaskRecord, 'state'>, runningOn: string | null): Status {
  return state === 'sent' && runningOn !== null ? RUN_STATUS.running : TASK_STATUS[state];
}

export function describeTaskCancel({ state }: Pick<TaskRecord, 'state'>, runningOn: string | null): string {
  if (state !== 'sent') return 'It is never sent';
  return runningOn === null ? 'It is taken out of its queue' : 'Its node drops it, even in the middle of the image';
}

/**
 * By how much its computation ends after its service delay does; null where it does not, or as durations are shown not visibly. Instants are on
 * the control center's clock, the end of a service delay on its base station's.
 */
export function findAxisGap({ arrivalMs, computeEndMs, delays }: Pick<TaskRecord, 'arrivalMs' | 'computeEndMs' | 'delays'>): string | null {
  if (computeEndMs === null || delays === null) return null;
  const servedMs = arrivalMs + delays.serviceMs;
  return computeEndMs <= servedMs || formatDuration(computeEndMs) === formatDuration(servedMs)
    ? null
    : formatDuration(computeEndMs - servedMs);
}
