import { onScopeDispose, shallowRef, triggerRef, watch, type ShallowRef } from 'vue';
import { isAbort, toApiErrorShape } from '../../api/errors.js';
import { useApi } from '../../composables/useApi.js';
import type { AppErrorShape } from '../../../shared/errors.js';
import type { RunLive } from '../../../shared/run.js';
import { hasEnded } from './describe-run.js';
import { RunBarStore } from './run-bars.js';

/** Real ms within which results may be stored in another order than they came. */
const OVERLAP_MS = 2000;

/**
 * The bars of a run, kept up to date: only those that are new are asked for, page after page, whenever `version` changes. At the end it is
 * checked that none is missing.
 */
export function useRunBars(
  live: () => RunLive | undefined,
  version: () => string,
): { store: ShallowRef<RunBarStore>; error: ShallowRef<AppErrorShape | null>; retry: () => void } {
  const api = useApi();
  const store = shallowRef(new RunBarStore());
  const error = shallowRef<AppErrorShape | null>(null);
  const closing = new AbortController();
  let isLoading = false;
  let isDue = false;

  async function loadPages(): Promise<void> {
    const now = live();
    if (!now) return;
    const { id, timeScale } = now.run;
    let after = store.value.cursor(OVERLAP_MS * timeScale);
    const isWhole = after === null;
    for (;;) {
      const page = await api.runs.bars.query({ id, after }, { signal: closing.signal });
      store.value.add(page);
      triggerRef(store);
      const last = page.bars.at(-1);
      if (!page.hasMore || !last) break;
      after = { acceptedMs: last.acceptedMs, ordinal: last.ordinal };
    }
    const latest = live();
    // Of an ended run everything is on record: a gap means that something came by late.
    if (latest && hasEnded(latest.run) && store.value.count !== latest.run.counts.succeeded && !isWhole) {
      store.value = new RunBarStore();
      isDue = true;
    }
  }

  async function load(): Promise<void> {
    isDue = true;
    if (isLoading) return;
    isLoading = true;
    try {
      while (isDue) {
        isDue = false;
        await loadPages();
      }
      error.value = null;
    } catch (thrown) {
      if (!isAbort(thrown)) error.value = toApiErrorShape(thrown);
    } finally {
      isLoading = false;
    }
  }

  watch(version, () => void load(), { immediate: true });
  onScopeDispose(() => closing.abort());
  return { store, error, retry: () => void load() };
}
