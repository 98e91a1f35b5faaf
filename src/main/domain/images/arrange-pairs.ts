// Images by two parameters as a table: values of both axes in order, and a stretch of rows with their cells.
import type { GalleryAxis, GalleryAxisValue, GalleryCell, GalleryTable } from '../../../shared/gallery.js';
import { describeScheduler, SCHEDULER_NAMES, type SchedulerName } from '../../../shared/run.js';
import type { GalleryRepository, ImagePair } from '../../adapters/storage/gallery-repository.js';

/** More side by side can't be compared; the ones with the most images stay. */
export const MAX_COLUMNS = 24;

interface Cut {
  rows: GalleryAxis;
  columns: GalleryAxis;
  offset: number;
  limit: number;
}

type Value = { key: string | number; label: string | number | null; count: number };

export function arrangePairs(
  pairs: readonly ImagePair[],
  { rows, columns, offset, limit }: Cut,
  gallery: Pick<GalleryRepository, 'promptTexts' | 'images'>,
): Omit<GalleryTable, 'mistake'> {
  const allRows = valuesOf(pairs.map(({ rowKey: key, rowLabel: label, count }) => ({ key, label, count })));
  const allColumns = valuesOf(pairs.map(({ columnKey: key, columnLabel: label, count }) => ({ key, label, count })));
  const shownRows = allRows.slice(offset, offset + limit);
  const shownColumns = withMost(allColumns, MAX_COLUMNS);
  const [rowKeys, columnKeys] = [shownRows, shownColumns].map((values) => new Set(values.map(({ key }) => key)));
  const shown = pairs.filter(({ rowKey, columnKey }) => rowKeys?.has(rowKey) && columnKeys?.has(columnKey));
  return {
    rows: named(shownRows, rows, gallery),
    rowTotal: allRows.length,
    columns: named(shownColumns, columns, gallery),
    columnTotal: allColumns.length,
    cells: cellsOf(shown, gallery),
  };
}

/** Each once: numbers by size (a prompt is a number, in the order of its first image), names by the alphabet. */
function valuesOf(values: readonly Value[]): Value[] {
  const byKey = new Map<string | number, Value>();
  for (const value of values) {
    const known = byKey.get(value.key);
    byKey.set(value.key, { ...value, count: value.count + (known?.count ?? 0) });
  }
  return [...byKey.values()].sort((left, right) =>
    typeof left.key === 'number' && typeof right.key === 'number'
      ? left.key - right.key
      : String(left.label ?? left.key).localeCompare(String(right.label ?? right.key), 'en', { numeric: true }),
  );
}

function withMost(values: readonly Value[], limit: number): Value[] {
  if (values.length <= limit) return [...values];
  const kept = new Set([...values].sort((left, right) => right.count - left.count).slice(0, limit));
  return values.filter((value) => kept.has(value));
}

function named(values: readonly Value[], axis: GalleryAxis, gallery: Pick<GalleryRepository, 'promptTexts'>): GalleryAxisValue[] {
  const texts = axis === 'prompt' ? gallery.promptTexts(values.map(({ key }) => Number(key))) : null;
  return values.map(({ key, label }) => ({ key: String(key), label: texts?.get(Number(key)) ?? titleOf(axis, String(label ?? key)) }));
}

function titleOf(axis: GalleryAxis, label: string): string {
  const isScheduler = axis === 'scheduler' && SCHEDULER_NAMES.some((name) => name === label);
  return isScheduler ? describeScheduler(label as SchedulerName).title : label;
}

function cellsOf(pairs: readonly ImagePair[], gallery: Pick<GalleryRepository, 'images'>): GalleryCell[] {
  // What is gone since it was counted has no image, and is left out of both.
  const images = gallery.images(pairs.map(({ newest }) => newest));
  if (images.length !== pairs.length) return [];
  return pairs.flatMap(({ rowKey, columnKey, count }, index) => {
    const image = images[index];
    if (!image) return [];
    const { taskId, sha256, isSimulated } = image;
    return [{ row: String(rowKey), column: String(columnKey), count, taskId, sha256, isSimulated }];
  });
}
