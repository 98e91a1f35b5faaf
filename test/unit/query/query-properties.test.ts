// What holds of every query whatever: it is read without a throw, mistakes lie inside the text, and what is printed is read as the same.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HISTORY_KEYS } from '../../../src/shared/history-keys.js';
import { findWriting } from '../../../src/shared/query/complete-query.js';
import { parseQuery } from '../../../src/shared/query/parse-query.js';
import { printQuery } from '../../../src/shared/query/print-query.js';
import type { Query, QueryTerm, QueryValue } from '../../../src/shared/query/query.js';

const parse = (text: string) => parseQuery(text, HISTORY_KEYS);
const withoutPlaces = ({ terms }: Query) => terms.map(({ from: _from, to: _to, ...term }) => term);

/** Text of pieces that mean something, and any other. */
const anyQuery = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ' ',
        '-',
        ':',
        ',',
        '"',
        '\\',
        '>=',
        '<',
        '..',
        'dog',
        'n:',
        'tag:',
        'since:',
        '7d',
        '2026-11-01',
        'kind:',
        'run',
        'yes',
      ),
      fc.constantFrom(...HISTORY_KEYS.map(({ name, example }) => `${name}:${example}`)),
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.double().map(String),
    ),
    { maxLength: 12 },
  )
  .map((pieces) => pieces.join(''));

const anyText = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter((text) => text.trim() !== '');
/** Bare words are what stands between spaces and is no key, no quote and no minus sign. */
const anyWord = anyText.filter((text) => !/[\s"]/.test(text) && !text.startsWith('-') && !/^[a-z-]+:/i.test(text));
const anyNumber = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 }).map((number) => (number === 0 ? 0 : number));
const anyRange = fc
  .tuple(fc.integer(), fc.integer())
  .map(([a, b]): QueryValue => ({ type: 'range', min: Math.min(a, b), max: Math.max(a, b) }));

function valuesOf(key: (typeof HISTORY_KEYS)[number]): fc.Arbitrary<QueryValue> {
  switch (key.type) {
    case 'text':
      return anyText.map((text) => ({ type: 'text', text }));
    case 'choice':
      return fc.constantFrom<string[]>(...key.choices).map((text) => ({ type: 'text', text }));
    case 'flag':
      return fc.boolean().map((isYes) => ({ type: 'flag', isYes }));
    case 'instant':
      return fc.constantFrom('7d', '12h', '30min', '2w', '2026-11-01', '2026-11-01T14:30').map((text) => ({ type: 'instant', text }));
    case 'number':
      return fc.oneof(
        anyRange,
        fc
          .tuple(fc.constantFrom('=' as const, '>' as const, '>=' as const, '<' as const, '<=' as const), anyNumber)
          .map(([comparator, number]): QueryValue => ({ type: 'number', comparator, number })),
      );
  }
}

const place = { from: 0, to: 0 };
const anyTerm: fc.Arbitrary<QueryTerm> = fc.oneof(
  fc.tuple(fc.boolean(), anyWord).map(([isNegated, text]): QueryTerm => ({ ...place, isNegated, type: 'word', text })),
  fc.tuple(fc.boolean(), anyText).map(([isNegated, text]): QueryTerm => ({ ...place, isNegated, type: 'phrase', text })),
  fc
    .constantFrom(...HISTORY_KEYS)
    .chain((key) =>
      fc
        .tuple(fc.boolean(), fc.array(valuesOf(key), { minLength: 1, maxLength: 3 }))
        .map(([isNegated, values]): QueryTerm => ({ ...place, isNegated, type: 'key', key: key.name, values })),
    ),
);
const anyTree: fc.Arbitrary<Query> = fc.array(anyTerm, { maxLength: 6 }).map((terms) => ({ terms }));

describe('every query', () => {
  it('is read without a throw, its terms in order and its mistakes inside the text', () => {
    fc.assert(
      fc.property(anyQuery, (text) => {
        const { query, mistakes } = parse(text);
        let last = 0;
        for (const { from, to } of query.terms) {
          expect(from).toBeGreaterThanOrEqual(last);
          expect(to).toBeGreaterThan(from);
          last = to;
        }
        expect(last).toBeLessThanOrEqual(text.length);
        for (const { from, to, sentence, remedy } of mistakes) {
          expect(from).toBeGreaterThanOrEqual(0);
          expect(to).toBeGreaterThanOrEqual(from);
          expect(to).toBeLessThanOrEqual(text.length);
          expect(sentence.length * remedy.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('is read as the same once it was printed', () => {
    fc.assert(
      fc.property(anyTree, (tree) => {
        const read = parse(printQuery(tree));
        expect(read.mistakes).toEqual([]);
        expect(withoutPlaces(read.query)).toEqual(withoutPlaces(tree));
      }),
      { numRuns: 2000 },
    );
  });

  it('of a person is the same after it was printed', () => {
    fc.assert(
      fc.property(anyQuery, (text) => {
        const { query } = parse(text);
        expect(withoutPlaces(parse(printQuery(query)).query)).toEqual(withoutPlaces(query));
      }),
      { numRuns: 2000 },
    );
  });

  it('has at each cursor a stretch to complete that lies inside it, or none', () => {
    fc.assert(
      fc.property(anyQuery, fc.nat(60), (text, at) => {
        const cursor = Math.min(at, text.length);
        const writing = findWriting(text, cursor, HISTORY_KEYS);
        if (!writing) return;
        expect(writing.range.from).toBeGreaterThanOrEqual(0);
        expect(writing.range.to).toBeGreaterThanOrEqual(writing.range.from);
        expect(writing.range.to).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});
