import type { MenuItem } from '../../components/menu-item.js';

/** Downloads of a run. */
export function listRunExports(runId: string): MenuItem[] {
  const address = `/exports/runs/${encodeURIComponent(runId)}`;
  return [
    { label: 'CSV', hint: 'One row per task', href: `${address}.csv` },
    { label: 'JSON', hint: 'Everything, for programs', href: `${address}.json` },
    { label: 'HTML report', hint: 'One file to read and pass on', href: `${address}.html` },
  ];
}
