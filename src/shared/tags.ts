// The rule for tags of records: one word, so that `tag:` needs no quotes. Kept in lower case, without a leading #.
const MAX_LENGTH = 40;
const ONE_WORD = /^[\p{L}\p{N}][\p{L}\p{N}\p{M}._/+-]*$/u;
const ALLOWED = /^[\p{L}\p{N}\p{M}._/+-]+$/u;

/** As it is kept. */
export function normalizeTag(typed: string): string {
  return typed.trim().replace(/^#/, '').toLowerCase();
}

/** What is wrong with a normalized tag, as a sentence without its period; null where nothing is. */
export function findTagProblem(tag: string): string | null {
  if (tag === '') return 'A tag has at least one character';
  if (tag.length > MAX_LENGTH) return `A tag has at most ${MAX_LENGTH} characters`;
  if (ONE_WORD.test(tag)) return null;
  const remedy = ALLOWED.test(tag) ? 'start with a letter or digit' : 'use only letters, digits and . _ / + -';
  return `“${tag}” can't be a tag: ${remedy}`;
}
