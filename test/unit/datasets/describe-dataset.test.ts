import { describe, expect, it } from 'vitest';
import type { DatasetPreview } from '../../../src/shared/dataset.js';
import { describeDoubts, isDoubtful } from '../../../src/shared/describe-dataset.js';

function found(doubts: DatasetPreview['doubts'], kept = 1000, malformed = 0) {
  return { doubts, counts: { lines: kept + malformed, kept, blank: 0, oneLetter: 0, repeated: 0, malformed, malformedAt: [] } };
}

describe('what an import doubts', () => {
  it('is said with its share and every reason', () => {
    expect(describeDoubts(found({ 'file-name': 30, 'no-letters': 12 }))).toBe(
      '42 of 1,000 captions (4.2 %) may be none: 30 look like file names or start with one; 12 have no letters.',
    );
    expect(describeDoubts(found({}))).toBeNull();
  });

  it.each([
    ['nothing', found({}), false],
    ['a few captions', found({ markup: 20 }), false],
    ['more than 2 % of the captions', found({ markup: 15, 'no-letters': 6 }), true],
    ['a line in ten', found({}, 900, 100), false],
    ['more lines than that', found({}, 900, 101), true],
  ])('keeps an import from being made unasked or not: %s', (_what, preview, expected) => {
    expect(isDoubtful(preview)).toBe(expected);
  });
});
