// What a comparison takes from the rows of a run; read once, for an ended run does not change.
import { computeNodeDelays, computeNodeTimelines } from '../../../scheduling/metrics/run-metrics.js';
import type { DelayPart } from '../../../shared/chart-description.js';
import type { ComparedRun, DelayParts } from '../../../shared/run-comparison.js';
import type { MeasuredTask, TaskDelays } from '../../../shared/run.js';

export interface RunDigest {
  /** Service delay in seconds by the task's position; NaN where it did not succeed. */
  serviceSec: Float64Array;
  /** Those of succeeded tasks, ascending. */
  sortedSec: Float64Array;
  parts: DelayParts;
  nodes: ComparedRun['nodes'];
}

const FIELDS: Record<DelayPart, keyof TaskDelays> = {
  resend: 'resendMs',
  upload: 'uploadMs',
  waiting: 'waitingMs',
  compute: 'computeMs',
  download: 'downloadMs',
  control: 'controlMs',
};

/** Null where no task succeeded. */
export function digestRun(nodes: readonly { id: string; name: string }[], tasks: readonly MeasuredTask[]): RunDigest | null {
  const serviceSec = new Float64Array(tasks.length).fill(NaN);
  const succeeded: TaskDelays[] = [];
  tasks.forEach(({ state, delays }, index) => {
    if (state !== 'succeeded' || !delays) return;
    serviceSec[index] = delays.serviceMs / 1000;
    succeeded.push(delays);
  });
  if (succeeded.length === 0) return null;
  return {
    serviceSec,
    sortedSec: serviceSec.filter((value) => !Number.isNaN(value)).sort(),
    parts: meanParts(succeeded),
    nodes: digestNodes(nodes, tasks),
  };
}

function meanParts(delays: readonly TaskDelays[]): DelayParts {
  const mean = (part: DelayPart): number => delays.reduce((sum, each) => sum + each[FIELDS[part]], 0) / delays.length / 1000;
  return {
    ...{ resend: mean('resend'), upload: mean('upload'), waiting: mean('waiting') },
    ...{ compute: mean('compute'), download: mean('download'), control: mean('control') },
  };
}

function digestNodes(nodes: readonly { id: string; name: string }[], tasks: readonly MeasuredTask[]): ComparedRun['nodes'] {
  const delays = computeNodeDelays(nodes, tasks);
  return computeNodeTimelines(nodes, tasks).map(({ nodeName, executed, utilization, busyMs }, index) => {
    const meanMs = delays[index]?.mean?.serviceMs;
    return { name: nodeName, executed, utilization, busySec: busyMs / 1000, meanServiceSec: meanMs === undefined ? null : meanMs / 1000 };
  });
}
