// From text to terms and values with their places. Everything is a term of some kind: what it means is checked later.
import type { Span } from './query.js';

export interface RawValue extends Span {
  /** Without quotes and escapes. */
  text: string;
  isQuoted: boolean;
  /** False of one whose second quote is missing. */
  isClosed: boolean;
}

export interface RawTerm extends Span {
  isNegated: boolean;
  /** In lower case, without its colon. */
  key: (Span & { text: string }) | null;
  /** Of a term without a key exactly one. */
  values: readonly RawValue[];
}

const SPACE = /\s/;
const KEY = /^([A-Za-z][A-Za-z-]*):/;

export function tokenize(text: string): RawTerm[] {
  const terms: RawTerm[] = [];
  let at = 0;
  while (at < text.length) {
    if (isSpace(text, at)) at += 1;
    else {
      const term = readTerm(text, at);
      terms.push(term);
      at = term.to;
    }
  }
  return terms;
}

function readTerm(text: string, from: number): RawTerm {
  const isNegated = text[from] === '-' && from + 1 < text.length && !isSpace(text, from + 1);
  const start = isNegated ? from + 1 : from;
  const [written, name] = KEY.exec(text.slice(start)) ?? [];
  if (written === undefined || name === undefined) {
    const value = readValue(text, start, (at) => isSpace(text, at));
    return { from, to: value.to, isNegated, key: null, values: [value] };
  }
  const values: RawValue[] = [];
  let at = start + written.length;
  for (;;) {
    const value = readValue(text, at, (place) => isSpace(text, place) || text[place] === ',');
    values.push(value);
    at = value.to;
    if (text[at] !== ',') break;
    at += 1;
  }
  return { from, to: at, isNegated, key: { text: name.toLowerCase(), from: start, to: start + name.length }, values };
}

function readValue(text: string, from: number, isEnd: (at: number) => boolean): RawValue {
  if (text[from] === '"') return readQuoted(text, from);
  let at = from;
  while (at < text.length && text[at] !== '"' && !isEnd(at)) at += 1;
  return { from, to: at, text: text.slice(from, at), isQuoted: false, isClosed: true };
}

function readQuoted(text: string, from: number): RawValue {
  let inside = '';
  let at = from + 1;
  while (at < text.length && text[at] !== '"') {
    const isEscape = text[at] === '\\' && (text[at + 1] === '"' || text[at + 1] === '\\');
    if (isEscape) at += 1;
    inside += text[at] ?? '';
    at += 1;
  }
  const isClosed = at < text.length;
  return { from, to: isClosed ? at + 1 : at, text: inside, isQuoted: true, isClosed };
}

function isSpace(text: string, at: number): boolean {
  return SPACE.test(text[at] ?? '');
}
