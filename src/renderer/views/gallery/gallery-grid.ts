// Geometry and keyboard of the grid; pure.

/** Sides of a tile, px. */
export const MIN_TILE_PX = 96;
export const MAX_TILE_PX = 512;
export const DEFAULT_TILE_PX = 168;
/** Tiles on screen at most, so that with those around it fewer than 200 are drawn however large the screen is. */
const MAX_ON_SCREEN = 140;

/** How many cells of at least `cellPx` fit side by side with `gapPx` between them; at least one. */
export function countColumns(widthPx: number, cellPx: number, gapPx: number): number {
  return Math.max(1, Math.floor((widthPx + gapPx) / (cellPx + gapPx)));
}

/** A size that a tile may have: within its limits, and large enough that not too many are on screen at once. */
export function fitTile(chosenPx: number, viewport: { widthPx: number; heightPx: number }): number {
  const smallestPx = Math.ceil(Math.sqrt((viewport.widthPx * viewport.heightPx) / MAX_ON_SCREEN));
  const sizePx = Number.isFinite(chosenPx) ? chosenPx : DEFAULT_TILE_PX;
  return Math.min(MAX_TILE_PX, Math.max(MIN_TILE_PX, smallestPx, sizePx));
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
  const isSingle = key.startsWith('Arrow');
  if (isSingle && (target < 0 || target >= grid.count)) return null;
  const next = Math.min(grid.count - 1, Math.max(0, target));
  return next === index ? null : next;
}
