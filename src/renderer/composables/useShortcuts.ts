// Keys of the view that is open: its commands, each named by its label.
import type { ListedKeys } from '../commands/command.js';
import { useCommands } from '../commands/command-registry.js';
import type { KeySequence } from '../../shared/window-commands.js';

interface Shortcut {
  keys: KeySequence;
  label: string;
  when?: () => boolean;
  reason?: () => string | null;
  run: () => void;
}

/** The shortcuts of a view, as long as it is there. `listed` are keys that it handles itself. */
export function useShortcuts(shortcuts: readonly Shortcut[], listed: readonly ListedKeys[] = []): void {
  useCommands(
    shortcuts.map((shortcut) => ({ id: `view.${shortcut.label}`, ...shortcut })),
    listed,
  );
}
