// The views of the window as the navigation shows them: in groups, each with its icon.
import {
  Activity,
  Box,
  Database,
  FileText,
  GitCompareArrows,
  GraduationCap,
  House,
  Images,
  ListTodo,
  Network,
  Settings2,
  Table2,
} from '@lucide/vue';
import type { Component } from 'vue';
import { WINDOW_VIEWS, type WindowView } from '../../shared/window-commands.js';

export const VIEW_ICONS: Readonly<Record<(typeof WINDOW_VIEWS)[number]['name'], Component>> = {
  overview: House,
  testbeds: Network,
  models: Box,
  datasets: Database,
  runs: Activity,
  train: GraduationCap,
  gallery: Images,
  jobs: ListTodo,
  compare: GitCompareArrows,
  'table-v': Table2,
  reports: FileText,
  settings: Settings2,
};

const GROUPS = ['none', 'Lab', 'Experiments', 'Results', 'end'] as const satisfies readonly WindowView['group'][];

/** A label is null of those that stand alone. */
export const NAVIGATION = GROUPS.map((group) => ({
  label: group === 'none' || group === 'end' ? null : group,
  entries: WINDOW_VIEWS.filter((view) => view.group === group),
}));

/** Lists of an own address that belong to another view. */
const ALSO: Readonly<Record<string, string>> = { '/series': '/runs' };

/** Whether a page belongs to a view of the navigation. */
export function isOfView(path: string, { path: viewPath }: Pick<WindowView, 'path'>): boolean {
  const first = `/${path.split('/')[1] ?? ''}`;
  return (ALSO[first] ?? first) === viewPath;
}
