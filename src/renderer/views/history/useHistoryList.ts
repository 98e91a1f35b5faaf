// The records that the look asks for, page by page. What a mistaken query would ask for is not known: the last good one stays on screen.
import { useIntervalFn } from '@vueuse/core';
import { computed, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import { useApi, useConnection } from '../../composables/useApi.js';
import { holdEmpty } from '../../composables/unfinished-word.js';
import { usePagedRows, type PagedRows } from '../../composables/usePagedRows.js';
import { HISTORY_KEYS } from '../../../shared/history-keys.js';
import type { HistoryEntry, HistoryPage } from '../../../shared/history.js';
import { parseQuery } from '../../../shared/query/parse-query.js';
import type { QueryMistake } from '../../../shared/query/query.js';
import type { HistoryLook } from './history-look.js';

/** Runs go on: what is on screen is asked for again this often, real ms. */
const REFRESH_MS = 3000;
const PAGE_SIZE = 200;

interface HistoryList extends Pick<
  PagedRows<HistoryEntry>,
  'rows' | 'total' | 'isLoading' | 'error' | 'showRange' | 'refresh' | 'loadAll'
> {
  /** Of the query as it is typed now; null where it is understood. */
  mistake: ComputedRef<QueryMistake | null>;
  /** Query of the rows. */
  query: Readonly<ShallowRef<string>>;
  /** Without the query; null until it is known. */
  allTotal: Readonly<Ref<number | null>>;
  excludedBy: Readonly<Ref<HistoryPage['excludedBy']>>;
  /** All rows, loaded or not yet until now. */
  takeAll: () => Promise<HistoryEntry[]>;
}

/** `typed` is the query as it is written now, which may be ahead of the look's. */
export function useHistoryList(look: () => HistoryLook, typed: () => string): HistoryList {
  const api = useApi();
  const connection = useConnection();
  const allTotal = shallowRef<number | null>(null);
  const excludedBy = shallowRef<HistoryPage['excludedBy']>(null);

  const mistake = computed(() => parseQuery(typed(), HISTORY_KEYS).mistakes[0] ?? null);
  const query = shallowRef('');
  watch(
    () => look().query,
    (text) => {
      if (parseQuery(text, HISTORY_KEYS).mistakes.length === 0) query.value = text;
    },
    { immediate: true, flush: 'sync' },
  );

  const paged = usePagedRows<HistoryEntry>({
    loadPage: async (range, signal) => {
      const { sort, isDescending } = look();
      const page = await holdEmpty(await api.history.list.query({ query: query.value, sort, isDescending, ...range }, { signal }), signal);
      if (signal.aborted) return page;
      allTotal.value = page.allTotal;
      excludedBy.value = page.excludedBy;
      return page;
    },
    key: () => [query.value, look().sort, look().isDescending],
    pageSize: PAGE_SIZE,
    isKeptWhileLoading: true,
  });
  useIntervalFn(() => {
    if (connection.value === 'open' && document.visibilityState === 'visible' && !paged.isLoading.value) paged.refresh();
  }, REFRESH_MS);
  watch(connection, (state, before) => before === 'lost' && state === 'open' && paged.refresh());

  // Groups stand in the order of their first rows, wherever those are.
  watch([() => look().group, paged.total, paged.isLoading], ([group, , isLoading]) => {
    if (group !== 'none' && !isLoading) void paged.loadAll();
  });

  return {
    ...paged,
    mistake,
    query,
    allTotal,
    excludedBy,
    async takeAll() {
      await paged.loadAll();
      return paged.rows.value.filter((row): row is HistoryEntry => row !== undefined);
    },
  };
}
