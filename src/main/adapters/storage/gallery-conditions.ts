// Terms of a query of the gallery as conditions of SQL over `g` (gallery_images). Values are parameters, always. What a term says of the run
// of an image is not here: the history answers it.
import type { ImageKey } from '../../../shared/gallery-keys.js';
import type { QueryTerm } from '../../../shared/query/query.js';
import { type Bind, type ConditionContext, figure, flag, instants, type KeyCondition, textOf } from './key-conditions.js';
import { containsPattern } from './like-pattern.js';
import { matchOfPhrase } from './run-words.js';

/** Of a row of run_nodes, `n`: the variant of the model that its worker has. */
export const MODEL_VARIANT = `CASE WHEN n.worker_json IS NULL THEN NULL
  WHEN EXISTS (SELECT 1 FROM json_each(n.worker_json, '$.encoders') e WHERE e.value = 't5') THEN 'SD3 medium with T5-XXL' ELSE 'reSD3-m' END`;

/** One condition of each term; words that have to be there are one question to the index of words. */
export function imageConditions(terms: readonly QueryTerm[], context: ConditionContext): string[] {
  const required = terms.filter((term) => term.type !== 'key' && !term.isNegated);
  const others = terms.filter((term) => !required.includes(term));
  const words = required.map((term) => (term.type === 'key' ? '' : matchOf(term)));
  return [
    ...(words.length > 0 ? [`g.prompt_number IN (${promptsWith(words.join(' AND '), context.bind)})`] : []),
    ...others.map((term) => conditionOf(term, context)),
  ];
}

function conditionOf(term: QueryTerm, context: ConditionContext): string {
  const any =
    term.type === 'key'
      ? term.values.map((value) => `(${KEYS[term.key as ImageKey](value, context)})`).join(' OR ')
      : `g.prompt_number IN (${promptsWith(matchOf(term), context.bind)})`;
  return term.isNegated ? `NOT (${any})` : `(${any})`;
}

function promptsWith(match: string, bind: Bind): string {
  return `SELECT rowid FROM image_words WHERE image_words MATCH @${bind(match)}`;
}

/** A word is a whole word; one that ends with a star stands for all that start with it. */
function matchOf(term: Extract<QueryTerm, { type: 'word' | 'phrase' }>): string {
  const isStart = term.type === 'word' && term.text.length > 1 && term.text.endsWith('*');
  return isStart ? `${matchOfPhrase(term.text.slice(0, -1))}*` : matchOfPhrase(term.text);
}

const KEYS: Readonly<Record<ImageKey, KeyCondition>> = {
  node: (value, { bind }) =>
    `(g.run_id, g.node_id) IN (SELECT n.run_id, n.node_id FROM run_nodes n WHERE n.name LIKE @${bind(containsPattern(textOf(value)))} ESCAPE '\\')`,
  steps: figure('g.quality_steps'),
  seed: figure('g.seed'),
  delay: figure('g.service_ms / 1000.0'),
  model: (value, { bind }) => {
    const like = `LIKE @${bind(containsPattern(textOf(value)))} ESCAPE '\\'`;
    return `(g.run_id, g.node_id) IN (SELECT n.run_id, n.node_id FROM run_nodes n WHERE ${MODEL_VARIANT} ${like}
      OR n.worker_json ->> '$.modelSha256' ${like}
      OR n.worker_json ->> '$.modelSha256' IN (SELECT m.sha256 FROM models m WHERE m.name ${like}))`;
  },
  simulated: flag('g.is_simulated'),
  ...instants('g.created_at_ms'),
};
