import { readInstant } from './instants.js';
import type { Comparator, QueryMistake, QueryValue } from './query.js';
import type { QueryKey } from './query-keys.js';
import type { RawValue } from './tokenize.js';

const NUMBER = /^(>=|<=|>|<|=)?(-?\d+(?:\.\d+)?(?:e[+-]?\d{1,3})?)(%?)$/i;
const RANGE = /^(-?\d+(?:\.\d+)?)\.\.(-?\d+(?:\.\d+)?)$/;
const FLAGS: Readonly<Record<string, boolean>> = { yes: true, true: true, no: false, false: false };

/** What is wrong with a value, if anything is. */
type Outcome = QueryValue | { mistake: QueryMistake };

/** Of a value that is not empty. */
export function parseValue(key: QueryKey, raw: RawValue): Outcome {
  switch (key.type) {
    case 'text':
      return { type: 'text', text: raw.text };
    case 'number':
      return parseNumber(key, raw);
    case 'flag':
      return parseFlag(key, raw);
    case 'instant':
      return parseInstant(key, raw);
    case 'choice':
      return parseChoice(key, raw);
  }
}

function parseNumber(key: QueryKey, raw: RawValue): Outcome {
  const range = RANGE.exec(raw.text);
  if (range) {
    const [min, max] = [Number(range[1]), Number(range[2])];
    if (min <= max) return { type: 'range', min, max };
    return refuse(raw, `“${raw.text}” goes from the larger number to the smaller.`, `Write ${key.name}:${max}..${min}.`);
  }
  const parts = NUMBER.exec(raw.text);
  const number = Number(parts?.[2]);
  if (!parts || !Number.isFinite(number)) {
    return refuse(raw, `“${raw.text}” is not a number.`, `Write it as in ${key.name}:${key.example}, or ${key.name}:10..20 for a range.`);
  }
  return { type: 'number', comparator: (parts[1] ?? '=') as Comparator, number: number === 0 ? 0 : number };
}

function parseFlag(key: QueryKey, raw: RawValue): Outcome {
  const isYes = FLAGS[raw.text.toLowerCase()];
  if (isYes !== undefined) return { type: 'flag', isYes };
  return refuse(raw, `“${raw.text}” is neither yes nor no.`, `Write ${key.name}:yes or ${key.name}:no.`);
}

function parseInstant(key: QueryKey, raw: RawValue): Outcome {
  if (readInstant(raw.text, 0)) return { type: 'instant', text: raw.text };
  return refuse(
    raw,
    `“${raw.text}” is no day and no age.`,
    `Write a day, as in ${key.name}:2026-11-01, or an age, as in ${key.name}:7d or 12h.`,
  );
}

function parseChoice(key: QueryKey, raw: RawValue): Outcome {
  const { choices = [], aliases = {} } = key;
  const written = raw.text.toLowerCase();
  const text = Object.hasOwn(aliases, written) ? (aliases[written] ?? written) : written;
  if (choices.includes(text)) return { type: 'text', text };
  return refuse(raw, `There is no ${key.name} “${raw.text}”.`, `Write one of: ${choices.join(', ')}.`);
}

function refuse({ from, to }: RawValue, sentence: string, remedy: string): { mistake: QueryMistake } {
  return { mistake: { from, to, sentence, remedy } };
}
