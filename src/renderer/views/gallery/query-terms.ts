// Single keys of a query, as the fields of the filters write them. Pure.
import { GALLERY_KEYS } from '../../../shared/gallery-keys.js';
import { parseQuery } from '../../../shared/query/parse-query.js';
import { printTerm, printText } from '../../../shared/query/print-query.js';
import type { QueryTerm } from '../../../shared/query/query.js';

/** Keys of a query, each as it is written: `steps:10..12`. */
export interface KeyChip {
  text: string;
  /** The query without it. */
  without: string;
}

export function listChips(query: string): KeyChip[] {
  return keyTerms(query).map((term) => ({ text: query.slice(term.from, term.to), without: cut(query, term) }));
}

/** What a field shows: the value of the first term of the key; empty where there is none. */
export function valueOfKey(query: string, key: string): string {
  const term = keyTerms(query).find((each) => each.key === key && !each.isNegated);
  return term
    ? printTerm(term)
        .slice(key.length + 1)
        .replace(/^"(.*)"$/s, '$1')
        .replace(/\\(["\\])/g, '$1')
    : '';
}

/** The query with this value for the key, in the place of the one before; empty takes it out. */
export function withKey(query: string, key: string, value: string): string {
  const term = keyTerms(query).find((each) => each.key === key && !each.isNegated);
  const rest = term ? cut(query, term) : query.trim();
  const trimmed = value.trim();
  if (trimmed === '') return rest;
  const isText = GALLERY_KEYS.some(({ name, type }) => name === key && type === 'text');
  const written = `${key}:${isText ? printText(trimmed) : trimmed.replace(/\s+/g, '')}`;
  return rest === '' ? written : `${rest} ${written}`;
}

function keyTerms(query: string): Extract<QueryTerm, { type: 'key' }>[] {
  return parseQuery(query, GALLERY_KEYS).query.terms.filter((term) => term.type === 'key');
}

function cut(query: string, { from, to }: QueryTerm): string {
  return `${query.slice(0, from).trimEnd()} ${query.slice(to).trimStart()}`.trim();
}
