import { useLocalStorage } from '@vueuse/core';
import { computed, type WritableComputedRef } from 'vue';
import type { DurationLook } from '../../shared/format.js';

const stored = useLocalStorage('dedgeai.table-durations', 'seconds');

/** How durations in tables are written, kept in this browser as the theme is, and the same for all who ask. Table V has seconds whatever it says. */
const durationLook: WritableComputedRef<DurationLook> = computed({
  get: () => (stored.value === 'clock' ? 'clock' : 'seconds'),
  set: (look) => (stored.value = look),
});

export function useDurationLook(): WritableComputedRef<DurationLook> {
  return durationLook;
}
