// Which thing a command means: the one that is named, or the obvious one.
import { expect, test } from 'vitest';
import { findOrDefault } from '../../../src/main/shells/cli/find-by-name.js';

const LAB = { id: 'testbed-1', name: 'Lab' };
const ROOF = { id: 'testbed-2', name: 'Roof' };

function choose(items: readonly (typeof LAB)[], nameOrId?: string, usedIds: string[] = []) {
  const notes: string[] = [];
  const found = findOrDefault(items, nameOrId, { what: 'testbed', naming: '--testbed', usedIds, note: (text) => notes.push(text) });
  return { found, notes };
}

test('one that is named is taken without a word, by name or id', () => {
  expect(choose([LAB, ROOF], 'Roof', ['testbed-1'])).toEqual({ found: ROOF, notes: [] });
  expect(choose([LAB, ROOF], 'testbed-1')).toEqual({ found: LAB, notes: [] });
});

test('where none is named the only one is taken, and said', () => {
  expect(choose([LAB])).toEqual({ found: LAB, notes: ['The testbed is “Lab”: there is no other.'] });
});

test('of several the one used last is taken, those that are gone passed over', () => {
  expect(choose([LAB, ROOF], undefined, ['testbed-0', 'testbed-2', 'testbed-1'])).toEqual({
    found: ROOF,
    notes: ['The testbed is “Roof”: it was used last.'],
  });
});

test('of several that were never used one has to be named, and all are listed', () => {
  expect(() => choose([LAB, ROOF])).toThrow(
    expect.objectContaining({ code: 'invalid-input', hint: 'Name one with --testbed: Lab (testbed-1), Roof (testbed-2).' }),
  );
});

test('where there is none, that is said', () => {
  expect(() => choose([])).toThrow(expect.objectContaining({ code: 'not-found', message: 'There is no testbed yet.' }));
});
