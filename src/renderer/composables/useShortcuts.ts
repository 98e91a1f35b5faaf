// Keys of the window and of the view that is open: one listener, so that the second key of a sequence is never taken for a key of its own.
import { useEventListener } from '@vueuse/core';
import { computed, onScopeDispose, shallowRef, type ComputedRef } from 'vue';

export interface Shortcut {
  /** Keys pressed one after another, for example ['g', 't']. */
  keys: readonly string[];
  label: string;
  run: () => void;
}

/** Keys that something else listens to, and that the help lists: those of a table's rows, or with Ctrl. */
export interface ListedKeys {
  keys: readonly string[];
  label: string;
}

interface KeySet {
  shortcuts: readonly Shortcut[];
  listed: readonly ListedKeys[];
  isOfView: boolean;
}

const SEQUENCE_TIMEOUT_MS = 1200;
/** Those of views come after the window's, and win where both have the same key. */
const sets = shallowRef<readonly KeySet[]>([]);

/** What the open view adds to the window's shortcuts, for the help. */
export const viewKeys: ComputedRef<ListedKeys[]> = computed(() =>
  sets.value.filter(({ isOfView }) => isOfView).flatMap(({ shortcuts, listed }) => [...shortcuts, ...listed]),
);

/** The shortcuts of a view, as long as it is there. `listed` are keys that it handles itself. */
export function useShortcuts(shortcuts: readonly Shortcut[], listed: readonly ListedKeys[] = []): void {
  const own: KeySet = { shortcuts, listed, isOfView: true };
  sets.value = [...sets.value, own];
  onScopeDispose(() => (sets.value = sets.value.filter((set) => set !== own)));
}

/** Listens for single keys and two-key sequences while the focus is not in a field or dialog and no modifier is held. Once per window. */
export function useWindowShortcuts(shortcuts: readonly Shortcut[]): void {
  sets.value = [{ shortcuts, listed: [], isOfView: false }, ...sets.value];
  let pressed: string[] = [];
  let lastPressMs = 0;

  useEventListener(window, 'keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return;
    if (event.timeStamp - lastPressMs > SEQUENCE_TIMEOUT_MS) pressed = [];
    lastPressMs = event.timeStamp;
    pressed = [...pressed, event.key].slice(-2);
    const match = findShortcut(
      [...sets.value].reverse().flatMap((set) => set.shortcuts),
      pressed,
    );
    if (!match) return;
    event.preventDefault();
    pressed = [];
    match.run();
  });
}

/** The shortcut that the last keys complete; a two-key one wins over a one-key one, and the first of equal ones over the rest. */
export function findShortcut<T extends Pick<Shortcut, 'keys'>>(shortcuts: readonly T[], pressed: readonly string[]): T | undefined {
  const byLength = [...shortcuts].sort((left, right) => right.keys.length - left.keys.length);
  return byLength.find(({ keys }) => keys.length <= pressed.length && keys.every((key, index) => pressed.at(index - keys.length) === key));
}

/** Whether keys pressed there are text or a choice, and no shortcut. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    target.closest(
      'input:not([type="checkbox"], [type="radio"]), textarea, select, [role="dialog"], [role="alertdialog"], [role="listbox"], [role="menu"]',
    ) !== null
  );
}
