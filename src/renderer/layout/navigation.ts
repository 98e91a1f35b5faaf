// The views of the window in the order and the groups of the navigation; each has its key after `g`.
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

export interface NavigationEntry {
  name: string;
  path: string;
  label: string;
  icon: Component;
  /** After `g`. */
  key: string;
}

export interface NavigationGroup {
  /** Null of those that stand alone. */
  label: string | null;
  entries: readonly NavigationEntry[];
}

export const NAVIGATION: readonly NavigationGroup[] = [
  { label: null, entries: [{ name: 'overview', path: '/', label: 'Overview', icon: House, key: 'o' }] },
  {
    label: 'Lab',
    entries: [
      { name: 'testbeds', path: '/testbeds', label: 'Testbeds', icon: Network, key: 't' },
      { name: 'models', path: '/models', label: 'Models', icon: Box, key: 'm' },
      { name: 'datasets', path: '/datasets', label: 'Datasets', icon: Database, key: 'd' },
    ],
  },
  {
    label: 'Experiments',
    entries: [
      { name: 'runs', path: '/runs', label: 'Runs', icon: Activity, key: 'r' },
      { name: 'train', path: '/train', label: 'Train', icon: GraduationCap, key: 'l' },
      { name: 'gallery', path: '/gallery', label: 'Gallery', icon: Images, key: 'g' },
      { name: 'jobs', path: '/jobs', label: 'Jobs', icon: ListTodo, key: 'j' },
    ],
  },
  {
    label: 'Results',
    entries: [
      { name: 'compare', path: '/compare', label: 'Compare', icon: GitCompareArrows, key: 'c' },
      { name: 'table-v', path: '/table-v', label: 'Table V', icon: Table2, key: 'v' },
      { name: 'reports', path: '/reports', label: 'Reports', icon: FileText, key: 'p' },
    ],
  },
  { label: null, entries: [{ name: 'settings', path: '/settings', label: 'Settings', icon: Settings2, key: 's' }] },
];

/** Series are reached from Runs, and belong to it. */
const ALSO: Readonly<Record<string, string>> = { '/series': '/runs' };

/** Whether a page belongs to an entry. */
export function isOfEntry(path: string, { path: entryPath }: Pick<NavigationEntry, 'path'>): boolean {
  if (entryPath === '/') return path === '/';
  const first = `/${path.split('/')[1] ?? ''}`;
  return (ALSO[first] ?? first) === entryPath;
}
