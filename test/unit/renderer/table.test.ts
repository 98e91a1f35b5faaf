import { describe, expect, it } from 'vitest';
import { compareCells } from '../../../src/renderer/components/data-column.js';
import { findNextRow } from '../../../src/renderer/components/find-next-row.js';
import { listMissingPages } from '../../../src/renderer/composables/missing-pages.js';

describe('compareCells', () => {
  it('sorts numbers inside text by size', () => {
    const names = ['node-10', 'node-2', 'node-1'];
    expect(names.toSorted((left, right) => compareCells(left, right, false))).toEqual(['node-1', 'node-2', 'node-10']);
  });

  it('keeps unknown values last in both directions', () => {
    expect([null, 2, 1].toSorted((left, right) => compareCells(left, right, false))).toEqual([1, 2, null]);
    expect([null, 2, 1].toSorted((left, right) => compareCells(left, right, true))).toEqual([2, 1, null]);
  });
});

describe('findNextRow', () => {
  it('moves by one, by a page and to the ends, and stops there', () => {
    expect(findNextRow('ArrowDown', 0, 100, 10)).toBe(1);
    expect(findNextRow('PageDown', 95, 100, 10)).toBe(99);
    expect(findNextRow('Home', 50, 100, 10)).toBe(0);
    expect(findNextRow('End', 50, 100, 10)).toBe(99);
    expect(findNextRow('ArrowUp', 0, 100, 10)).toBeNull();
  });

  it('ignores other keys and empty tables', () => {
    expect(findNextRow('a', 3, 100, 10)).toBeNull();
    expect(findNextRow('ArrowDown', 0, 0, 10)).toBeNull();
  });
});

describe('listMissingPages', () => {
  it('lists the pages on screen and one more on each side', () => {
    expect(listMissingPages({ start: 450, end: 480 }, 100, 10_000, new Set())).toEqual([3, 4, 5]);
  });

  it('leaves out loaded pages and pages beyond the end', () => {
    expect(listMissingPages({ start: 150, end: 260 }, 100, 250, new Set([0, 1]))).toEqual([2]);
  });

  it('asks for nothing in an empty list', () => {
    expect(listMissingPages({ start: 0, end: 50 }, 100, 0, new Set())).toEqual([]);
  });
});
