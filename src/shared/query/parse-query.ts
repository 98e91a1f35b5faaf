import { parseValue } from './parse-value.js';
import type { ParsedQuery, QueryMistake, QueryTerm, QueryValue, Span } from './query.js';
import type { QueryKey, QueryKeys } from './query-keys.js';
import { type RawTerm, type RawValue, tokenize } from './tokenize.js';

/** Never throws: what can't be understood is a mistake with its place. */
export function parseQuery(text: string, keys: QueryKeys): ParsedQuery {
  const outcomes = tokenize(text).map((raw) => parseTerm(raw, keys));
  return {
    query: { terms: outcomes.flatMap((outcome) => ('mistake' in outcome ? [] : [outcome])) },
    mistakes: outcomes.flatMap((outcome) => ('mistake' in outcome ? [outcome.mistake] : [])),
  };
}

type Outcome = QueryTerm | { mistake: QueryMistake };

function parseTerm(raw: RawTerm, keys: QueryKeys): Outcome {
  const { from, to, isNegated, key, values } = raw;
  const open = values.find(({ isClosed }) => !isClosed);
  if (open) return refuse(open, 'This quote is not closed.', 'Add a " where it ends.');
  if (key) return parseKey(raw, key, keys);
  const [value] = values;
  if (!value || value.text.trim() === '')
    return refuse(raw, 'There is nothing between these quotes.', 'Write a word in them, or remove them.');
  return { from, to, isNegated, type: value.isQuoted ? 'phrase' : 'word', text: value.text };
}

function parseKey({ from, to, isNegated, values }: RawTerm, { text, ...place }: Span & { text: string }, keys: QueryKeys): Outcome {
  const key = keys.find(({ name }) => name === text);
  if (!key) return refuse(place, `There is no key “${text}”.`, remedyForKey(text, keys));
  const parsed: QueryValue[] = [];
  for (const value of values) {
    const outcome = parseNamed(key, value);
    if ('mistake' in outcome) return outcome;
    parsed.push(outcome);
  }
  return { from, to, isNegated, type: 'key', key: key.name, values: parsed };
}

function parseNamed(key: QueryKey, value: RawValue): QueryValue | { mistake: QueryMistake } {
  if (value.text.trim() !== '') return parseValue(key, value);
  return refuse(value, `A value is missing after “${key.name}:”.`, `Write one, as in ${key.name}:${key.example}.`);
}

function remedyForKey(text: string, keys: QueryKeys): string {
  const names = keys.map(({ name }) => name);
  const near = names.find((name) => name.startsWith(text) || text.startsWith(name) || isOneEditFrom(name, text));
  const quoted = 'To search for the text itself, put it in quotes.';
  return near === undefined ? `Keys are: ${names.join(', ')}. ${quoted}` : `Did you mean “${near}:”? ${quoted}`;
}

/** One letter more, less, other, or two neighbors swapped. */
function isOneEditFrom(a: string, b: string): boolean {
  let start = 0;
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) start += 1;
  const [restA, restB] = [a.slice(start), b.slice(start)];
  const isSwapped = restA.length > 1 && restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2);
  return isSwapped || restA.slice(1) === restB.slice(1) || restA.slice(1) === restB || restA === restB.slice(1);
}

function refuse({ from, to }: Span, sentence: string, remedy: string): { mistake: QueryMistake } {
  return { mistake: { from, to, sentence, remedy } };
}
