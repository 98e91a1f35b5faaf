import { refDebounced } from '@vueuse/core';
import { computed, type ComputedRef } from 'vue';

/** What comes sooner is not announced by anything. */
export const SKELETON_AFTER_MS = 100;
/** About what a list has that fills its page. */
const ROW_COUNT = 8;

/** How many rows of bars stand in the place of rows that are not there yet: none in the first moment of loading, and none where rows are. */
export function useSkeletonRows(isLoadingFirst: () => boolean, rowCount = ROW_COUNT): ComputedRef<number> {
  const isLoading = computed(isLoadingFirst);
  const isLate = refDebounced(isLoading, SKELETON_AFTER_MS);
  return computed(() => (isLoading.value && isLate.value ? rowCount : 0));
}
