// A question of the gallery, taken apart: what it says of images, what it says of their runs, and what of it can't be understood.
import type { GalleryQuestion } from '../../../shared/api/gallery-inputs.js';
import { GALLERY_KEYS, historyKeyOf, isImageRunKey } from '../../../shared/gallery-keys.js';
import { parseQuery } from '../../../shared/query/parse-query.js';
import type { QueryMistake, QueryTerm } from '../../../shared/query/query.js';

export interface TermsOfQuestion {
  /** All, in the order of the text. */
  all: readonly QueryTerm[];
  mistake: QueryMistake | null;
}

export function readQuestion({ query }: Pick<GalleryQuestion, 'query'>): TermsOfQuestion {
  const { query: parsed, mistakes } = parseQuery(query, GALLERY_KEYS);
  const wordless = parsed.terms.find((term) => term.type !== 'key' && !/[\p{L}\p{N}]/u.test(term.text));
  const noWord = wordless && {
    ...{ from: wordless.from, to: wordless.to },
    ...{ sentence: 'There is no word in this.', remedy: 'Write a word of the prompt, or remove it.' },
  };
  return { all: parsed.terms, mistake: mistakes[0] ?? noWord ?? null };
}

export function termsOfImages(terms: readonly QueryTerm[]): QueryTerm[] {
  return terms.filter((term) => term.type !== 'key' || !isImageRunKey(term.key));
}

/** As the history asks for them. */
export function termsOfRuns(terms: readonly QueryTerm[]): QueryTerm[] {
  return terms.flatMap((term) => (term.type === 'key' && isImageRunKey(term.key) ? [{ ...term, key: historyKeyOf(term.key) }] : []));
}
