import { useLocalStorage } from '@vueuse/core';
import { computed, type ComputedRef } from 'vue';

/** How many steps layout/tour has. */
export const TOUR_LENGTH = 3;

export interface Tour {
  /** Counts from 0; null while the tour is not open. */
  step: ComputedRef<number | null>;
  /** Whether no one has taken or declined it in this browser. */
  isOffered: ComputedRef<boolean>;
  start(): void;
  show(step: number): void;
  /** Ends it, and declines it where it was only offered. */
  leave(): void;
}

/** The tour of the first start; where it is, is kept in this browser: a reload continues it, and one that was left stays away. */
export function useTour(): Tour {
  const stored = useLocalStorage('dedgeai.tour', 'offered');
  const step = computed(() => (/^\d$/.test(stored.value) && Number(stored.value) < TOUR_LENGTH ? Number(stored.value) : null));
  return {
    step,
    isOffered: computed(() => stored.value === 'offered'),
    start: () => (stored.value = '0'),
    show: (next) => (stored.value = String(next)),
    leave: () => (stored.value = 'left'),
  };
}
