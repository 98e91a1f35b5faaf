// Listens for the keys of all commands: one listener, so that the second key of a sequence is never taken for a key of its own.
import { useEventListener } from '@vueuse/core';
import { isThere, reasonOf, type Command } from './command.js';
import { useCommandRegistry } from './command-registry.js';
import { findByKeys, isCharacterKey, nameOfPress } from './match-keys.js';
import { useSingleKeys } from './single-keys.js';

/** Real ms between the keys of a sequence. */
const SEQUENCE_TIMEOUT_MS = 1200;

/** Once per window. `refuse` says why a command can't be run. Nothing is a shortcut while a dialog is open. */
export function useCommandKeys(refuse: (command: Command, reason: string) => void): void {
  const registry = useCommandRegistry();
  const hasSingleKeys = useSingleKeys();
  let pressed: string[] = [];
  let lastPressMs = 0;

  useEventListener(window, 'keydown', (event) => {
    if (event.defaultPrevented || event.isComposing || isInLayer(event.target)) return;
    const isInField = isTyping(event.target);
    if (event.timeStamp - lastPressMs > SEQUENCE_TIMEOUT_MS) pressed = [];
    lastPressMs = event.timeStamp;
    pressed = [...pressed, nameOfPress(event)].slice(-2);
    const candidates = registry.all.value
      .map((command) => ({
        command,
        keys: allowed(command.keys, command, isInField, hasSingleKeys.value),
        otherKeys: allowed(command.otherKeys, command, isInField, hasSingleKeys.value),
      }))
      .filter(({ command }) => isThere(command));
    const match = findByKeys(candidates, pressed);
    if (!match) return;
    event.preventDefault();
    pressed = [];
    const reason = reasonOf(match.command);
    if (reason === null) match.command.run();
    else refuse(match.command, reason);
  });
}

function allowed(keys: Command['keys'], { isInFieldsToo }: Command, isInField: boolean, hasSingleKeys: boolean): Command['keys'] {
  if (!keys) return undefined;
  if (isCharacterKey(keys)) return isInField || !hasSingleKeys ? undefined : keys;
  return isInField && !isInFieldsToo ? undefined : keys;
}

/** Whether keys pressed there are for a layer over the view. */
function isInLayer(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('[role="dialog"], [role="alertdialog"], [role="menu"]') !== null;
}

/** Whether keys pressed there are text or a choice. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable || target.closest('input:not([type="checkbox"], [type="radio"]), textarea, select, [role="listbox"]') !== null
  );
}
