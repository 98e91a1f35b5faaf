// Lists that are longer than a browser can draw. Chromium cuts a box at 2^24 px, on a dense screen at half of it: above 8,000,000 px the list
// keeps that height and its scroll bar stands for all of it. Pure.

export const MAX_SCROLL_PX = 8_000_000;

export interface ScrollMap {
  /** Of the box that scrolls. */
  heightPx: number;
  /** Px of the list for each px of the scroll bar; 1 where the list fits. */
  ratio: number;
}

export function mapScroll(totalPx: number, viewportPx: number): ScrollMap {
  if (totalPx <= MAX_SCROLL_PX) return { heightPx: totalPx, ratio: 1 };
  return { heightPx: MAX_SCROLL_PX, ratio: (totalPx - viewportPx) / (MAX_SCROLL_PX - viewportPx) };
}

/** Rows that are at least partly on screen with the top of the viewport at `positionPx`, and `overscan` more on each side; `end` is exclusive. */
export function rowsAt(
  positionPx: number,
  { viewportPx, rowPx, rowCount, overscan }: { viewportPx: number; rowPx: number; rowCount: number; overscan: number },
): { start: number; end: number } {
  if (rowPx <= 0 || rowCount === 0) return { start: 0, end: 0 };
  const first = Math.floor(positionPx / rowPx);
  const last = Math.ceil((positionPx + viewportPx) / rowPx);
  return { start: Math.max(0, Math.min(first - overscan, rowCount - 1)), end: Math.min(rowCount, Math.max(last, 0) + overscan) };
}

/** The position nearest to `positionPx` from which a row is wholly on screen. */
export function revealRow(row: number, positionPx: number, { viewportPx, rowPx }: { viewportPx: number; rowPx: number }): number {
  const top = row * rowPx;
  if (top < positionPx) return top;
  return Math.max(positionPx, top + rowPx - viewportPx);
}
