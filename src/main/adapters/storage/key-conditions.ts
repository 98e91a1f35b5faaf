// What values of a query's keys are as conditions of SQL, the same in every list that is searched. Values are parameters, always.
import { readInstant } from '../../../shared/query/instants.js';
import type { QueryValue } from '../../../shared/query/query.js';
import type { SqlValue } from './columns.js';
import { containsPattern } from './like-pattern.js';

/** Binds a value and gives its name. */
export type Bind = (value: SqlValue) => string;

export interface ConditionContext {
  bind: Bind;
  /** Wall clock, epoch ms, from which spans such as `since:7d` count. */
  nowMs: number;
}

export type KeyCondition = (value: QueryValue, context: ConditionContext) => string;

export function contains(column: string): KeyCondition {
  return (value, { bind }) => `${column} LIKE @${bind(containsPattern(textOf(value)))} ESCAPE '\\'`;
}

export function equals(column: string): KeyCondition {
  return (value, { bind }) => `${column} = @${bind(textOf(value))}`;
}

export function flag(column: string): KeyCondition {
  return (value) => `${column} = ${value.type === 'flag' && value.isYes ? 1 : 0}`;
}

/** A number that is equal is so to the decimals that were written: a total of 1849.83 s is found as 1850 and as 1849.8. */
export function figure(expression: string): KeyCondition {
  return (value, { bind }) => {
    if (value.type === 'range') return `${expression} BETWEEN @${bind(value.min)} AND @${bind(value.max)}`;
    if (value.type !== 'number') return '0';
    if (value.comparator !== '=') return `${expression} ${value.comparator} @${bind(value.number)}`;
    const decimals = String(value.number).split('.')[1]?.length ?? 0;
    return `round(${expression}, ${decimals}) = @${bind(value.number)}`;
  };
}

/** The keys about when something was made; `column` has epoch ms. */
export function instants(column: string): Readonly<Record<'since' | 'after' | 'before' | 'until', KeyCondition>> {
  const from: KeyCondition = (value, { bind, nowMs }) => `${column} >= @${bind(spanOf(value, nowMs).fromMs)}`;
  return {
    since: from,
    after: from,
    before: (value, { bind, nowMs }) => `${column} < @${bind(spanOf(value, nowMs).fromMs)}`,
    until: (value, { bind, nowMs }) => {
      const { fromMs, toMs } = spanOf(value, nowMs);
      return `${column} ${fromMs === toMs ? '<=' : '<'} @${bind(toMs)}`;
    },
  };
}

export function textOf(value: QueryValue): string {
  return value.type === 'text' ? value.text : '';
}

function spanOf(value: QueryValue, nowMs: number): { fromMs: number; toMs: number } {
  const span = value.type === 'instant' ? readInstant(value.text, nowMs) : null;
  return span ?? { fromMs: nowMs, toMs: nowMs };
}
