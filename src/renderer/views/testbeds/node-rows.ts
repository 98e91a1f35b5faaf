// The node table: what a row is made of and how it reads.
import type { DataColumn } from '../../components/data-column.js';
import type { Status } from '../../components/status.js';
import { formatAge, formatDuration } from '../../../shared/format.js';
import type { NodeLive, Testbed, TestbedNode } from '../../../shared/testbed.js';

export interface NodeRow {
  node: TestbedNode;
  live: NodeLive | null;
}

/** Nodes in their order, each with its live state where there is one. */
export function pairNodes(nodes: readonly TestbedNode[], live: readonly NodeLive[]): NodeRow[] {
  const liveById = new Map(live.map((entry) => [entry.nodeId, entry]));
  return [...nodes].sort((left, right) => left.ordinal - right.ordinal).map((node) => ({ node, live: liveById.get(node.id) ?? null }));
}

/** The agent's connection as tone and words. */
export function describeConnection({ node, live }: NodeRow): Status {
  if (live?.isConnected) return { tone: 'ok', label: 'Connected' };
  if (node.provisionState !== 'ready') return { tone: 'idle', label: 'No agent' };
  return live ? { tone: 'warning', label: 'Not connected' } : { tone: 'idle', label: 'Waiting' };
}

/** `step 4 of 14`, or an en dash while nothing runs. */
export function describeRunningTask(live: NodeLive | null): string {
  if (!live?.runningTaskId) return '–';
  return live.runningStep !== null && live.runningSteps !== null ? `step ${live.runningStep} of ${live.runningSteps}` : 'running';
}

/** What a node does now, in whatever table it stands; the hints are the words for it. */
export const LIVE_COLUMNS = {
  checkIn: {
    id: 'checkIn',
    header: 'Last check-in',
    value: ({ live }) => live?.lastCheckInAgeSec ?? null,
    text: ({ live }) => (live?.lastCheckInAgeSec == null ? '–' : formatAge(live.lastCheckInAgeSec * 1000)),
    widthPx: 116,
    hint: 'Real time since the agent last spoke',
  },
  running: {
    id: 'running',
    header: 'Running',
    value: ({ live }) => live?.runningStep ?? null,
    text: ({ live }) => describeRunningTask(live),
    widthPx: 118,
    hint: 'Denoising step of the image that is being made',
  },
  queue: {
    id: 'queue',
    header: 'Queue',
    value: ({ live }) => live?.queueLength ?? null,
    align: 'end',
    widthPx: 76,
    hint: 'Tasks accepted for execution here and not yet started',
  },
  backlog: {
    id: 'backlog',
    header: 'Backlog',
    value: ({ live }) => live?.backlogSec ?? null,
    text: ({ live }) => (live ? formatDuration(live.backlogSec * 1000) : '–'),
    align: 'end',
    widthPx: 104,
    hint: 'Expected model time of the work accepted here',
  },
} satisfies Record<string, DataColumn<Pick<NodeRow, 'live'>>>;

export function nodeColumns(kind: Testbed['kind']): DataColumn<NodeRow>[] {
  const columns: DataColumn<NodeRow>[] = [
    { id: 'name', header: 'Node', value: ({ node }) => node.name },
    { id: 'provision', header: 'Provisioned', value: ({ node }) => node.provisionState, widthPx: 130 },
    { id: 'agent', header: 'Agent', value: (row) => describeConnection(row).label, widthPx: 140 },
    LIVE_COLUMNS.checkIn,
    { ...LIVE_COLUMNS.running, widthPx: 104 },
    LIVE_COLUMNS.queue,
    { ...LIVE_COLUMNS.backlog, widthPx: 92 },
    { id: 'executed', header: 'Executed', value: ({ live }) => live?.executedCount ?? null, align: 'end', widthPx: 98 },
  ];
  if (kind === 'real') columns.push({ id: 'remove', header: '', value: () => null, isSortable: false, widthPx: 44 });
  return columns;
}
