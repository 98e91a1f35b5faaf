import { onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import { isAbort, toApiErrorShape } from '../api/errors.js';
import type { AppErrorShape } from '../../shared/errors.js';
import { useConnection } from './useApi.js';

interface QueryOptions {
  /** Loads again when this value changes (compared by its JSON). Undefined holds the query back. */
  key?: () => unknown;
  /** Loads again this often, in real ms, while the page is visible. */
  intervalMs?: number;
  /** Keeps the old answer on screen while that of a new key loads (it goes when the key becomes undefined). */
  isKeptWhileLoading?: boolean;
}

export interface Query<T> {
  /** The last answer; kept while a newer one loads. Undefined until the first. */
  data: ShallowRef<T | undefined>;
  error: Ref<AppErrorShape | null>;
  isLoading: Ref<boolean>;
  refresh: () => Promise<void>;
}

/**
 * Runs a query now, when its key changes, after a reconnect and at the interval, and keeps the newest answer only. The call in flight
 * is cancelled when a newer one starts or the component goes.
 */
export function useQuery<T>(load: (signal: AbortSignal) => Promise<T>, options: QueryOptions = {}): Query<T> {
  const data = shallowRef<T>();
  const error = shallowRef<AppErrorShape | null>(null);
  const isLoading = shallowRef(false);
  const connection = useConnection();
  let inFlight: AbortController | null = null;

  async function refresh(): Promise<void> {
    inFlight?.abort();
    const controller = new AbortController();
    inFlight = controller;
    isLoading.value = true;
    try {
      const answer = await load(controller.signal);
      if (controller.signal.aborted) return;
      data.value = answer;
      error.value = null;
    } catch (thrown) {
      if (controller.signal.aborted || isAbort(thrown)) return;
      error.value = toApiErrorShape(thrown);
    } finally {
      if (inFlight === controller) {
        inFlight = null;
        isLoading.value = false;
      }
    }
  }

  const isHeldBack = (): boolean => options.key !== undefined && options.key() === undefined;
  const readKey = (): string => (options.key ? JSON.stringify(options.key()) : 'always');
  watch(
    readKey,
    () => {
      if (!options.isKeptWhileLoading || isHeldBack()) data.value = undefined;
      error.value = null;
      inFlight?.abort();
      if (!isHeldBack()) void refresh();
    },
    { immediate: true },
  );
  watch(connection, (now, before) => {
    if (now === 'open' && before === 'lost' && !isHeldBack()) void refresh();
  });

  const timer =
    options.intervalMs === undefined
      ? undefined
      : setInterval(() => {
          if (!document.hidden && !inFlight && !isHeldBack() && connection.value === 'open') void refresh();
        }, options.intervalMs);
  onScopeDispose(() => {
    clearInterval(timer);
    inFlight?.abort();
  });
  return { data, error, isLoading, refresh };
}
