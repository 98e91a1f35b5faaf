import { describe, expect, it } from 'vitest';
import type { Command } from '../../../src/renderer/commands/command.js';
import { createCommandRegistry } from '../../../src/renderer/commands/command-registry.js';
import { findByKeys, isCharacterKey, nameOfPress, type Press } from '../../../src/renderer/commands/match-keys.js';
import { WINDOW_COMMANDS, type WindowCommand } from '../../../src/shared/window-commands.js';

const press = (key: string, change: Partial<Press> = {}): string =>
  nameOfPress({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...change });
const command = (id: string, keys: string[], change: Partial<Command> = {}): Command => ({
  id,
  label: id,
  keys,
  run: () => undefined,
  ...change,
});

describe('a pressed key', () => {
  it('is named as it is printed', () => {
    expect(press('n')).toBe('n');
    expect(press('N', { shiftKey: true })).toBe('N');
    expect(press('?', { shiftKey: true })).toBe('?');
    expect(press('k', { ctrlKey: true })).toBe('Ctrl+K');
    expect(press('k', { metaKey: true })).toBe('Ctrl+K');
    expect(press('K', { ctrlKey: true, shiftKey: true })).toBe('Ctrl+Shift+K');
    expect(press('F6', { shiftKey: true })).toBe('Shift+F6');
  });

  it('is a character or not, which is what can be turned off', () => {
    expect(['n', '/', '?', 'N'].every((key) => isCharacterKey([key]))).toBe(true);
    expect(['Ctrl+K', 'F6', 'Delete', 'Escape'].some((key) => isCharacterKey([key]))).toBe(false);
  });
});

describe('keys', () => {
  it('complete a sequence rather than a single key', () => {
    const commands = [command('t', ['t']), command('g t', ['g', 't'])];
    expect(findByKeys(commands, ['g', 't'])?.id).toBe('g t');
    expect(findByKeys(commands, ['x', 't'])?.id).toBe('t');
  });

  it('find a command by its other keys too', () => {
    expect(findByKeys([command('search', ['/'], { otherKeys: ['Ctrl+F'] })], ['Ctrl+F'])?.id).toBe('search');
  });
});

describe('the registry', () => {
  it('puts the newest part of the view before the window, and forgets it when it goes', () => {
    const registry = createCommandRegistry();
    registry.add({ commands: [command('window', ['c'])], listed: [], isOfView: false });
    registry.add({ commands: [command('view', ['c'])], listed: [], isOfView: true });
    const leave = registry.add({ commands: [command('panel', ['c'])], listed: [{ keys: ['x'], label: 'X' }], isOfView: true });
    expect(registry.all.value.map(({ id }) => id)).toEqual(['panel', 'view', 'window']);
    expect(findByKeys(registry.all.value, ['c'])?.id).toBe('panel');
    expect(registry.listedOfView.value).toEqual([{ keys: ['x'], label: 'X' }]);
    leave();
    expect(registry.ofView.value.map(({ id }) => id)).toEqual(['view']);
    expect(registry.listedOfView.value).toEqual([]);
  });
});

describe("the window's commands", () => {
  const commands: readonly WindowCommand[] = WINDOW_COMMANDS;

  it('have ids and keys of their own', () => {
    const ids = commands.map(({ id }) => id);
    const keys = commands.flatMap(({ keys: own, otherKeys }) =>
      [own, otherKeys].flatMap((sequence) => (sequence ? [sequence.join(' ')] : [])),
    );
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('leave the first key of a sequence free', () => {
    expect(commands.filter(({ keys }) => keys?.length === 1 && keys[0] === 'g')).toEqual([]);
  });
});
