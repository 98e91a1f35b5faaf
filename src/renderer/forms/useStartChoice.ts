// When what is composed is to start: read again as the clock goes, so that a time that passes meanwhile is refused where it was chosen.
import { computed, type ComputedRef, type Ref } from 'vue';
import { useClock } from '../composables/useClock.js';
import { readStartChoice, type StartChoice } from './start-choice.js';
import { formatStart } from '../../shared/planned-start.js';

export interface StartWish {
  /** Epoch ms; undefined: now. */
  startAtMs: ComputedRef<number | undefined>;
  problem: ComputedRef<string | null>;
  /** `Start run`, `Start run at 20:00` */
  label: ComputedRef<string>;
}

/** `what`: `Start run` */
export function useStartChoice(choice: Readonly<Ref<StartChoice>>, what: string): StartWish {
  const now = useClock(1_000);
  const read = computed(() => readStartChoice(choice.value, now.value));
  const startAtMs = computed(() => read.value.startAtMs);
  return {
    startAtMs,
    problem: computed(() => read.value.problem),
    label: computed(() => (startAtMs.value === undefined ? what : `${what} at ${formatStart(startAtMs.value, now.value)}`)),
  };
}
