import { describe, expect, it } from 'vitest';
import { rankMatch, sortByMatch, wordsOf } from '../../../src/shared/match-words.js';

const sorted = (names: string[], typed: string): string[] => sortByMatch(names, (name) => name, wordsOf(typed));

describe('matching by words', () => {
  it('needs every word, in any order, in any case', () => {
    expect(rankMatch('LAD-TS 500 #2', wordsOf('500 lad'))).not.toBeNull();
    expect(rankMatch('LAD-TS 500 #2', wordsOf('500 random'))).toBeNull();
    expect(sorted(['Random 500', 'LAD-TS 500', 'LAD-TS 100'], '500 lad')).toEqual(['LAD-TS 500']);
  });

  it('prefers words that start a word of the name, then names that start so', () => {
    expect(sorted(['Tutorino', 'My Orin', 'Orin lab'], 'orin')).toEqual(['Orin lab', 'My Orin', 'Tutorino']);
  });

  it('takes a number after letters and signs for a word of its own', () => {
    expect(rankMatch('node-13', ['13'])).toBe(1);
    expect(rankMatch('reSD3-m', ['3'])).toBe(1);
    expect(rankMatch('run 113', ['13'])).toBe(3);
  });

  it('finds all without words, and knows letters beyond ASCII', () => {
    expect(sorted(['b', 'a'], '  ')).toEqual(['b', 'a']);
    expect(rankMatch('Prüfstand Ä', wordsOf('ä PRÜF'))).toBe(0);
  });

  it('takes what is typed for text, never for a pattern', () => {
    expect(rankMatch('100 %_ (a+b)', wordsOf('%_ (a+b)'))).not.toBeNull();
    expect(rankMatch('plain', wordsOf('.*'))).toBeNull();
  });
});
