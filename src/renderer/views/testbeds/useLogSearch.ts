// Looking for words in a log that grows: which lines match, and which of them is looked at.
import { computed, ref, shallowRef, watch, type ComputedRef, type Ref } from 'vue';
import { findLines, type LogLine } from './provision-log.js';

export interface LogSearch {
  text: Ref<string>;
  /** Keys of the lines that match. */
  matches: ComputedRef<ReadonlySet<string>>;
  /** From 1 and the key of the line; null without a match. */
  current: ComputedRef<{ position: number; key: string; index: number } | null>;
  count: ComputedRef<number>;
  /** To the next match or the one before, around the ends. */
  step: (by: 1 | -1) => void;
}

/** `goTo` brings a line into sight. */
export function useLogSearch(lines: () => readonly LogLine[], goTo: (index: number) => void): LogSearch {
  const text = ref('');
  const found = computed(() => findLines(lines(), text.value));
  /** By its key, since its index changes as lines come and go. */
  const currentKey = shallowRef<string | null>(null);
  const position = computed(() => found.value.findIndex((index) => lines()[index]?.key === currentKey.value));
  const keyAt = (index: number | undefined): string | null => (index === undefined ? null : (lines()[index]?.key ?? null));

  function look(at: number): void {
    const index = found.value[at];
    currentKey.value = keyAt(index);
    if (index !== undefined) goTo(index);
  }

  // What is typed leads to the newest match: what went wrong last is what is looked for.
  watch(text, () => look(found.value.length - 1));
  // The line that is looked for may come after its words, and an old log loses its first lines: then the next match is looked at.
  watch(
    () => position.value === -1 && found.value.length > 0,
    (isLost) => isLost && look(currentKey.value === null ? found.value.length - 1 : 0),
  );

  return {
    text,
    matches: computed(() => new Set(found.value.flatMap((index) => keyAt(index) ?? []))),
    current: computed(() => {
      const at = position.value;
      const index = found.value[at];
      const key = keyAt(index);
      return index === undefined || key === null ? null : { position: at + 1, key, index };
    }),
    count: computed(() => found.value.length),
    step(by) {
      const { length } = found.value;
      if (length > 0) look((Math.max(0, position.value) + by + length) % length);
    },
  };
}
