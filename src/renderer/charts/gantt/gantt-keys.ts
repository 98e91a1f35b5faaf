// Moving through a Gantt chart by keys; pure.
import { findNearestTask } from './gantt-layout.js';
import type { GanttLane, GanttTask } from './gantt-data.js';

export interface GanttPlace {
  laneIndex: number;
  ordinal: number;
}

/** How many tasks or lanes a page is. */
const PAGE = 10;

/** The task where a place is; null where it is not drawn any more. */
export function taskAt(lanes: readonly GanttLane[], place: GanttPlace | null): GanttTask | null {
  return (place && lanes[place.laneIndex]?.tasks.find(({ ordinal }) => ordinal === place.ordinal)) ?? null;
}

/** Where a task is; null where it has not been computed. */
export function placeOf(lanes: readonly GanttLane[], ordinal: number): GanttPlace | null {
  const laneIndex = lanes.findIndex(({ tasks }) => tasks.some((task) => task.ordinal === ordinal));
  return laneIndex < 0 ? null : { laneIndex, ordinal };
}

/**
 * Where a key leads: Left and Right along the lane, Up and Down to the task of the next lane that is nearest in time, Home and End to the
 * first and the last of the lane. Null for another key, and where there is nothing to go to.
 */
export function movePlace(lanes: readonly GanttLane[], from: GanttPlace | null, key: string): GanttPlace | null {
  const current = taskAt(lanes, from);
  if (!from || !current) return KEYS.has(key) ? firstPlace(lanes) : null;
  const tasks = lanes[from.laneIndex]?.tasks ?? [];
  const index = tasks.indexOf(current);
  const along = (to: number): GanttPlace | null => {
    const task = tasks[Math.max(0, Math.min(tasks.length - 1, to))];
    return task ? { laneIndex: from.laneIndex, ordinal: task.ordinal } : null;
  };
  switch (key) {
    case 'ArrowLeft':
      return along(index - 1);
    case 'ArrowRight':
      return along(index + 1);
    case 'Home':
      return along(0);
    case 'End':
      return along(tasks.length - 1);
    case 'PageUp':
      return along(index - PAGE);
    case 'PageDown':
      return along(index + PAGE);
    case 'ArrowUp':
      return toLane(lanes, from.laneIndex, -1, (current.startMs + current.endMs) / 2);
    case 'ArrowDown':
      return toLane(lanes, from.laneIndex, 1, (current.startMs + current.endMs) / 2);
    default:
      return null;
  }
}

const KEYS = new Set(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'PageUp', 'PageDown']);

/** The last task of the first lane that has any: what happens now is at the end. */
export function firstPlace(lanes: readonly GanttLane[]): GanttPlace | null {
  const laneIndex = lanes.findIndex(({ tasks }) => tasks.length > 0);
  const task = lanes[laneIndex]?.tasks.at(-1);
  return task ? { laneIndex, ordinal: task.ordinal } : null;
}

function toLane(lanes: readonly GanttLane[], from: number, step: 1 | -1, atMs: number): GanttPlace | null {
  for (let laneIndex = from + step; laneIndex >= 0 && laneIndex < lanes.length; laneIndex += step) {
    const task = findNearestTask(lanes[laneIndex]?.tasks ?? [], atMs);
    if (task) return { laneIndex, ordinal: task.ordinal };
  }
  return null;
}
