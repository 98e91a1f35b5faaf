import type { KeySequence } from '../../shared/window-commands.js';

/** One entry of an AppMenu or a RowMenu. */
export interface MenuItem {
  label: string;
  hint?: string;
  /** Those of the command that does the same, as they are shown. */
  keys?: KeySequence;
  /** Why it can't be chosen now, as a sentence without its end; null or left out where it can. */
  reason?: string | null;
  /** A download or a page; otherwise `select` runs. */
  href?: string;
  select?: () => void;
}
