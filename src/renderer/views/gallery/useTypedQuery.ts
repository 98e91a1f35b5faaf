import { refDebounced } from '@vueuse/core';
import { ref, watch, type ComputedRef, type Ref } from 'vue';
import { TYPED_AFTER_MS } from '../../composables/unfinished-word.js';
import type { GalleryLook } from './gallery-look.js';

/** The query as it is being typed. The look follows it, and it follows the look, which Back and a link may change too. */
export function useTypedQuery(look: ComputedRef<GalleryLook>, change: (part: Partial<GalleryLook>) => void): Ref<string> {
  const typed = ref(look.value.query);
  const settled = refDebounced(typed, TYPED_AFTER_MS);
  watch(settled, (query) => query !== look.value.query && change({ query, at: null }));
  watch(
    () => look.value.query,
    (query) => {
      if (query !== settled.value) typed.value = query;
    },
  );
  return typed;
}
