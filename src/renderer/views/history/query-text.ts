import type { Span } from '../../../shared/query/query.js';

/** The text around a mistake and the mistake itself, which is never empty: a place between two letters takes the one before it. */
export function markMistake(text: string, mistake: Span | null): { before: string; wrong: string; after: string } {
  if (!mistake) return { before: text, wrong: '', after: '' };
  const to = Math.min(mistake.to, text.length);
  const from = Math.max(0, mistake.from < to ? mistake.from : to - 1);
  return { before: text.slice(0, from), wrong: text.slice(from, to), after: text.slice(to) };
}

/**
 * The text with a suggestion in the place of `range`, and where the cursor stands then. A key is unfinished: its value comes next; behind a
 * value there is a space for the next term.
 */
export function acceptSuggestion(text: string, range: Span, suggestion: string): { text: string; cursor: number; isUnfinished: boolean } {
  const isUnfinished = suggestion.endsWith(':');
  const rest = text.slice(range.to);
  const gap = isUnfinished || rest.startsWith(' ') || rest.startsWith(',') ? '' : ' ';
  const written = `${text.slice(0, range.from)}${suggestion}${gap}`;
  const cursor = written.length + (!isUnfinished && gap === '' && rest.startsWith(' ') ? 1 : 0);
  return { text: `${written}${rest}`, cursor, isUnfinished };
}
