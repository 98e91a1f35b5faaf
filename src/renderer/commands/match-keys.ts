// From a pressed key to the command that it completes.
import type { KeySequence } from '../../shared/window-commands.js';
import type { Command } from './command.js';

/** What tells one press from another. */
export type Press = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** As commands name it: `n`, `N`, `?`, `Delete`, `Shift+F6`, `Ctrl+K` (⌘K counts as Ctrl+K). */
export function nameOfPress({ key, ctrlKey, metaKey, altKey, shiftKey }: Press): string {
  const isCharacter = key.length === 1;
  const hasModifier = ctrlKey || metaKey || altKey;
  return [
    ...(ctrlKey || metaKey ? ['Ctrl'] : []),
    ...(altKey ? ['Alt'] : []),
    // Of a character alone Shift is in the character.
    ...(shiftKey && (!isCharacter || hasModifier) ? ['Shift'] : []),
    isCharacter && hasModifier ? key.toUpperCase() : key,
  ].join('+');
}

/** Letters, digits and signs: what someone who speaks to the computer presses without meaning to. */
export function isCharacterKey(keys: KeySequence): boolean {
  return keys[0]?.length === 1;
}

/** The command that the last presses complete; a sequence wins over a single key, and the first of equal ones over the rest. */
export function findByKeys<T extends Pick<Command, 'keys' | 'otherKeys'>>(
  commands: readonly T[],
  pressed: readonly string[],
): T | undefined {
  const bound = commands.flatMap((command) => [command.keys, command.otherKeys].flatMap((keys) => (keys ? [{ command, keys }] : [])));
  const byLength = bound.toSorted((left, right) => right.keys.length - left.keys.length);
  return byLength.find(({ keys }) => keys.length <= pressed.length && keys.every((key, index) => pressed.at(index - keys.length) === key))
    ?.command;
}
