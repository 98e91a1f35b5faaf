import { replaceEqualDeep } from '@tanstack/vue-query';
import { onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import { isAbort, toApiErrorShape } from '../api/errors.js';
import type { AppErrorShape } from '../../shared/errors.js';
import type { Page } from '../../shared/run.js';
import { listMissingPages } from './missing-pages.js';

interface PagedRowsOptions<T> {
  loadPage: (range: { offset: number; limit: number }, signal: AbortSignal) => Promise<Page<T>>;
  /** Filters and sort order: when it changes, everything is loaded again. Undefined holds back. */
  key: () => unknown;
  pageSize?: number;
  /** Keeps the rows on screen while those of a new key load, instead of emptying the list. */
  isKeptWhileLoading?: boolean;
  /** Pages that are kept: beyond, those farthest from the screen go, and are loaded again when they come back to it. All where absent. */
  maxPages?: number;
}

export interface PagedRows<T> {
  /** As long as the whole list; undefined where a page is not loaded yet. */
  rows: ShallowRef<readonly (T | undefined)[]>;
  total: Ref<number>;
  /** True until the first page of a new key is there. */
  isLoading: Ref<boolean>;
  error: Ref<AppErrorShape | null>;
  /** Says which rows are on screen; their pages are loaded. `end` is exclusive. */
  showRange: (start: number, end: number) => void;
  /** Loads the pages on screen again without emptying the list. */
  refresh: () => void;
  /** Loads every page that is missing; resolves when all rows are there, or one page failed. */
  loadAll: () => Promise<void>;
}

/** A long list of the core, loaded page by page as it is scrolled; feeds DataTable and virtual grids. */
export function usePagedRows<T>(options: PagedRowsOptions<T>): PagedRows<T> {
  const pageSize = options.pageSize ?? 200;
  const rows = shallowRef<readonly (T | undefined)[]>([]);
  const total = shallowRef(0);
  const isLoading = shallowRef(false);
  const error = shallowRef<AppErrorShape | null>(null);
  let controller = new AbortController();
  /** Pages that are there or on their way. */
  let loaded = new Map<number, Promise<void>>();
  let visible = { start: 0, end: pageSize };
  /** The rows on screen are those of the key before. */
  let isOutdated = false;

  function loadPage(page: number): Promise<void> {
    const loading = askFor(page);
    loaded.set(page, loading);
    return loading;
  }

  async function askFor(page: number): Promise<void> {
    const { signal } = controller;
    try {
      const offset = page * pageSize;
      const answer = await options.loadPage({ offset, limit: pageSize }, signal);
      if (signal.aborted) return;
      const next = isOutdated ? [] : rows.value.slice(0, answer.total);
      isOutdated = false;
      next.length = answer.total;
      // What is as it was stays the same object: lists are asked for again while they are on screen, and draw what has changed.
      answer.items.forEach((item, index) => (next[offset + index] = replaceEqualDeep(next[offset + index], item)));
      for (const far of farPages(page)) {
        loaded.delete(far);
        next.fill(undefined, far * pageSize, (far + 1) * pageSize);
      }
      rows.value = Array.from(next);
      total.value = answer.total;
      error.value = null;
    } catch (thrown) {
      if (signal.aborted || isAbort(thrown)) return;
      loaded.delete(page);
      error.value = toApiErrorShape(thrown);
    } finally {
      if (!signal.aborted) isLoading.value = false;
    }
  }

  /** Loaded pages beyond those that are kept, `page` and what is on screen not among them. */
  function farPages(page: number): number[] {
    const { maxPages = Infinity } = options;
    if (loaded.size <= maxPages) return [];
    const middle = (visible.start + visible.end) / 2 / pageSize;
    const isNeeded = (each: number): boolean => each === page || (each * pageSize < visible.end && (each + 1) * pageSize > visible.start);
    const byDistance = [...loaded.keys()].filter((each) => !isNeeded(each)).sort((a, b) => Math.abs(b - middle) - Math.abs(a - middle));
    return byDistance.slice(0, loaded.size - maxPages);
  }

  function loadMissing(): void {
    for (const page of listMissingPages(visible, pageSize, total.value, loaded)) void loadPage(page);
  }

  function showRange(start: number, end: number): void {
    visible = { start, end };
    if (options.key() !== undefined && !isLoading.value) loadMissing();
  }

  function reload(): void {
    controller.abort();
    controller = new AbortController();
    loaded = new Map();
    if (options.key() === undefined) return;
    if (total.value === 0 || isOutdated) void loadPage(0);
    else loadMissing();
  }

  async function loadAll(): Promise<void> {
    const { signal } = controller;
    for (let page = 0; page * pageSize < total.value && !signal.aborted && error.value === null; page += 1) {
      await (loaded.get(page) ?? loadPage(page));
    }
  }

  watch(
    () => JSON.stringify(options.key()),
    () => {
      if (options.isKeptWhileLoading && options.key() !== undefined) isOutdated = true;
      else {
        rows.value = [];
        total.value = 0;
      }
      error.value = null;
      visible = { start: 0, end: pageSize };
      isLoading.value = options.key() !== undefined;
      reload();
    },
    { immediate: true },
  );
  onScopeDispose(() => controller.abort());
  return { rows, total, isLoading, error, showRange, refresh: reload, loadAll };
}
