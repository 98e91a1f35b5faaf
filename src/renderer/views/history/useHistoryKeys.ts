// Keys of the list: they act on the selected records, else on the row that has the focus.
import { useRouter } from 'vue-router';
import { useShortcuts } from '../../composables/useShortcuts.js';
import { useToasts } from '../../composables/useToasts.js';
import type { HistoryEntry } from '../../../shared/history.js';
import { chooseCompare, describeBinHindrance } from './describe-history.js';

interface HistoryKeysOptions {
  chosen: () => readonly HistoryEntry[];
  current: () => HistoryEntry | null;
  tag: (entries: readonly HistoryEntry[]) => void;
  star: (entries: readonly HistoryEntry[]) => void;
  moveToBin: (entries: readonly HistoryEntry[]) => void;
  peek: () => void;
  escape: () => void;
}

export function useHistoryKeys(options: HistoryKeysOptions): void {
  const router = useRouter();
  const toasts = useToasts();

  /** A key pressed anywhere else is not about a row that no one looks at. */
  function subjects(): readonly HistoryEntry[] {
    if (options.chosen().length > 0) return options.chosen();
    const current = options.current();
    return current && document.activeElement?.closest('[role="treegrid"]') ? [current] : [];
  }

  function withSubjects(act: (entries: readonly HistoryEntry[]) => void): () => void {
    return () => {
      const entries = subjects();
      if (entries.length > 0) act(entries);
    };
  }

  function refuse(message: string): void {
    toasts.reportError({ code: 'conflict', message, hint: null });
  }

  useShortcuts(
    [
      {
        keys: ['c'],
        label: 'Compare the selected runs',
        run: withSubjects((entries) => {
          const choice = chooseCompare(entries);
          if ('to' in choice) void router.push(choice.to);
          else refuse(`${choice.reason}.`);
        }),
      },
      { keys: ['t'], label: 'Tag', run: withSubjects(options.tag) },
      { keys: ['s'], label: 'Star, or remove the star', run: withSubjects(options.star) },
      {
        keys: ['Delete'],
        label: 'Move to bin',
        run: withSubjects((entries) => {
          const hindrance = describeBinHindrance(entries);
          if (hindrance === null) options.moveToBin(entries);
          else refuse(`${hindrance}: stop it before it goes to the bin.`);
        }),
      },
      { keys: ['p'], label: 'Details beside the list', run: options.peek },
      { keys: ['Escape'], label: 'Close the details, then clear the selection', run: options.escape },
    ],
    [
      { keys: ['Space'], label: 'Select a row' },
      { keys: ['Shift+↓'], label: 'Extend the selection' },
      { keys: ['Ctrl+A'], label: 'Select all results' },
      { keys: ['→'], label: 'Open what the columns have no room for, or a group' },
    ],
  );
}
