// The menu of a record in the list: what the keys and the bar of the selection do. On a selected record it is about all that are selected.
import type { RouteLocationRaw } from 'vue-router';
import type { MenuItem } from '../../components/menu-item.js';
import type { HistoryEntry } from '../../../shared/history.js';
import { chooseCompare, describeBinHindrance, hasEntryEnded } from './describe-history.js';

interface RowCommands {
  open: (entry: HistoryEntry) => void;
  go: (to: RouteLocationRaw) => void;
  tag: () => void;
  note: (entry: HistoryEntry) => void;
  star: (isStarred: boolean) => void;
  moveToBin: () => void;
}

/** `entries` has at least one. */
export function listRowCommands(entries: readonly HistoryEntry[], commands: RowCommands): MenuItem[] {
  const [only] = entries.length === 1 ? entries : [];
  const areStarred = entries.every(({ isStarred }) => isStarred);
  return [
    ...(only ? [{ label: 'Open', keys: ['Enter'], select: () => commands.open(only) }] : []),
    compareCommand(entries, commands.go),
    { label: 'Tag', keys: ['t'], select: commands.tag },
    { label: areStarred ? 'Remove star' : 'Star', keys: ['s'], select: () => commands.star(!areStarred) },
    ...(only ? [{ label: only.note === null ? 'Write a note' : 'Edit note', select: () => commands.note(only) }] : []),
    { label: 'Move to bin', keys: ['Delete'], reason: describeBinHindrance(entries), select: commands.moveToBin },
  ];
}

/** One run alone is compared with those that are added there. */
function compareCommand(entries: readonly HistoryEntry[], go: RowCommands['go']): MenuItem {
  const [only] = entries.length === 1 ? entries : [];
  if (only?.kind === 'run' && hasEntryEnded(only)) {
    return { label: 'Compare with other runs', select: () => go({ name: 'compare', query: { runs: only.id } }) };
  }
  const choice = chooseCompare(entries);
  if ('reason' in choice) return { label: 'Compare', keys: ['c'], reason: choice.reason };
  return { label: `Compare ${choice.count} runs`, keys: ['c'], select: () => go(choice.to) };
}
