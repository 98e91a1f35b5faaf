import { useLocalStorage } from '@vueuse/core';
import { computed, type WritableComputedRef } from 'vue';

export type NavigationLook = 'auto' | 'rail' | 'full';

const stored = useLocalStorage('dedgeai.navigation', 'auto');

/** Whether the navigation is a rail of icons, has words, or is as wide as the window allows; kept in this browser. */
export function useNavigationLook(): WritableComputedRef<NavigationLook> {
  return computed({
    get: () => (stored.value === 'rail' || stored.value === 'full' ? stored.value : 'auto'),
    set: (look) => (stored.value = look),
  });
}
