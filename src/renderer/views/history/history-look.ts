// How the list of everything that ran is looked at: what of it, in which order, in which groups. All of it is in the address.
import type { LocationQuery, LocationQueryRaw } from 'vue-router';
import { HISTORY_GROUPS, HISTORY_SORTS, type HistoryGroup, type HistorySort, type HistoryView } from '../../../shared/history.js';
import type { TableSort } from '../../components/data-column.js';

export interface HistoryLook {
  query: string;
  sort: HistorySort;
  isDescending: boolean;
  group: HistoryGroup;
}

/** The newest first, all of them. */
export const DEFAULT_LOOK: HistoryLook = { query: '', sort: 'created', isDescending: true, group: 'none' };

/** Addresses come from anywhere: what is not understood is as if it were not there. */
export function readLook(address: LocationQuery): HistoryLook {
  const text = (name: string): string => (typeof address[name] === 'string' ? address[name] : '');
  const sort = HISTORY_SORTS.find((name) => name === text('sort').replace(/^-/, ''));
  return {
    query: text('q'),
    ...(sort ? { sort, isDescending: text('sort').startsWith('-') } : { sort: DEFAULT_LOOK.sort, isDescending: DEFAULT_LOOK.isDescending }),
    group: HISTORY_GROUPS.find((name) => name === text('group')) ?? DEFAULT_LOOK.group,
  };
}

/** Without what is as by default, so that the plain page has a plain address. */
export function writeLook({ query, sort, isDescending, group }: HistoryLook): LocationQueryRaw {
  const isDefaultSort = sort === DEFAULT_LOOK.sort && isDescending === DEFAULT_LOOK.isDescending;
  return {
    ...(query !== '' && { q: query }),
    ...(!isDefaultSort && { sort: `${isDescending ? '-' : ''}${sort}` }),
    ...(group !== 'none' && { group }),
  };
}

export function isSameLook(left: HistoryLook, right: HistoryLook): boolean {
  return JSON.stringify(writeLook(left)) === JSON.stringify(writeLook(right));
}

/** What the head of the table shows; null where the list is as by default. */
export function sortOfLook({ sort, isDescending }: HistoryLook): TableSort {
  return { columnId: sort, isDescending };
}

/** A head that is pressed the third time goes back to the default. */
export function withSort(look: HistoryLook, sort: TableSort | null): HistoryLook {
  const name = HISTORY_SORTS.find((candidate) => candidate === sort?.columnId);
  if (!sort || !name) return { ...look, sort: DEFAULT_LOOK.sort, isDescending: DEFAULT_LOOK.isDescending };
  return { ...look, sort: name, isDescending: sort.isDescending };
}

export interface BuiltInView {
  name: string;
  look: HistoryLook;
}

/** Always there; what people save comes behind them. */
export const BUILT_IN_VIEWS: readonly BuiltInView[] = [
  { name: 'All', look: DEFAULT_LOOK },
  { name: 'Starred', look: { ...DEFAULT_LOOK, query: 'star:yes' } },
  { name: 'Last 24 hours', look: { ...DEFAULT_LOOK, query: 'since:24h' } },
  { name: 'Invalid', look: { ...DEFAULT_LOOK, query: 'valid:no' } },
];

export function lookOfView({ query, sort, isDescending, group }: HistoryView): HistoryLook {
  return { query, sort, isDescending, group };
}
