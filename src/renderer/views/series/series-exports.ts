import type { MenuItem } from '../../components/menu-item.js';

/** Downloads of a series. */
export function listSeriesExports(seriesId: string): MenuItem[] {
  const address = `/exports/series/${encodeURIComponent(seriesId)}`;
  return [
    { label: 'CSV', hint: 'One row per task, with its run and cell', href: `${address}.csv` },
    { label: 'JSON', hint: 'Plan, runs and figures, for programs', href: `${address}.json` },
  ];
}
