import type { GanttLane, GanttTask } from '../../../../src/renderer/charts/gantt/gantt-data.js';

const DELAYS = { uploadMs: 10, waitingMs: 100, computeMs: 1000, downloadMs: 20, resendMs: 0, controlMs: 5, serviceMs: 1135 };

export function buildTask(ordinal: number, startMs: number, endMs: number, change: Partial<GanttTask> = {}): GanttTask {
  return { ordinal, baseStationId: 'node-1', steps: 10, arrivalMs: 0, startMs, endMs, attempts: 1, delays: DELAYS, ...change };
}

/** A lane with tasks from one instant to the next: `[0, 10, 25]` are two. Ordinals start at `first`. */
export function buildLane(id: string, instants: readonly number[], first = 0): GanttLane {
  const tasks = instants.slice(1).map((endMs, index) => buildTask(first + index, instants[index] ?? 0, endMs));
  return { id, name: id, tasks, failures: [], losses: [], isLost: false };
}
