// The one list of commands: the window's, and those of the view that is open. Palette, help, menus and keys all ask it.
import { computed, inject, onScopeDispose, shallowRef, type ComputedRef, type InjectionKey } from 'vue';
import type { Command, ListedKeys } from './command.js';

interface CommandSet {
  commands: readonly Command[];
  listed: readonly ListedKeys[];
  isOfView: boolean;
}

export interface CommandRegistry {
  /** Of the view that is open, the newest part of it first; then the window's. The first of two with the same keys has them. */
  all: ComputedRef<readonly Command[]>;
  ofView: ComputedRef<readonly Command[]>;
  ofWindow: ComputedRef<readonly Command[]>;
  /** What the open view handles itself. */
  listedOfView: ComputedRef<readonly ListedKeys[]>;
  /** Gives what takes them away again. */
  add: (set: CommandSet) => () => void;
}

export const COMMANDS_KEY: InjectionKey<CommandRegistry> = Symbol('commands');

export function createCommandRegistry(): CommandRegistry {
  const sets = shallowRef<readonly CommandSet[]>([]);
  const newestFirst = computed(() => sets.value.toReversed());
  const ofView = computed(() => newestFirst.value.filter(({ isOfView }) => isOfView).flatMap(({ commands }) => commands));
  const ofWindow = computed(() => sets.value.filter(({ isOfView }) => !isOfView).flatMap(({ commands }) => commands));
  return {
    all: computed(() => [...ofView.value, ...ofWindow.value]),
    ofView,
    ofWindow,
    listedOfView: computed(() => newestFirst.value.flatMap(({ listed }) => listed)),
    add(set) {
      sets.value = [...sets.value, set];
      return () => (sets.value = sets.value.filter((other) => other !== set));
    },
  };
}

export function useCommandRegistry(): CommandRegistry {
  const registry = inject(COMMANDS_KEY);
  if (!registry) throw new Error('No commands were provided to the application');
  return registry;
}

/** The commands of a part of a view, as long as it is there. `listed` are keys that it handles itself. */
export function useCommands(commands: readonly Command[], listed: readonly ListedKeys[] = []): void {
  onScopeDispose(useCommandRegistry().add({ commands, listed, isOfView: true }));
}

/** The window's own, once. */
export function useWindowCommands(commands: readonly Command[]): void {
  onScopeDispose(useCommandRegistry().add({ commands, listed: [], isOfView: false }));
}
