// Nothing that a node, a file or an old database says can drive the terminal, whichever way it is printed.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createTerminal, formatTable, printError } from '../../../src/main/shells/cli/terminal.js';
import { AppError } from '../../../src/shared/errors.js';

/** Clears the screen, sets the title, the same in C1, turns the rest around, isolates, and breaks the line in another way. */
const HOSTILE = 'node\u001b[2J\u001b]0;owned\u0007\u009b31m\u202etxet\u2066x\u2069\u2028y\u200fz\u007f';
// The line end is the only control character that may be left.
const CONTROL = /[^\P{Cc}\n]|[\u{061c}\u{200e}\u{200f}\u{2028}-\u{202e}\u{2066}-\u{2069}]/u;

let printed: string;
beforeEach(() => {
  printed = '';
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      printed += String(text);
      return true;
    });
  }
});
afterEach(() => vi.restoreAllMocks());

const WAYS: Record<string, () => void> = {
  'a result': () => createTerminal(false).result({}, HOSTILE),
  'a result of several lines': () => createTerminal(false).result({}, `one\n${HOSTILE}`),
  'a table': () => createTerminal(false).result({}, formatTable(['name'], [[HOSTILE]])),
  'a line': () => createTerminal(false).line({}, HOSTILE),
  'a remark': () => createTerminal(false).note(HOSTILE),
  progress: () => createTerminal(false).progress(HOSTILE),
  'an error': () => void printError(new AppError('io', HOSTILE, HOSTILE), false),
  'JSON of a result': () => createTerminal(true).result({ name: HOSTILE }, ''),
  'JSON of a line': () => createTerminal(true).line({ name: HOSTILE }, ''),
  'JSON of an error': () => void printError(new AppError('io', HOSTILE), true),
};

test.each(Object.keys(WAYS))('%s carries no control character', (way) => {
  WAYS[way]?.();
  vi.restoreAllMocks();

  expect(printed).toContain('node');
  expect(printed).not.toMatch(CONTROL);
});

test('JSON still says exactly what it was given', () => {
  createTerminal(true).result({ name: HOSTILE }, '');
  vi.restoreAllMocks();

  expect(JSON.parse(printed)).toEqual({ name: HOSTILE });
});
