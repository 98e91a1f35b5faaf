// One finding out of what is known of each node: the worst state counts, nodes of which the same is true are named together.
import { formatQuantity } from '../../../shared/format.js';
import type { NodeSituation, StepFinding } from './situation.js';

export interface NodeLook {
  state: 'done' | 'running' | 'open' | 'blocked' | 'unseen';
  /** A sentence about this node; its name is put before it unless it has it. */
  text: string;
  remedy?: string | null;
  /** When it was looked at, epoch ms; null where it was not, or is known now. */
  atMs?: number | null;
}

export type NodesFinding = Pick<StepFinding, 'state' | 'detail' | 'remedy' | 'asOfMs'>;

const WORST_FIRST = ['blocked', 'running', 'open', 'unseen', 'done'] as const;
/** Different sentences that are shown; the rest is counted. */
const MAX_SENTENCES = 3;
const MAX_NAMES = 5;

/** `done`: what is said where it is true of all; `nodes` has at least one. */
export function overNodes(nodes: readonly NodeSituation[], look: (node: NodeSituation) => NodeLook, done: string): NodesFinding {
  const looks = nodes.map((node) => ({ name: node.node.name, ...look(node) }));
  const state = WORST_FIRST.find((each) => looks.some((found) => found.state === each)) ?? 'unseen';
  const those = looks.filter((found) => found.state === state);
  const atMs = those.flatMap((found) => found.atMs ?? []);
  const asOfMs = atMs.length > 0 ? Math.min(...atMs) : null;
  if (state === 'done') return { state, detail: done, asOfMs };
  const groups = [...Map.groupBy(those, ({ text }) => text)];
  const sentences = groups.slice(0, MAX_SENTENCES).map(([text, group]) => {
    const names = group.map(({ name }) => name);
    return names.every((name) => text.includes(name)) ? text : `${listNames(names)}: ${text}`;
  });
  if (groups.length > MAX_SENTENCES) sentences.push(`And ${formatQuantity(groups.length - MAX_SENTENCES, 'more problem')}.`);
  const doneCount = looks.filter((found) => found.state === 'done').length;
  const share = doneCount > 0 ? [`${doneCount} of ${formatQuantity(looks.length, 'node')} done.`] : [];
  return { state, detail: [...share, ...sentences].join(' '), remedy: those.find(({ remedy }) => remedy)?.remedy ?? null, asOfMs };
}

/** `orin-1, orin-2 and 4 more` */
export function listNames(names: readonly string[]): string {
  if (names.length <= MAX_NAMES + 1) return names.join(', ');
  return `${names.slice(0, MAX_NAMES).join(', ')} and ${names.length - MAX_NAMES} more`;
}
