// The look of the list in the address, and the query as it is being typed, which is in the address once it is understood.
import { refDebounced } from '@vueuse/core';
import { computed, ref, watch, type ComputedRef, type Ref } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import { TYPED_AFTER_MS } from '../../composables/unfinished-word.js';
import { useLeaving } from '../../composables/useLeaving.js';
import { HISTORY_KEYS } from '../../../shared/history-keys.js';
import { parseQuery } from '../../../shared/query/parse-query.js';
import { readLook, writeLook, type HistoryLook } from './history-look.js';

interface LookInAddress {
  look: ComputedRef<HistoryLook>;
  typed: Ref<string>;
  /** A step that Back takes back. */
  show: (look: HistoryLook) => void;
  /** The same with what is typed already, also where it is not in the address yet. */
  change: (change: (look: HistoryLook) => HistoryLook) => void;
}

export function useHistoryLook(): LookInAddress {
  const route = useRoute();
  const router = useRouter();
  const isLeaving = useLeaving();
  const look = computed(() => readLook(route.query));
  const typed = ref(look.value.query);
  const settled = refDebounced(typed, TYPED_AFTER_MS);

  const path = route.path;
  const isUnderstood = (query: string): boolean => parseQuery(query, HISTORY_KEYS).mistakes.length === 0;
  watch(settled, (query) => {
    // Who has left for another page meanwhile has that page's address.
    if (!isUnderstood(query) || query.trim() === look.value.query || route.path !== path || isLeaving()) return;
    void router.replace({ query: writeLook({ ...look.value, query: query.trim() }) });
  });
  watch(
    () => look.value.query,
    (query) => {
      if (query !== settled.value.trim()) typed.value = query;
    },
  );

  return {
    look,
    typed,
    show(next) {
      typed.value = next.query;
      void router.push({ query: writeLook(next) });
    },
    change(change) {
      const query = isUnderstood(typed.value) ? typed.value.trim() : look.value.query;
      void router.push({ query: writeLook(change({ ...look.value, query })) });
    },
  };
}
