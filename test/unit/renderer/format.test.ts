import { describe, expect, it } from 'vitest';
import {
  formatAbout,
  formatAge,
  formatBytes,
  formatDuration,
  formatFactor,
  formatPercent,
  formatPixels,
  formatQuantity,
  formatRate,
  formatSeconds,
  formatTableDuration,
  nameDurationColumn,
} from '../../../src/shared/format.js';

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

describe('durations in tables', () => {
  it('have one unit, which is in the header, and fixed decimals', () => {
    expect(formatTableDuration(4_217_700)).toBe('4,217.7');
    expect(formatTableDuration(12, 'seconds', 2)).toBe('0.01');
    expect(nameDurationColumn('Total')).toBe('Total (s)');
  });

  it('may be hours, minutes and seconds instead', () => {
    expect(formatTableDuration(4_217_700, 'clock')).toBe('1:10:18');
    expect(formatTableDuration(61_400, 'clock')).toBe('0:01:01');
    expect(formatTableDuration(-61_400, 'clock')).toBe('-0:01:01');
    expect(nameDurationColumn('Total', 'clock')).toBe('Total (h:min:s)');
  });

  it('are a dash where they are not known', () => {
    expect(formatTableDuration(null, 'clock')).toBe('–');
    expect(formatTableDuration(undefined)).toBe('–');
  });
});

describe('what is left and rates', () => {
  it.each([
    [300, '1 s'],
    [42_400, '42 s'],
    [59_700, '1 min'],
    [244_000, '4 min'],
    [246_000, '4 min 10 s'],
    [754_000, '13 min'],
    [6_420_000, '1 h 47 min'],
  ])('says of %d ms %s', (ms, text) => {
    expect(formatAbout(ms)).toBe(text);
  });

  it('says per what a rate is', () => {
    expect(formatRate(14.13, 'images/min')).toBe('14.1 images/min');
    expect(formatRate(1234.5, 'images/min')).toBe('1,235 images/min');
    expect(formatRate(null, 'images/min')).toBe('–');
  });
});

it('writes factors and sizes in pixels with the sign for times, never with a letter', () => {
  expect([formatFactor(20), formatFactor(1000), formatFactor(null)]).toEqual(['×20', '×1,000', '–']);
  expect(formatPixels(512, 768)).toBe('512 × 768 px');
});
