import type { GanttLane } from './gantt-data.js';

/** Share of the lanes that computed, 0..1, in each of `columns` equal parts of the time from 0 to `endMs`; pure. */
export function busyByColumn(lanes: readonly GanttLane[], endMs: number, columns: number): number[] {
  const busy = new Array<number>(columns).fill(0);
  const columnMs = endMs / columns;
  for (const { tasks } of lanes) {
    for (const { startMs, endMs: stopMs } of tasks) {
      const last = Math.min(columns - 1, Math.floor(stopMs / columnMs));
      for (let column = Math.max(0, Math.floor(startMs / columnMs)); column <= last; column++) {
        const overlapMs = Math.min(stopMs, (column + 1) * columnMs) - Math.max(startMs, column * columnMs);
        busy[column] = (busy[column] ?? 0) + Math.max(0, overlapMs);
      }
    }
  }
  const wholeMs = Math.max(1, lanes.length) * columnMs;
  return busy.map((ms) => Math.min(1, ms / wholeMs));
}
