// The query language of lists: words are ANDed, "a phrase", -not, key:value, key:a,b for or, key:>=n. One grammar for every list; which keys
// there are is the list's own (query-keys.ts).

/** A stretch of the query's text: from inclusive, to exclusive. */
export interface Span {
  from: number;
  to: number;
}

export type Comparator = '=' | '>' | '>=' | '<' | '<=';

/** One of the alternatives of a key. */
export type QueryValue =
  | { type: 'text'; text: string }
  | { type: 'number'; comparator: Comparator; number: number }
  /** Inclusive. */
  | { type: 'range'; min: number; max: number }
  | { type: 'flag'; isYes: boolean }
  /** As it was written: a day, an instant, or an age such as 7d, which means something only at the instant of asking. */
  | { type: 'instant'; text: string };

export type QueryTerm = Span & { isNegated: boolean } & (
    | { type: 'word'; text: string }
    | { type: 'phrase'; text: string }
    /** Any of the values. */
    | { type: 'key'; key: string; values: readonly QueryValue[] }
  );

/** All of the terms. */
export interface Query {
  terms: readonly QueryTerm[];
}

/** What of a query can't be understood, where, and what to write instead. */
export interface QueryMistake extends Span {
  sentence: string;
  remedy: string;
}

/** In the order of the text; a term with a mistake is left out of the query. */
export interface ParsedQuery {
  query: Query;
  mistakes: readonly QueryMistake[];
}
