// The plan of a series as blocks in the order of execution, and the order of those that wait. Pure.
import { nameSeriesBlock, type SeriesCell } from '../../../shared/series.js';

export interface SeriesBlock {
  /** `2.1`: condition and repetition, as commands name it. */
  name: string;
  condition: number;
  repetition: number;
  /** By scheduler; undefined where the plan has none. */
  cells: (SeriesCell | undefined)[];
  /** No run of it was started: it can be moved or cut. */
  isWaiting: boolean;
}

/** In the order in which the first cell of each comes. */
export function blocksOf(cells: readonly SeriesCell[], schedulerCount: number): SeriesBlock[] {
  return [...Map.groupBy(cells, nameSeriesBlock)].map(([name, inside]) => ({
    name,
    condition: inside[0]?.condition ?? 0,
    repetition: inside[0]?.repetition ?? 0,
    cells: Array.from({ length: schedulerCount }, (_, scheduler) => inside.find((cell) => cell.scheduler === scheduler)),
    isWaiting: inside.every(({ state, tries }) => state === 'waiting' && tries === 0),
  }));
}

/** The names with one moved to where another is: before it from below, after it from above. Null where nothing changes. */
export function moveTo(waiting: readonly string[], name: string, target: string): string[] | null {
  const [from, to] = [waiting.indexOf(name), waiting.indexOf(target)];
  if (from < 0 || to < 0 || from === to) return null;
  const moved = waiting.filter((other) => other !== name);
  moved.splice(to, 0, name);
  return moved;
}

/** One place up (-1) or down (1); null at the end of the list. */
export function moveBy(waiting: readonly string[], name: string, places: -1 | 1): string[] | null {
  const target = waiting[waiting.indexOf(name) + places];
  return target === undefined ? null : moveTo(waiting, name, target);
}

/** Where a run stands in the plan, from 1, and the runs of the cells before and after it that have one. Null of one that is in no cell. */
export function neighborsOf(
  cells: readonly SeriesCell[],
  run: { id: string; series: { condition: number; scheduler: number; repetition: number } },
): { position: number; total: number; previousId: string | null; nextId: string | null } | null {
  const { condition, scheduler, repetition } = run.series;
  const index = cells.findIndex((cell) => cell.condition === condition && cell.scheduler === scheduler && cell.repetition === repetition);
  if (index < 0) return null;
  const withRun = (cell: SeriesCell): boolean => cell.runId !== null;
  return {
    position: index + 1,
    total: cells.length,
    previousId: cells.slice(0, index).findLast(withRun)?.runId ?? null,
    nextId: cells.slice(index + 1).find(withRun)?.runId ?? null,
  };
}
