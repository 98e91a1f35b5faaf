// Terms of a query as conditions of SQL over `h` (the record), `m` (its marks) and `named` (its scheduler). Values are parameters, always.
import type { HistoryKey } from '../../../shared/history-keys.js';
import type { QueryTerm, QueryValue } from '../../../shared/query/query.js';
import { type Bind, type ConditionContext, contains, equals, figure, flag, instants, type KeyCondition, textOf } from './key-conditions.js';
import { containsPattern } from './like-pattern.js';
import { matchOfPhrase, matchOfWord, runsWithWords } from './run-words.js';

/** Whether the record came from another machine. */
export const IS_IMPORTED = 'EXISTS (SELECT 1 FROM record_origins o WHERE o.kind = h.kind AND o.id = h.id)';

/** The condition of a term; it is true or false, never NULL, so that NOT means not. */
export function conditionOf(term: QueryTerm, context: ConditionContext): string {
  const any =
    term.type === 'key'
      ? term.values.map((value) => KEYS[term.key as HistoryKey](value, context)).join(' OR ')
      : textCondition(term.text, term.type === 'word' ? matchOfWord(term.text) : matchOfPhrase(term.text), context.bind);
  return `${term.isNegated ? 'NOT ' : ''}coalesce((${any}), 0)`;
}

function textCondition(text: string, match: string, bind: Bind): string {
  const like = `LIKE @${bind(containsPattern(text))} ESCAPE '\\'`;
  return `h.name ${like} OR m.note ${like} OR ${hasTag(`g.tag ${like}`)} OR (h.kind = 'run' AND h.id IN (${runsWithWords(bind(match))}))`;
}

function hasTag(condition: string): string {
  return `EXISTS (SELECT 1 FROM history_tags g WHERE g.kind = h.kind AND g.id = h.id AND ${condition})`;
}

const KEYS: Readonly<Record<HistoryKey, KeyCondition>> = {
  name: (value, context) => `${contains('h.name')(value, context)} OR h.id = @${context.bind(textOf(value))}`,
  kind: equals('h.kind'),
  state: (value, { bind }) => `h.state = @${bind(textOf(value) === 'canceled' ? 'cancelled' : textOf(value))}`,
  valid: flag('h.is_valid'),
  scheduler: (value, { bind }) =>
    `instr(' ' || named.names || ' ', @${bind(` ${textOf(value).toLowerCase()} `)}) OR named.title LIKE @${bind(containsPattern(textOf(value)))} ESCAPE '\\'`,
  testbed: contains('h.testbed_name'),
  node: (value, { bind }) => {
    const like = `LIKE @${bind(containsPattern(textOf(value)))} ESCAPE '\\'`;
    return `(h.kind = 'run' AND EXISTS (SELECT 1 FROM run_nodes n WHERE n.run_id = h.id AND n.name ${like}))
      OR (h.kind = 'provisioning' AND EXISTS (SELECT 1 FROM provisioning_nodes n WHERE n.provisioning_run_id = h.id AND n.node_name ${like}))`;
  },
  dataset: contains('h.dataset_name'),
  n: figure('h.task_count'),
  seed: figure('h.seed'),
  steps: (value, { bind }) => stepsCondition(value, bind),
  total: figure('h.total_ms / 1000.0'),
  delay: figure('h.mean_ms / 1000.0'),
  eff: figure('h.efficiency * 100.0'),
  tag: (value, { bind }) => hasTag(`g.tag = @${bind(textOf(value).replace(/^#/, '').toLowerCase())}`),
  note: (value, context) => noteCondition(textOf(value), context),
  star: flag('coalesce(m.is_starred, 0)'),
  ...instants('h.created_at_ms'),
  simulated: flag('h.is_simulated'),
  imported: flag(IS_IMPORTED),
  series: contains('h.series_name'),
};

/** Whether the steps that images may have and those that are asked for have one in common. */
function stepsCondition(value: QueryValue, bind: Bind): string {
  if (value.type === 'range') return `h.min_steps <= @${bind(value.max)} AND h.max_steps >= @${bind(value.min)}`;
  if (value.type !== 'number') return '0';
  const number = `@${bind(value.number)}`;
  if (value.comparator === '=') return `${number} BETWEEN h.min_steps AND h.max_steps`;
  return `h.${value.comparator.startsWith('>') ? 'max' : 'min'}_steps ${value.comparator} ${number}`;
}

function noteCondition(text: string, { bind }: { bind: Bind }): string {
  const written = text.toLowerCase();
  if (written === 'yes' || written === 'no') return `m.note IS ${written === 'yes' ? 'NOT NULL' : 'NULL'}`;
  return `m.note LIKE @${bind(containsPattern(text))} ESCAPE '\\'`;
}
