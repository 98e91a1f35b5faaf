// The order of the lanes of a timeline, and the figure of each; pure.
import type { GanttLane } from '../../charts/gantt/gantt-data.js';
import { formatAbout } from '../../../shared/format.js';
import type { RunState } from '../../../shared/run.js';
import type { NodeLive } from '../../../shared/testbed.js';
import { hasEnded } from './describe-run.js';

export type LaneSort = 'node' | 'idle' | 'backlog';

export const LANE_SORTS: { value: LaneSort; label: string }[] = [
  { value: 'node', label: 'Order: node' },
  { value: 'idle', label: 'Order: most idle' },
  { value: 'backlog', label: 'Order: backlog' },
];

/** Share of the time up to `elapsedMs` that a node computed, 0..1. */
export function busyShare({ tasks }: Pick<GanttLane, 'tasks'>, elapsedMs: number): number {
  const busyMs = tasks.reduce((sum, { startMs, endMs }) => sum + (endMs - startMs), 0);
  return elapsedMs > 0 ? Math.min(1, busyMs / elapsedMs) : 0;
}

/** `node`: as they are in the testbed. Lost nodes come first in the others. */
export function sortLanes(
  lanes: readonly GanttLane[],
  sort: LaneSort,
  { elapsedMs, backlogOf }: { elapsedMs: number; backlogOf: (nodeId: string) => number },
): readonly GanttLane[] {
  if (sort === 'node') return lanes;
  const weight = (lane: GanttLane): number => (sort === 'idle' ? -busyShare(lane, elapsedMs) : backlogOf(lane.id));
  return [...lanes].sort((left, right) => Number(right.isLost) - Number(left.isLost) || weight(right) - weight(left));
}

/** The figure of a lane: what waits at its node while the run is in progress, and what it executed once that has ended. */
export function describeLane({ tasks }: Pick<GanttLane, 'tasks'>, node: NodeLive | undefined, state: RunState): string {
  // Until it starts, what its nodes have is another run's.
  if (state === 'queued') return '–';
  if (node === undefined || hasEnded({ state })) return `${tasks.length} ${tasks.length === 1 ? 'task' : 'tasks'}`;
  if (node.isConnected) return `q ${node.queueLength}`;
  return node.lastCheckInAgeSec === null ? 'lost' : `lost ${formatAbout(node.lastCheckInAgeSec * 1000)}`;
}
