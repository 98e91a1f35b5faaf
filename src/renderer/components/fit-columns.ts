import type { DataColumn } from './data-column.js';

/** What a column takes at the least, px; 140 where it says nothing. */
export function leastWidthPx(column: Pick<DataColumn<never>, 'widthPx' | 'minWidthPx'>): number {
  return column.widthPx ?? column.minWidthPx ?? 140;
}

/**
 * Splits the columns into those that fit into `widthPx` side by side and those that give way, each in the order that they had. Columns without
 * a `hideOrder` are shown however narrow it is.
 */
export function fitColumns<Column extends Pick<DataColumn<never>, 'widthPx' | 'minWidthPx' | 'hideOrder'>>(
  columns: readonly Column[],
  widthPx: number,
): { shown: Column[]; hidden: Column[] } {
  let neededPx = columns.reduce((sum, column) => sum + leastWidthPx(column), 0);
  const hidden = new Set<Column>();
  const candidates = columns
    .filter(({ hideOrder }) => hideOrder !== undefined)
    .sort((left, right) => (left.hideOrder ?? 0) - (right.hideOrder ?? 0));
  for (const column of candidates) {
    if (neededPx <= widthPx) break;
    hidden.add(column);
    neededPx -= leastWidthPx(column);
  }
  return { shown: columns.filter((column) => !hidden.has(column)), hidden: columns.filter((column) => hidden.has(column)) };
}
