import { describe, expect, it } from 'vitest';
import { HISTORY_KEYS } from '../../../src/shared/history-keys.js';
import { parseQuery } from '../../../src/shared/query/parse-query.js';
import type { QueryMistake } from '../../../src/shared/query/query.js';

const parse = (text: string) => parseQuery(text, HISTORY_KEYS);
const termsOf = (text: string) => parse(text).query.terms.map(({ from: _from, to: _to, ...term }) => term);
/** The stretch of the text that the only mistake is about, with what it says. */
function mistakeOf(text: string): { at: string } & Pick<QueryMistake, 'sentence' | 'remedy'> {
  const [mistake, ...others] = parse(text).mistakes;
  expect(others).toEqual([]);
  if (!mistake) throw new Error('There is no mistake');
  return { at: text.slice(mistake.from, mistake.to), sentence: mistake.sentence, remedy: mistake.remedy };
}

describe('what a query says', () => {
  it('is words, phrases, keys with alternatives, and what is not wanted', () => {
    expect(termsOf('dog "red park" scheduler:lad-ts,random n:>=500 -tag:draft')).toEqual([
      { isNegated: false, type: 'word', text: 'dog' },
      { isNegated: false, type: 'phrase', text: 'red park' },
      {
        isNegated: false,
        type: 'key',
        key: 'scheduler',
        values: [
          { type: 'text', text: 'lad-ts' },
          { type: 'text', text: 'random' },
        ],
      },
      { isNegated: false, type: 'key', key: 'n', values: [{ type: 'number', comparator: '>=', number: 500 }] },
      { isNegated: true, type: 'key', key: 'tag', values: [{ type: 'text', text: 'draft' }] },
    ]);
  });

  it('knows where every term stands', () => {
    const text = '  dog  -tag:a,b "x y"';
    expect(parse(text).query.terms.map(({ from, to }) => text.slice(from, to))).toEqual(['dog', '-tag:a,b', '"x y"']);
  });

  it('takes quotes for what has spaces, commas or quotes in it', () => {
    expect(termsOf('testbed:"Rack A, left",b')).toMatchObject([{ values: [{ text: 'Rack A, left' }, { text: 'b' }] }]);
    expect(termsOf('"a \\"b\\" \\\\"')).toMatchObject([{ type: 'phrase', text: 'a "b" \\' }]);
  });

  it('reads numbers with comparators and ranges', () => {
    const values = (text: string) => termsOf(text).map((term) => (term.type === 'key' ? term.values[0] : null));
    expect(values('n:500 n:<=1 total:>1.5 eff:90..95 eff:98%')).toEqual([
      { type: 'number', comparator: '=', number: 500 },
      { type: 'number', comparator: '<=', number: 1 },
      { type: 'number', comparator: '>', number: 1.5 },
      { type: 'range', min: 90, max: 95 },
      { type: 'number', comparator: '=', number: 98 },
    ]);
  });

  it('does not mind how keys, choices and flags are capitalized', () => {
    expect(termsOf('KIND:Run Valid:YES state:cancelled')).toEqual([
      { isNegated: false, type: 'key', key: 'kind', values: [{ type: 'text', text: 'run' }] },
      { isNegated: false, type: 'key', key: 'valid', values: [{ type: 'flag', isYes: true }] },
      { isNegated: false, type: 'key', key: 'state', values: [{ type: 'text', text: 'canceled' }] },
    ]);
  });

  it('is empty without words', () => {
    expect(parse(' \t ')).toEqual({ query: { terms: [] }, mistakes: [] });
  });
});

describe('a mistake', () => {
  it('is told with its place, and the rest still counts', () => {
    expect(mistakeOf('dog n:>=abc').at).toBe('>=abc');
    expect(termsOf('dog n:>=abc')).toEqual([{ isNegated: false, type: 'word', text: 'dog' }]);
  });

  it('of a key names the one that may be meant', () => {
    expect(mistakeOf('-sheduler:x')).toEqual({
      at: 'sheduler',
      sentence: 'There is no key “sheduler”.',
      remedy: 'Did you mean “scheduler:”? To search for the text itself, put it in quotes.',
    });
    expect(mistakeOf('https://example.org').remedy).toContain('Keys are: name, kind');
  });

  it.each([
    ['kind:car', 'car', 'There is no kind “car”.'],
    ['valid:perhaps', 'perhaps', '“perhaps” is neither yes nor no.'],
    ['since:yesterday', 'yesterday', '“yesterday” is no day and no age.'],
    ['after:2026-02-30', '2026-02-30', '“2026-02-30” is no day and no age.'],
    ['n:20..10', '20..10', '“20..10” goes from the larger number to the smaller.'],
    ['tag:', '', 'A value is missing after “tag:”.'],
    ['tag:a,,b', '', 'A value is missing after “tag:”.'],
    ['dog "red', '"red', 'This quote is not closed.'],
    ['""', '""', 'There is nothing between these quotes.'],
  ])('in %s is at “%s”: %s', (text, at, sentence) => {
    expect(mistakeOf(text)).toMatchObject({ at, sentence });
  });
});
