import { useLocalStorage } from '@vueuse/core';
import { computed, type WritableComputedRef } from 'vue';

/** Whether letters and signs alone are shortcuts (WCAG 2.1.4 asks that they can be turned off); kept in this browser. */
export function useSingleKeys(): WritableComputedRef<boolean> {
  const stored = useLocalStorage('dedgeai.single-keys', 'on');
  return computed({ get: () => stored.value !== 'off', set: (isOn) => (stored.value = isOn ? 'on' : 'off') });
}
