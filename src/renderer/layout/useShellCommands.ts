// What each command of the window does.
import { useRouter } from 'vue-router';
import type { Command } from '../commands/command.js';
import { useWindowCommands } from '../commands/command-registry.js';
import { useSingleKeys } from '../commands/single-keys.js';
import { usePage } from '../composables/usePage.js';
import { useSetupLine } from '../composables/useSetupLine.js';
import { useTheme } from '../composables/useTheme.js';
import { useTour } from '../composables/useTour.js';
import { useToasts } from '../composables/useToasts.js';
import { useUndo } from '../composables/useUndo.js';
import { WINDOW_COMMANDS, type WindowCommand } from '../../shared/window-commands.js';
import { focusRegion } from './regions.js';
import { findSearchField } from './search-field.js';

type Doing = Pick<Command, 'run' | 'when' | 'reason'>;

interface ShellDoings {
  openPalette: () => void;
  openHelp: () => void;
  toggleNavigation: () => void;
  toggleActivity: () => void;
}

/** Once per window. Gives what runs a command by its id, for the desktop's menu bar. */
export function useShellCommands({ openPalette, openHelp, toggleNavigation, toggleActivity }: ShellDoings): (id: string) => void {
  const router = useRouter();
  const page = usePage();
  const toasts = useToasts();
  const undo = useUndo();
  const theme = useTheme();
  const hasSingleKeys = useSingleKeys();
  const setupLine = useSetupLine();
  const tour = useTour();

  const doings: Record<string, Doing> = {
    palette: { run: openPalette },
    help: { run: openHelp },
    navigation: { run: toggleNavigation },
    activity: { run: toggleActivity },
    // In the field already, Ctrl+F is the browser's own; and everywhere in a view that has nothing to search.
    search: {
      run: () => findSearchField()?.focus(),
      when: () => findSearchField() !== null && document.activeElement !== findSearchField(),
    },
    undo: { run: () => void undo.last(), reason: () => (undo.canUndo.value ? null : 'Nothing to undo') },
    'next-region': { run: () => focusRegion(1) },
    'previous-region': { run: () => focusRegion(-1) },
    'newest-toast': {
      run: () => [...document.querySelectorAll<HTMLElement>('[data-toast]')].at(-1)?.focus(),
      reason: () => (toasts.items.value.length > 0 ? null : 'No message is shown'),
    },
    tour: {
      run: () => {
        tour.start();
        void router.push('/testbeds');
      },
    },
    setup: {
      run: () => {
        setupLine.isClosed.value = false;
        void router.push('/?steps=all');
      },
    },
    'theme.system': { run: () => (theme.choice.value = 'system') },
    'theme.light': { run: () => (theme.choice.value = 'light') },
    'theme.dark': { run: () => (theme.choice.value = 'dark') },
    'single-keys': {
      run: () => {
        hasSingleKeys.value = !hasSingleKeys.value;
        toasts.announce(hasSingleKeys.value ? 'Single-key shortcuts are on.' : 'Single-key shortcuts are off.');
      },
    },
  };
  const commands = WINDOW_COMMANDS.map((command: WindowCommand): Command => ({ ...command, ...(doings[command.id] ?? goTo(command)) }));
  useWindowCommands(commands);
  return (id) => commands.find((command) => command.id === id)?.run();

  function goTo({ id, path }: WindowCommand): Doing {
    if (path === undefined) throw new Error(`Nothing is known of what the command ${id} does`);
    return {
      run: () => {
        if (router.currentRoute.value.fullPath === path) page.focusHeading();
        else void router.push(path);
      },
    };
  }
}
