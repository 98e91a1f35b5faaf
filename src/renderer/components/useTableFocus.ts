// Which line of a virtual table the keyboard is at: kept when lines come and go above it, and handed to the next one when it goes itself.
import { computed, nextTick, shallowRef, watch, type ComputedRef, type Ref } from 'vue';
import { findNextRow } from './find-next-row.js';

interface TableFocusOptions {
  keys: () => readonly string[];
  scroller: Readonly<Ref<HTMLElement | null>>;
  /** Brings a line into the document. */
  scrollTo: (index: number) => void;
  /** Full rows of a page. */
  pageRows: () => number;
  /** Lines that the keyboard passes over. */
  isSkipped: (index: number) => boolean;
}

export interface TableFocus {
  index: ComputedRef<number>;
  /** The line that is at `index` now is the one of the keyboard, without moving the focus. */
  setIndex: (index: number) => void;
  /** Moves the focus to a line, which may have to be scrolled to first. */
  focus: (index: number) => void;
  /** Moves by a navigation key; gives the line that the focus goes to, null where the key is none or nothing moves. */
  move: (key: string) => number | null;
  /** To be called when other lines are drawn. */
  lineDrawn: () => void;
}

export function useTableFocus(options: TableFocusOptions): TableFocus {
  const remembered = shallowRef<{ key: string | null; index: number }>({ key: null, index: 0 });
  const indexOf = computed(() => new Map(options.keys().map((key, index) => [key, index])));
  const index = computed(() => {
    const { key, index: last } = remembered.value;
    const found = key === null ? undefined : indexOf.value.get(key);
    return found ?? Math.max(0, Math.min(last, options.keys().length - 1));
  });
  let waitingFor: number | null = null;

  function setIndex(next: number): void {
    remembered.value = { key: options.keys()[next] ?? null, index: next };
  }

  function lineDrawn(): void {
    if (waitingFor === null) return;
    const line = options.scroller.value?.querySelector<HTMLElement>(`tr[data-index="${waitingFor}"]`);
    if (!line) return;
    waitingFor = null;
    line.focus({ preventScroll: true });
  }

  function focus(next: number): void {
    setIndex(next);
    waitingFor = next;
    options.scrollTo(next);
    void nextTick(lineDrawn);
  }

  // The focused line is gone with what it showed, and a browser leaves its focus to the page: the one in its place takes it.
  watch(
    () => options.keys(),
    (keys) => {
      const { key, index: last } = remembered.value;
      if (key === null || indexOf.value.has(key)) {
        if (key !== null) remembered.value = { key, index: index.value };
        return;
      }
      const hadFocus = options.scroller.value?.contains(document.activeElement) ?? false;
      const next = Math.max(0, Math.min(last, keys.length - 1));
      setIndex(next);
      if (hadFocus && keys.length > 0) focus(next);
    },
    { flush: 'pre' },
  );

  return {
    index,
    setIndex,
    focus,
    lineDrawn,
    move(key) {
      const count = options.keys().length;
      let next = findNextRow(key, index.value, count, options.pageRows());
      const step = key === 'ArrowUp' || key === 'PageUp' || key === 'End' ? -1 : 1;
      while (next !== null && options.isSkipped(next)) next = next + step >= 0 && next + step < count ? next + step : null;
      if (next !== null) focus(next);
      return next;
    },
  };
}
