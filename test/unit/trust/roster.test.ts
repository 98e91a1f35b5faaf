import { describe, expect, it } from 'vitest';

import { verifyRoster, NO_ROSTER, parseRoster } from '../../../src/agent/trust/roster.js';

describe('verifyRoster', () => {
  const held = { version: 3, nodeIds: ['a', 'b', 'c'] };

  it('takes the first roster, and counts from one', () => {
    expect(verifyRoster(NO_ROSTER, { replacesVersion: 0, nodeIds: ['b', 'a', 'b'] })).toEqual({
      kind: 'new',
      roster: { version: 1, nodeIds: ['a', 'b'] },
    });
  });

  it('takes one that replaces what is held', () => {
    expect(verifyRoster(held, { replacesVersion: 3, nodeIds: ['a', 'b'] })).toEqual({
      kind: 'new',
      roster: { version: 4, nodeIds: ['a', 'b'] },
    });
  });

  it.each([0, 1, 2, 4, 4_294_967_295])('ignores one that replaces version %i', (replacesVersion) => {
    expect(verifyRoster(held, { replacesVersion, nodeIds: ['a'] })).toEqual({ kind: 'late', roster: held });
  });

  it('leaves the version when the nodes are the same, whatever it is to replace', () => {
    expect(verifyRoster(held, { replacesVersion: 1, nodeIds: ['c', 'b', 'a'] })).toEqual({ kind: 'same', roster: held });
  });

  it('tells a testbed without nodes from one that was never heard of', () => {
    expect(verifyRoster(NO_ROSTER, { replacesVersion: 0, nodeIds: [] })).toEqual({ kind: 'new', roster: { version: 1, nodeIds: [] } });
  });

  it('never lets a message that was overtaken bring a removed node back', () => {
    const removal = verifyRoster(held, { replacesVersion: 3, nodeIds: ['a', 'b'] }).roster;
    expect(verifyRoster(removal, { replacesVersion: 3, nodeIds: ['a', 'b', 'c'] })).toEqual({ kind: 'late', roster: removal });
  });
});

describe('parseRoster', () => {
  it('reads what is kept', () => {
    expect(parseRoster('{"version":2,"nodeIds":["b","a"]}')).toEqual({ version: 2, nodeIds: ['a', 'b'] });
  });

  it.each(['', '{}', '{"version":0,"nodeIds":[]}', '{"version":1,"nodeIds":"a"}', '{"version":1,"nodeIds":[""]}'])('refuses %s', (text) => {
    expect(() => parseRoster(text)).toThrow();
  });
});
