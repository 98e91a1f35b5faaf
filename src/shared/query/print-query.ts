import type { Query, QueryTerm, QueryValue } from './query.js';

/** Text that parses to the same query again, in one spelling. */
export function printQuery({ terms }: Query): string {
  return terms.map(printTerm).join(' ');
}

export function printTerm(term: QueryTerm): string {
  return `${term.isNegated ? '-' : ''}${printPositive(term)}`;
}

/** A value of text as it stands behind a key: in quotes where it needs them. */
export function printText(text: string): string {
  return /[\s",]/.test(text) || text === '' ? quote(text) : text;
}

function printPositive(term: QueryTerm): string {
  switch (term.type) {
    case 'word':
      return term.text;
    case 'phrase':
      return quote(term.text);
    case 'key':
      return `${term.key}:${term.values.map(printValue).join(',')}`;
  }
}

function printValue(value: QueryValue): string {
  switch (value.type) {
    case 'text':
      return printText(value.text);
    case 'number':
      return `${value.comparator === '=' ? '' : value.comparator}${value.number}`;
    case 'range':
      return `${value.min}..${value.max}`;
    case 'flag':
      return value.isYes ? 'yes' : 'no';
    case 'instant':
      return value.text;
  }
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
