import { useEventListener } from '@vueuse/core';

export interface Shortcut {
  /** Keys pressed one after another, for example ['g', 't']. */
  keys: readonly string[];
  label: string;
  run: () => void;
}

const SEQUENCE_TIMEOUT_MS = 1200;

/** Listens for single keys and two-key sequences while the focus is not in a field or dialog and no modifier is held. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  let pressed: string[] = [];
  let lastPressMs = 0;

  useEventListener(window, 'keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return;
    if (event.timeStamp - lastPressMs > SEQUENCE_TIMEOUT_MS) pressed = [];
    lastPressMs = event.timeStamp;
    pressed = [...pressed, event.key].slice(-2);
    const match = findShortcut(shortcuts, pressed);
    if (!match) return;
    event.preventDefault();
    pressed = [];
    match.run();
  });
}

/** The shortcut that the last keys complete; a two-key one wins over a one-key one. */
export function findShortcut<T extends Pick<Shortcut, 'keys'>>(shortcuts: readonly T[], pressed: readonly string[]): T | undefined {
  const byLength = [...shortcuts].sort((left, right) => right.keys.length - left.keys.length);
  return byLength.find(({ keys }) => keys.length <= pressed.length && keys.every((key, index) => pressed.at(index - keys.length) === key));
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable ||
    target.closest('input, textarea, select, [role="dialog"], [role="alertdialog"], [role="listbox"], [role="menu"]') !== null
  );
}
