/**
 * Pages (from 0) that cover rows `start` (inclusive) to `end` (exclusive) of a list of `total` rows and are not loaded yet, and one page
 * more on each side so that scrolling meets loaded rows.
 */
export function listMissingPages(
  visible: { start: number; end: number },
  pageSize: number,
  total: number,
  loaded: Pick<ReadonlySet<number>, 'has'>,
): number[] {
  if (total <= 0) return [];
  const last = Math.floor((total - 1) / pageSize);
  const from = Math.max(0, Math.floor(visible.start / pageSize) - 1);
  const to = Math.min(last, Math.floor(Math.max(visible.start, visible.end - 1) / pageSize) + 1);
  const pages: number[] = [];
  for (let page = from; page <= to; page += 1) if (!loaded.has(page)) pages.push(page);
  return pages;
}
