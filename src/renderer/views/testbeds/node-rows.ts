// The node table: what a row is made of and how it reads.
import type { DataColumn } from '../../components/data-column.js';
import type { AppErrorShape } from '../../../shared/errors.js';
import { formatAge, formatDuration } from '../../../shared/format.js';
import { computeSec, type NodeLive, type Testbed, type TestbedNode, timingOf } from '../../../shared/testbed.js';
import { describeHealth, HEALTH_ORDER, healthOf, needsPerson } from './node-health.js';

export interface NodeRow {
  node: TestbedNode;
  live: NodeLive | null;
  /** Why its provisioning failed; null or absent where it did not, and before that is known. */
  failure?: AppErrorShape | null;
}

/** Nodes in their order, each with its live state where there is one. */
export function pairNodes(
  nodes: readonly TestbedNode[],
  live: readonly NodeLive[],
  failures: ReadonlyMap<string, AppErrorShape> = new Map(),
): NodeRow[] {
  const liveById = new Map(live.map((entry) => [entry.nodeId, entry]));
  return [...nodes]
    .sort((left, right) => left.ordinal - right.ordinal)
    .map((node) => ({
      node,
      live: liveById.get(node.id) ?? null,
      failure: node.provisionState === 'failed' ? (failures.get(node.id) ?? null) : null,
    }));
}

/** Why the node is as it is, in a sentence; null where all is well. */
export function describeTrouble({ live, failure }: NodeRow): string | null {
  return failure?.message ?? live?.problem ?? null;
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
    value: ({ live }) => (live?.isConnected ? live.queueLength : null),
    align: 'end',
    widthPx: 76,
    hint: 'Tasks accepted for execution here and not yet started',
  },
  backlog: {
    id: 'backlog',
    header: 'Backlog',
    value: ({ live }) => (live?.isConnected ? live.backlogSec : null),
    text: ({ live }) => (live?.isConnected ? formatDuration(live.backlogSec * 1000) : '–'),
    align: 'end',
    widthPx: 104,
    hint: 'Expected model time of the work accepted here',
  },
} satisfies Record<string, DataColumn<Pick<NodeRow, 'live'>>>;

export type NodeOrder = 'problems' | 'testbed';

export const NODE_ORDERS = [
  { value: 'problems', label: 'Problems first' },
  { value: 'testbed', label: 'As in the testbed' },
] as const satisfies readonly { value: NodeOrder; label: string }[];

/** What needs a person first, and otherwise as in the testbed. */
export function orderNodes(rows: readonly NodeRow[], order: NodeOrder): NodeRow[] {
  if (order === 'testbed') return [...rows];
  const rank = ({ node, live }: NodeRow): number => {
    const health = healthOf(node, live);
    // What is well stands as it is: nodes that take turns in running must not change places.
    return needsPerson(health) ? HEALTH_ORDER.indexOf(health) : HEALTH_ORDER.length;
  };
  return [...rows].sort((left, right) => rank(left) - rank(right) || left.node.ordinal - right.node.ordinal);
}

/** The inspector has all of it, also what a narrow window has no room for. */
export function nodeColumns(kind: Testbed['kind']): DataColumn<NodeRow>[] {
  const columns: DataColumn<NodeRow>[] = [
    { id: 'name', header: 'Node', value: ({ node }) => node.name, minWidthPx: 190 },
    { id: 'state', header: 'State', value: ({ node, live }) => describeHealth(node, live).label, widthPx: 176 },
    { ...LIVE_COLUMNS.checkIn, hideOrder: 3 },
    { ...LIVE_COLUMNS.running, widthPx: 104, hideOrder: 5 },
    LIVE_COLUMNS.queue,
    { ...LIVE_COLUMNS.backlog, widthPx: 108, hideOrder: 4 },
    {
      id: 'executed',
      header: 'Executed',
      value: ({ live }) => (live?.isConnected ? live.executedCount : null),
      align: 'end',
      widthPx: 98,
      hideOrder: 1,
    },
    {
      id: 'image',
      header: 'Image (s)',
      hint: 'Expected time of an image of 14.5 steps: as it is set, or as it was measured',
      value: ({ node }) => ((node.virtual ?? node.calibration) ? expectedImageSec(node) : null),
      text: ({ node }) => ((node.virtual ?? node.calibration) ? expectedImageSec(node).toFixed(1) : '–'),
      align: 'end',
      widthPx: 92,
      hideOrder: 2,
    },
  ];
  if (kind === 'real') {
    columns.push({ id: 'remove', header: 'Remove', isHeaderHidden: true, value: () => null, isSortable: false, widthPx: 44 });
  }
  return columns;
}

/** Mean steps of an image of the reference. */
const REFERENCE_STEPS = 14.5;

export function expectedImageSec(node: Pick<TestbedNode, 'virtual' | 'calibration'>): number {
  const { timeModel, speedFactor } = timingOf(node);
  return computeSec(timeModel, REFERENCE_STEPS, speedFactor);
}
