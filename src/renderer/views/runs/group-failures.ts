// Failed sendings by what went wrong, with what can be done about it; pure.
import type { FailedSending } from '../../../shared/run-board.js';
import type { RunLive } from '../../../shared/run.js';

export interface FailureGroup {
  /** One sentence, as the first of them said it. */
  cause: string;
  count: number;
  /** The tasks, the newest first; empty for what befell the whole run. */
  ordinals: number[];
  nodeNames: string[];
  /** What happens, or what to do. */
  action: string;
}

interface FailureInput {
  sendings: readonly FailedSending[];
  recent: RunLive['recentFailures'];
  nodes: readonly { nodeId: string; nodeName: string }[];
}

/** The most frequent cause first; causes that differ only in figures and names of nodes are one. */
export function groupFailures({ sendings, recent, nodes }: FailureInput): FailureGroup[] {
  const nameOf = new Map(nodes.map(({ nodeId, nodeName }) => [nodeId, nodeName]));
  const all = [
    ...recent.filter(({ ordinal }) => ordinal < 0).map(({ message }) => ({ ordinal: -1, message, nodeId: null })),
    ...sendings.map((sending) => ({ ...sending, nodeId: sending.edgeServerId ?? sending.baseStationId })),
  ];
  return [...Map.groupBy(all, ({ message, ordinal }) => (ordinal < 0 ? message : kindOf(message, nodes)))]
    .map(([, failures]) => {
      const cause = nameNodes(failures[0]?.message ?? '', nodes);
      const ordinals = [...new Set(failures.flatMap(({ ordinal }) => (ordinal < 0 ? [] : [ordinal])))];
      const nodeNames = [...new Set(failures.flatMap(({ nodeId }) => (nodeId === null ? [] : [nameOf.get(nodeId) ?? nodeId])))].sort();
      return { cause, count: failures.length, ordinals, nodeNames, action: adviseOn(cause, ordinals.length > 0) };
    })
    .sort((left, right) => right.count - left.count);
}

/** Agents know each other by their ids, people by their names. */
function nameNodes(message: string, nodes: FailureInput['nodes']): string {
  return nodes.reduce((text, { nodeId, nodeName }) => text.replaceAll(nodeId, nodeName), message);
}

function kindOf(message: string, nodes: FailureInput['nodes']): string {
  const nameless = nodes.reduce((text, { nodeName }) => text.replaceAll(nodeName, '#'), nameNodes(message, nodes));
  return nameless.replace(/\d+(\.\d+)?/g, '#');
}

const ADVICE: readonly [pattern: RegExp, action: string][] = [
  [
    /did not answer|does not answer|not answered|silent|lost|unreachable|could not be reached/i,
    'Their tasks are re-sent to other nodes. Look at the node.',
  ],
  [/no space|disk|storage/i, 'Free disk space; the run continues by itself.'],
  [/memory|CUDA/i, 'The model does not fit: look at the node’s memory before the next run.'],
];

function adviseOn(cause: string, isOfTasks: boolean): string {
  const known = ADVICE.find(([pattern]) => pattern.test(cause))?.[1];
  return known ?? (isOfTasks ? 'A task is re-sent until its attempts are used up.' : '');
}
