// The nodes of a run: what each has done once it has ended, and while it is in progress which of them holds the others up.
import type { DataColumn } from '../../components/data-column.js';
import { formatCount, formatPercent, formatTableDuration, nameDurationColumn, type DurationLook } from '../../../shared/format.js';
import type { NodeDelays, NodeTimeline, TaskDelays } from '../../../shared/run.js';
import type { NodeLive } from '../../../shared/testbed.js';

export interface RunNodeRow {
  nodeId: string;
  nodeName: string;
  executed: number;
  mean: TaskDelays | null;
  /** 0..1; null until measured. */
  utilization: number | null;
}

/** One row a node in the order of the run; its timeline matched by id. */
export function pairRunNodes(delays: readonly NodeDelays[], timelines: readonly NodeTimeline[] | undefined): RunNodeRow[] {
  const timelineById = new Map(timelines?.map((node) => [node.nodeId, node]));
  return delays.map((node) => ({ ...node, utilization: timelineById.get(node.nodeId)?.utilization ?? null }));
}

/** How many mean tasks more than the median backlog make a straggler. */
const STRAGGLER_TASKS = 2;
/** And how much more than the median, as a fraction, so that long queues may differ by a few tasks. */
const STRAGGLER_FRACTION = 0.5;

/**
 * Ids of the nodes that the end of the run will wait for: their backlog exceeds the median by more than half of it and by more than two
 * mean tasks. Says nothing of fewer than three nodes.
 */
export function findStragglers(nodes: readonly NodeLive[]): ReadonlySet<string> {
  const connected = nodes.filter((node) => node.isConnected);
  if (connected.length < 3) return new Set();
  const backlogs = connected.map((node) => node.backlogSec).sort((left, right) => left - right);
  const medianSec = backlogs[Math.floor((backlogs.length - 1) / 2)] ?? 0;
  const tasks = connected.reduce((sum, node) => sum + node.queueLength + (node.runningTaskId === null ? 0 : 1), 0);
  if (tasks === 0) return new Set();
  const meanTaskSec = backlogs.reduce((sum, backlogSec) => sum + backlogSec, 0) / tasks;
  const minExcessSec = Math.max(STRAGGLER_FRACTION * medianSec, STRAGGLER_TASKS * meanTaskSec);
  return new Set(connected.filter((node) => node.backlogSec - medianSec > minExcessSec).map((node) => node.nodeId));
}

/** What each node of a run that has ended has done. */
export function runNodeColumns(look: DurationLook): DataColumn<RunNodeRow>[] {
  const mean = (id: string, name: string, part: keyof TaskDelays, hint: string): DataColumn<RunNodeRow> => ({
    id,
    header: nameDurationColumn(name, look),
    value: (row) => row.mean?.[part] ?? null,
    text: (row) => formatTableDuration(row.mean?.[part], look),
    align: 'end',
    hint,
  });
  return [
    { id: 'name', header: 'Node', value: (row) => row.nodeName },
    {
      id: 'executed',
      header: 'Executed',
      value: (row) => row.executed,
      text: (row) => formatCount(row.executed),
      align: 'end',
      widthPx: 92,
      hint: 'Results of this run accepted from this node',
    },
    {
      id: 'utilization',
      header: 'Utilization',
      value: ({ utilization }) => utilization,
      text: ({ utilization }) => formatPercent(utilization),
      align: 'end',
      widthPx: 104,
      hint: 'Computing time divided by total generation delay',
    },
    mean('waiting', 'Mean waiting', 'waitingMs', 'In the queue of this node, model time'),
    mean('compute', 'Mean compute', 'computeMs', 'Making the image, model time'),
    mean('service', 'Mean service', 'serviceMs', 'From the start of the upload to the receipt of the result, model time'),
  ];
}
