// Where the tasks of a lane fall on the screen; pure. The cost of a lane is bounded by its width: what would share a pixel is one bar.
import type { GanttTask } from './gantt-data.js';
import type { GanttView } from './gantt-view.js';

export interface GanttBar {
  x: number;
  width: number;
  /** The first one, where several are joined. */
  task: GanttTask;
  /** How many tasks it stands for. */
  count: number;
}

/** Bars in px of the tasks that overlap the view. Those under 1 px are joined with what is before them. */
export function layOutTasks(tasks: readonly GanttTask[], view: GanttView, widthPx: number): GanttBar[] {
  const pxPerMs = widthPx / (view.toMs - view.fromMs);
  const bars: GanttBar[] = [];
  for (let index = findFirstVisible(tasks, view.fromMs); index < tasks.length; index++) {
    const task = tasks[index];
    if (!task || task.startMs > view.toMs) break;
    if (task.endMs < view.fromMs) continue;
    const x = Math.max(0, (task.startMs - view.fromMs) * pxPerMs);
    const end = Math.min(widthPx, Math.max((task.endMs - view.fromMs) * pxPerMs, x + 0.5));
    const last = bars.at(-1);
    const isNarrow = end - x < 1 && (last === undefined || last.count > 1 || last.width < 1);
    if (last && isNarrow && x - (last.x + last.width) < 1) {
      last.width = Math.max(last.width, end - last.x);
      last.count += 1;
    } else bars.push({ x, width: end - x, task, count: 1 });
  }
  return bars;
}

/** Where a word of `wordPx` starts in a stretch so that no mark falls on it: at its start, else behind the last mark; null where it has no room. */
export function placeWord(
  { from, to, wordPx, markPx }: { from: number; to: number; wordPx: number; markPx: number },
  marks: readonly number[],
): number | null {
  const near = marks.filter((x) => x > from - markPx && x < to + markPx);
  const isFree = (start: number): boolean => near.every((x) => x < start - markPx || x > start + wordPx + markPx);
  return [from, Math.max(from, ...near) + 2 * markPx].find((start) => start + wordPx <= to && isFree(start)) ?? null;
}

/** The task that is nearest to an instant: the one that contains it, else the one with the nearest start or end. */
export function findNearestTask(tasks: readonly GanttTask[], atMs: number): GanttTask | null {
  let best: GanttTask | null = null;
  let bestMs = Infinity;
  for (let index = Math.max(0, findFirstVisible(tasks, atMs) - 1); index < tasks.length; index++) {
    const task = tasks[index];
    if (!task) break;
    const distanceMs = Math.max(task.startMs - atMs, atMs - task.endMs, 0);
    if (distanceMs < bestMs) [best, bestMs] = [task, distanceMs];
    if (task.startMs - atMs > bestMs) break;
  }
  return best;
}

/** The first of the tasks, which are in the order of their starts, that can reach beyond `fromMs`. */
function findFirstVisible(tasks: readonly GanttTask[], fromMs: number): number {
  let [low, high] = [0, tasks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tasks[middle]?.startMs ?? 0) < fromMs) low = middle + 1;
    else high = middle;
  }
  // A node computes one task at a time: at most the one before still runs at that instant.
  return Math.max(0, low - 1);
}
