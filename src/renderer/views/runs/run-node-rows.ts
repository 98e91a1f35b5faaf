// The nodes of a run: what a row is made of, which node holds the others up, and the columns while the run is in progress and afterwards.
import type { DataColumn } from '../../components/data-column.js';
import { formatCount, formatDuration, formatPercent } from '../../../shared/format.js';
import type { NodeDelays, NodeTimeline, RunLive, TaskDelays } from '../../../shared/run.js';
import type { NodeLive } from '../../../shared/testbed.js';
import { LIVE_COLUMNS } from '../testbeds/node-rows.js';

export interface RunNodeRow {
  nodeId: string;
  nodeName: string;
  executed: number;
  live: NodeLive | null;
  isStraggler: boolean;
  mean: TaskDelays | null;
  /** 0..1; null until measured. */
  utilization: number | null;
}

/** One row a node in the order of the run; live state, figures and timeline matched by id. */
export function pairRunNodes(
  live: RunLive,
  delays: readonly NodeDelays[] | undefined,
  timelines: readonly NodeTimeline[] | undefined,
): RunNodeRow[] {
  const nodes: readonly { nodeId: string; nodeName: string }[] = delays ?? live.nodes;
  const liveById = new Map(live.nodes.map((node) => [node.nodeId, node]));
  const delaysById = new Map(delays?.map((node) => [node.nodeId, node]));
  const timelineById = new Map(timelines?.map((node) => [node.nodeId, node]));
  const stragglers = findStragglers(live.nodes);
  return nodes.map(({ nodeId, nodeName }) => ({
    nodeId,
    nodeName,
    executed: live.executedByNode[nodeId] ?? 0,
    live: liveById.get(nodeId) ?? null,
    isStraggler: stragglers.has(nodeId),
    mean: delaysById.get(nodeId)?.mean ?? null,
    utilization: timelineById.get(nodeId)?.utilization ?? null,
  }));
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

const NODE: DataColumn<RunNodeRow> = { id: 'name', header: 'Node', value: (row) => row.nodeName };
const EXECUTED: DataColumn<RunNodeRow> = {
  id: 'executed',
  header: 'Executed',
  value: (row) => row.executed,
  text: (row) => formatCount(row.executed),
  align: 'end',
  widthPx: 92,
  hint: 'Results of this run accepted from this node',
};

export const LIVE_NODE_COLUMNS: DataColumn<RunNodeRow>[] = [
  { ...NODE, widthPx: 190 },
  { ...EXECUTED },
  LIVE_COLUMNS.queue,
  LIVE_COLUMNS.backlog,
  LIVE_COLUMNS.running,
  LIVE_COLUMNS.checkIn,
  { id: 'problem', header: 'Problem', value: ({ live }) => live?.problem ?? null, text: ({ live }) => live?.problem ?? '–' },
];

const meanColumn = (id: string, header: string, part: keyof TaskDelays, hint: string): DataColumn<RunNodeRow> => ({
  id,
  header,
  value: ({ mean }) => mean?.[part] ?? null,
  text: ({ mean }) => formatDuration(mean?.[part]),
  align: 'end',
  hint,
});

export const ENDED_NODE_COLUMNS: DataColumn<RunNodeRow>[] = [
  NODE,
  EXECUTED,
  {
    id: 'utilization',
    header: 'Utilization',
    value: ({ utilization }) => utilization,
    text: ({ utilization }) => formatPercent(utilization),
    align: 'end',
    widthPx: 104,
    hint: 'Computing time divided by total generation delay',
  },
  meanColumn('waiting', 'Mean waiting', 'waitingMs', 'In the queue of this node, model time'),
  meanColumn('compute', 'Mean compute', 'computeMs', 'Making the image, model time'),
  meanColumn('service', 'Mean service', 'serviceMs', 'From the start of the upload to the receipt of the result, model time'),
];
