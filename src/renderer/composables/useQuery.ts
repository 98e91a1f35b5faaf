import { useQuery as useCachedQuery, useQueryClient } from '@tanstack/vue-query';
import { computed, shallowRef, watch, type Ref } from 'vue';
import { provideLive } from './useLive.js';
import { useConnection } from './useApi.js';
import { isAbort, toApiErrorShape } from '../api/errors.js';
import type { AppErrorShape } from '../../shared/errors.js';

interface QueryOptions {
  /** What the answer depends on besides the query's name (compared by its JSON): another value loads again. Undefined holds the query back. */
  key?: () => unknown;
  /** Loads again this often, in real ms, while the page is visible. */
  intervalMs?: number;
  /** Keeps the old answer on screen while that of a new key loads (it goes when the key becomes undefined). */
  isKeptWhileLoading?: boolean;
}

export interface Query<T> {
  /** The last answer; kept while a newer one loads. Undefined until the first. */
  data: Readonly<Ref<T | undefined>>;
  error: Readonly<Ref<AppErrorShape | null>>;
  isLoading: Readonly<Ref<boolean>>;
  /** Loads again, in place of a call in flight; ends when the answer is there. */
  refresh: () => Promise<void>;
}

/**
 * Runs a query now, when its key changes, after a reconnect and at the interval, and keeps the newest answer only. Components that ask for
 * the same `name` and key share one call and its answer. The call in flight is canceled when no one is left who asks.
 *
 * `name` is usually that of the API's procedure; two different loads never share one:
 * `useQuery('runs.get', (signal) => api.runs.get.query({ id: props.id }, { signal }), { key: () => props.id })`.
 */
export function useQuery<T>(name: string, load: (signal: AbortSignal) => Promise<T>, options: QueryOptions = {}): Query<T> {
  if (options.intervalMs !== undefined) provideLive();
  const key = computed(() => (options.key ? options.key() : 'always'));
  const isHeldBack = computed(() => key.value === undefined);

  const client = useQueryClient();
  const connection = useConnection();

  // What was shown before a query was held back is not what is asked for now.
  let isForgotten = false;
  watch(isHeldBack, (isHeld) => (isForgotten ||= isHeld), { flush: 'sync' });

  const query = useCachedQuery<T>({
    queryKey: [name, key],
    queryFn: ({ signal }) => load(signal),
    enabled: computed(() => !isHeldBack.value),
    refetchInterval: computed(() => (options.intervalMs !== undefined && connection.value === 'open' ? options.intervalMs : false)),
    placeholderData: (previous) => (options.isKeptWhileLoading && !isForgotten ? previous : undefined),
    // What crosses to the core is plain, and lists are long: answers are not made deeply reactive.
    shallow: true,
  });

  watch(
    [query.data, query.isPlaceholderData],
    ([answer, isOld]) => {
      if (answer !== undefined && !isOld) isForgotten = false;
    },
    { flush: 'sync' },
  );

  // An error stays until there is an answer: not while the same thing is only tried again.
  const error = shallowRef<AppErrorShape | null>(null);
  watch(
    () => JSON.stringify(key.value),
    () => (error.value = null),
    { flush: 'sync' },
  );
  watch(
    [query.status, query.error],
    ([status, thrown]) => {
      if (thrown && !isAbort(thrown)) error.value = toApiErrorShape(thrown);
      else if (status === 'success') error.value = null;
    },
    { immediate: true, flush: 'sync' },
  );

  return {
    data: computed(() => (isHeldBack.value ? undefined : query.data.value)),
    error,
    isLoading: computed(() => !isHeldBack.value && query.isFetching.value),
    refresh: async () => {
      if (isHeldBack.value) return;
      // What is in flight may have been answered before whatever makes the caller ask again.
      await client.cancelQueries({ queryKey: [name, key.value], exact: true });
      await query.refetch();
    },
  };
}
