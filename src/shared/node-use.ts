// What runs make of the nodes of a testbed: all of them, unless someone excluded a node or limited it. Pure.
import type { Testbed, TestbedNode } from './testbed.js';

/** Most tasks that a limited node may be told to hold: more is no limit. */
export const MAX_HELD_LIMIT = 1000;

type UsedNode = Pick<TestbedNode, 'isExcluded'>;

/** Those that a new run would use, in the order of the testbed. */
export function nodesInUse<Node extends UsedNode>({ nodes }: { nodes: readonly Node[] }): Node[] {
  return nodes.filter(({ isExcluded }) => isExcluded !== true);
}

/** What a series started with. */
export interface KeptNode {
  id: string;
  heldLimit: number | null;
}

/** A testbed as a series keeps it: what it started with is used as it was then, and nothing else, whatever was said of the nodes since. */
export function asStartedWith(testbed: Testbed, kept: readonly KeptNode[]): Testbed {
  const limits = new Map(kept.map(({ id, heldLimit }) => [id, heldLimit]));
  const nodes = testbed.nodes.map((node) => ({ ...node, isExcluded: !limits.has(node.id), heldLimit: limits.get(node.id) ?? null }));
  return { ...testbed, nodes };
}

/** Of a run that did not use its testbed as it is. */
export interface NodeUse {
  /** How many nodes it used. */
  usedCount: number;
  /** Names of the nodes of its testbed that it did not use. */
  excluded: string[];
  limited: { name: string; heldLimit: number }[];
}

/** Null where every node of the testbed is used without a limit. */
export function nodeUseOf(
  used: readonly { name: string; heldLimit?: number | null | undefined }[],
  excluded: readonly string[],
): NodeUse | null {
  const limited = used.flatMap(({ name, heldLimit }) => (heldLimit == null ? [] : [{ name, heldLimit }]));
  return excluded.length === 0 && limited.length === 0 ? null : { usedCount: used.length, excluded: [...excluded], limited };
}

/** As a new run would use them now. */
export function nodeUseNow(testbed: Pick<Testbed, 'nodes'>): NodeUse | null {
  const excluded = testbed.nodes.flatMap(({ isExcluded, name }) => (isExcluded === true ? [name] : []));
  return nodeUseOf(nodesInUse(testbed), excluded);
}

/** `4 of 5 nodes`, or `5 nodes` where none is excluded. */
export function countNodes({ usedCount, excluded }: Pick<NodeUse, 'usedCount' | 'excluded'>): string {
  const all = usedCount + excluded.length;
  return excluded.length === 0 ? `${all} ${all === 1 ? 'node' : 'nodes'}` : `${usedCount} of ${all} nodes`;
}

/** `4 of 5 nodes, without orin-5; orin-2 holds at most 2 tasks` */
export function describeNodeUse(use: NodeUse): string {
  const without = use.excluded.length === 0 ? '' : `, without ${use.excluded.join(', ')}`;
  return [`${countNodes(use)}${without}`, ...use.limited.map(describeLimit)].join('; ');
}

/** `orin-2 holds at most 2 tasks` */
export function describeLimit({ name, heldLimit }: { name: string; heldLimit: number }): string {
  return `${name} holds at most ${heldLimit} ${heldLimit === 1 ? 'task' : 'tasks'}`;
}

/** What someone said about the use of a node by new runs. */
export interface NodeUseChange {
  node: TestbedNode;
  /** What was so before, to take it back. */
  before: { isExcluded: boolean; heldLimit: number | null };
  /** What goes on as it was, in one sentence; null where nothing does. */
  keptBy: string | null;
}
