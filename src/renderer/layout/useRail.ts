// Whether the navigation is a rail of icons: by itself where the window is narrow, or as it was chosen.
import { useMediaQuery } from '@vueuse/core';
import { computed, type ComputedRef } from 'vue';
import { useNavigationLook } from '../composables/useNavigationLook.js';

/** The window's width below which the navigation gives its words to the view. */
const RAIL_BELOW_PX = 1200;

export function useRail(): { isRail: ComputedRef<boolean>; toggle: () => void } {
  const chosen = useNavigationLook();
  const isNarrow = useMediaQuery(`(max-width: ${RAIL_BELOW_PX - 1}px)`);
  const isRail = computed(() => (chosen.value === 'auto' ? isNarrow.value : chosen.value === 'rail'));
  return {
    isRail,
    /** What comes to what the width asks for is no choice any more. */
    toggle: () => (chosen.value = !isRail.value === isNarrow.value ? 'auto' : isRail.value ? 'full' : 'rail'),
  };
}
