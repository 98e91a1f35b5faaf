import { describe, expect, it } from 'vitest';
import { SeenTexts } from '../../../src/main/domain/datasets/captions/seen-texts.js';

describe('texts that were seen', () => {
  it('are known again, however many there are', () => {
    const seen = new SeenTexts();
    const texts = Array.from({ length: 5_000 }, (_, index) => `a dog number ${index}`);
    expect(texts.every((text) => seen.add(text))).toBe(true);
    expect(texts.some((text) => seen.add(text))).toBe(false);
    expect(seen.add('a cat')).toBe(true);
  });
});
