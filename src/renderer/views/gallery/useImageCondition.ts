// Whether the file of an image that failed to load is missing or damaged, and the way to have it made again.
import { computed, ref, watch, type ComputedRef, type Ref } from 'vue';
import { useApi } from '../../composables/useApi.js';
import { useMutation, type Mutation } from '../../composables/useMutation.js';
import { useQuery } from '../../composables/useQuery.js';
import type { ImageCondition } from '../../../shared/data-care.js';

/** Real ms between two looks at a lost image: someone may have it made again. */
const LOOK_EVERY_MS = 3000;

interface LostImage {
  /** Set it when the picture fails to load. */
  isBroken: Ref<boolean>;
  /** Of the address: a picture that failed is asked for again only under another one. */
  suffix: ComputedRef<string>;
  condition: Readonly<Ref<ImageCondition | undefined>>;
  remade: ComputedRef<ImageCondition['remade']>;
  remake: Mutation<[], unknown>;
}

export function useImageCondition(sha256: () => string | undefined): LostImage {
  const api = useApi();
  const isBroken = ref(false);
  const tries = ref(0);
  function tryAgain(): void {
    if (!isBroken.value) return;
    isBroken.value = false;
    tries.value += 1;
  }
  watch(sha256, tryAgain);
  const condition = useQuery('data.examineImage', (signal) => api.data.examineImage.query({ sha256: sha256() ?? '' }, { signal }), {
    key: () => (isBroken.value ? sha256() : undefined),
    intervalMs: LOOK_EVERY_MS,
  });
  watch(
    () => condition.data.value?.state,
    (state) => state === 'sound' && tryAgain(),
  );
  return {
    isBroken,
    suffix: computed(() => (tries.value > 0 ? `?try=${tries.value}` : '')),
    condition: condition.data,
    remade: computed(() => (isBroken.value ? (condition.data.value?.remade ?? null) : null)),
    remake: useMutation(() => api.data.remakeImages.mutate({ sha256s: [sha256() ?? ''] })),
  };
}
