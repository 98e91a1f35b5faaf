// The keys of what a page can do, by the word on its button: the same word has the same keys on every page.
import type { KeySequence } from './window-commands.js';

export interface PageKeys {
  keys: KeySequence;
  /** What buttons say that do this; one page has one of them at a time. */
  labels: readonly string[];
}

/** `a` is for act. */
export const PAGE_KEYS: readonly PageKeys[] = [
  { keys: ['a', 'p'], labels: ['Pause', 'Resume'] },
  { keys: ['a', 'x'], labels: ['Cancel', 'Cancel run', 'Cancel remaining'] },
  { keys: ['a', 's'], labels: ['Stop now'] },
  { keys: ['a', 'b'], labels: ['Finish this block'] },
  { keys: ['a', 'm'], labels: ['Extend'] },
  { keys: ['a', 'a'], labels: ['Run again'] },
  { keys: ['a', 'n'], labels: ['New run', 'Clone', 'Use in a run'] },
  { keys: ['a', 'c'], labels: ['Compare'] },
  { keys: ['a', 'g'], labels: ['Gallery'] },
  { keys: ['a', 'r'], labels: ['Add to report'] },
  { keys: ['a', 'e'], labels: ['Export', 'PDF'] },
  { keys: ['a', 'z'], labels: ['Archive'] },
  { keys: ['a', 'v'], labels: ['Provision', 'Provision again', 'Evaluate'] },
  { keys: ['a', 'k'], labels: ['Calibrate'] },
  { keys: ['a', 'u'], labels: ['Push to nodes', 'Push model', 'Put on nodes'] },
  { keys: ['a', 'd'], labels: ['Add node'] },
  { keys: ['a', 'l'], labels: ['Paste a list'] },
  { keys: ['a', 'h'], labels: ['Verify'] },
  { keys: ['a', 'f'], labels: ['Refresh'] },
  { keys: ['F2'], labels: ['Rename', 'Rename report'] },
];

/** Undefined where the command is found in the palette alone. */
export function keysOfPageCommand(label: string): KeySequence | undefined {
  return PAGE_KEYS.find(({ labels }) => labels.includes(label))?.keys;
}
