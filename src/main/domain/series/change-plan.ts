// What a person may change of a series that is planned: the order of what waits, less of it, more of it. Pure.
import { AppError } from '../../../shared/errors.js';
import { nameSeriesBlock, type SeriesCell, type SeriesSpec } from '../../../shared/series.js';
import type { SeriesCellKey } from '../../../shared/series-cell.js';
import { planSeries } from './plan-series.js';
import { waitingBlocks } from './series-cells.js';

/** The cells in an order in which the named blocks come before all others that wait. Throws `invalid-input` for one that does not wait. */
export function reorderCells(cells: readonly SeriesCell[], blocks: readonly string[]): SeriesCell[] {
  const waiting = waitingBlocks(cells);
  const first = [...new Set(blocks)].flatMap((name) => waiting.get(name) ?? refuseBlock(name, [...waiting.keys()]));
  const moved = new Set(first);
  const started = cells.filter((cell) => !waiting.has(nameSeriesBlock(cell)));
  return [...started, ...first, ...cells.filter((cell) => waiting.has(nameSeriesBlock(cell)) && !moved.has(cell))];
}

/** Without the blocks of which no run was started; as many repetitions as are left. Throws `conflict` where nothing would be. */
export function cutCells(spec: SeriesSpec, cells: readonly SeriesCell[]): { spec: SeriesSpec; cells: SeriesCell[] } {
  const waiting = waitingBlocks(cells);
  const kept = cells.filter((cell) => !waiting.has(nameSeriesBlock(cell)));
  if (kept.length === 0) throw new AppError('conflict', `Of series “${spec.name}” no block has started`, 'Cancel it instead.');
  return { spec: { ...spec, repetitions: Math.max(...kept.map(({ repetition }) => repetition)) }, cells: kept };
}

/** With more repetitions, and with what was cut before, after what is there. */
export function extendCells(
  spec: SeriesSpec,
  cells: readonly SeriesCellKey[],
  repetitions: number,
): { spec: SeriesSpec; cells: SeriesCellKey[] } {
  const longer = { ...spec, repetitions: spec.repetitions + repetitions };
  const nameOf = (cell: SeriesCellKey): string => `${nameSeriesBlock(cell)} ${cell.scheduler}`;
  const present = new Set(cells.map(nameOf));
  return { spec: longer, cells: [...cells, ...planSeries(longer).filter((cell) => !present.has(nameOf(cell)))] };
}

function refuseBlock(name: string, waiting: readonly string[]): never {
  const hint = waiting.length > 0 ? `Those that wait: ${waiting.join(', ')}.` : 'None waits.';
  throw new AppError('invalid-input', `Block ${name} does not wait`, hint);
}
