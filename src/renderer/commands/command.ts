// What can be done now, by key, palette, menu or button.
import type { KeySequence } from '../../shared/window-commands.js';

export interface Command {
  /** Names it among all that are there at the same time. */
  id: string;
  label: string;
  keys?: KeySequence;
  otherKeys?: KeySequence;
  isInFieldsToo?: boolean;
  /** Whether there is such a command now; its keys are free otherwise. There is where this is left out. */
  when?: () => boolean;
  /** Why it can't be run now, as a sentence without its end; null where it can. */
  reason?: () => string | null;
  run: () => void;
}

/** Keys that something else listens to, such as a table, for the help. */
export interface ListedKeys {
  keys: KeySequence;
  label: string;
  /** Pressed one after another; of all else each key does it alone. */
  isSequence?: boolean;
}

export function isThere({ when }: Command): boolean {
  return when?.() ?? true;
}

/** Null where it can be run. */
export function reasonOf({ reason }: Command): string | null {
  return reason?.() ?? null;
}
