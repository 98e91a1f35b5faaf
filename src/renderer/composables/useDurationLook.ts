import { useLocalStorage } from '@vueuse/core';
import { computed, type WritableComputedRef } from 'vue';
import type { DurationLook } from '../../shared/format.js';

/** How durations in tables are written, kept in this browser as the theme is; the same for all who ask. Table V has seconds whatever it says. */
export function useDurationLook(): WritableComputedRef<DurationLook> {
  const stored = useLocalStorage('dedgeai.table-durations', 'seconds');
  return computed({ get: () => (stored.value === 'clock' ? 'clock' : 'seconds'), set: (look) => (stored.value = look) });
}
