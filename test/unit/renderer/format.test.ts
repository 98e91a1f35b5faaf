import { describe, expect, it } from 'vitest';
import { formatAge, formatBytes, formatDuration, formatPercent, formatQuantity, formatSeconds } from '../../../src/shared/format.js';

describe('formatDuration', () => {
  it.each([
    [0, '0 ms'],
    [3.14, '3.1 ms'],
    [340, '340 ms'],
    [999.4, '999 ms'],
    [999.6, '1.0 s'],
    [18_300, '18.3 s'],
    [59_949, '59.9 s'],
    [59_950, '1 min'],
    [382_400, '6 min 22 s'],
    [3_600_000, '1 h'],
    [3_895_400, '1 h 5 min'],
    [90_000_000, '1 d 1 h'],
    [-1500, '-1.5 s'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it('writes an unknown duration as a dash', () => {
    expect(formatDuration(null)).toBe('–');
    expect(formatDuration(Number.NaN)).toBe('–');
  });
});

describe('other figures', () => {
  it('writes seconds with one decimal and thousands', () => {
    expect(formatSeconds(1_921_500)).toBe('1,921.5 s');
  });

  it('writes bytes in decimal units with three digits', () => {
    expect(formatBytes(5_970_000_000)).toBe('5.97 GB');
    expect(formatBytes(999)).toBe('999 B');
    expect(formatBytes(999_600)).toBe('1.00 MB');
  });

  it('writes a fraction as percent', () => {
    expect(formatPercent(0.9571)).toBe('95.7 %');
  });

  it('agrees a noun with its count', () => {
    expect(formatQuantity(1, 'node')).toBe('1 node');
    expect(formatQuantity(1200, 'node')).toBe('1,200 nodes');
  });

  it('writes an age coarsely and the absence of one as never', () => {
    expect(formatAge(500)).toBe('just now');
    expect(formatAge(125_000)).toBe('2 min ago');
    expect(formatAge(null)).toBe('never');
  });
});
