// What is being written at the cursor: a key, or a value of one.
import type { Span } from './query.js';
import type { QueryKey, QueryKeys } from './query-keys.js';
import { tokenize } from './tokenize.js';

export type Writing =
  /** A word that may become a key; `start` is what of it stands before the cursor. */
  { what: 'key'; range: Span; start: string } | { what: 'value'; range: Span; start: string; key: QueryKey };

/** Null within a phrase, and behind a key that there is not. `cursor` is a place in the text. */
export function findWriting(text: string, cursor: number, keys: QueryKeys): Writing | null {
  const term = tokenize(text).find(({ from, to }) => from <= cursor && cursor <= to);
  if (!term) return { what: 'key', range: { from: cursor, to: cursor }, start: '' };
  const value = term.values.find(({ from, to }) => from <= cursor && cursor <= to);
  if (term.key && value) {
    const key = keys.find(({ name }) => name === term.key?.text);
    const quotes = value.isQuoted ? 1 : 0;
    return key ? { what: 'value', range: spanOf(value), start: text.slice(value.from + quotes, cursor), key } : null;
  }
  // At the start of a key, what follows its colon stays.
  const range = term.key ? { from: term.key.from, to: term.key.to + 1 } : value && spanOf(value);
  if (!range || value?.isQuoted) return null;
  return { what: 'key', range, start: text.slice(range.from, Math.max(range.from, cursor)) };
}

function spanOf({ from, to }: Span): Span {
  return { from, to };
}
