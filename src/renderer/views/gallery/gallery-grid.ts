// Geometry and keyboard of the grid; pure.

/** How many cells of at least `cellPx` fit side by side with `gapPx` between them; at least one. */
export function countColumns(widthPx: number, cellPx: number, gapPx: number): number {
  return Math.max(1, Math.floor((widthPx + gapPx) / (cellPx + gapPx)));
}

/** Cell that a navigation key leads to from `index`, or null when the key is none or nothing moves. */
export function findNextCell(key: string, index: number, grid: { count: number; columns: number; pageRows: number }): number | null {
  const steps: Record<string, number> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -grid.columns,
    ArrowDown: grid.columns,
    PageUp: -grid.columns * grid.pageRows,
    PageDown: grid.columns * grid.pageRows,
    Home: -index,
    End: grid.count - 1 - index,
  };
  const step = steps[key];
  if (step === undefined || grid.count === 0) return null;
  const target = index + step;
  // Past an end, single steps stay where they are and long ones go to that end.
  const isSingle = Math.abs(step) <= grid.columns;
  if (isSingle && (target < 0 || target >= grid.count)) return null;
  const next = Math.min(grid.count - 1, Math.max(0, target));
  return next === index ? null : next;
}
