// Nodes in several power modes: a run on them is invalid. What the modes are, and the commands that set one; pure.
import type { TestbedNode } from '../../../shared/testbed.js';

export interface MixedModes {
  /** `node-3 is in 30W, the others are in MAXN.` */
  sentence: string;
  /** What to type, and on which nodes, so that all are in the mode of most. */
  commands: { nodeName: string; command: string }[];
}

type ModeNode = Pick<TestbedNode, 'name' | 'facts' | 'kind' | 'user' | 'host' | 'port'>;

const MAX_NAMED = 3;

/** Null where all nodes that report are in one mode. What is not reported is no other mode. */
export function describeMixedModes(nodes: readonly ModeNode[]): MixedModes | null {
  const reported = nodes.flatMap((node) => {
    const mode = node.kind === 'virtual' ? null : (node.facts?.powerMode ?? null);
    return mode === null ? [] : [{ node, mode }];
  });
  const groups = [...Map.groupBy(reported, ({ mode }) => mode)].sort((left, right) => right[1].length - left[1].length);
  const usual = groups[0];
  if (!usual || groups.length < 2) return null;
  const others = groups.slice(1).flatMap(([, group]) => group);
  const named = groups
    .slice(1)
    .map(([mode, group]) => `${nameNodes(group.map(({ node }) => node.name))} ${group.length === 1 ? 'is' : 'are'} in ${mode}`);
  const [usualMode] = usual;
  return {
    sentence: `${named.join('; ')}; ${usual[1].length === 1 ? 'the other is' : 'the others are'} in ${usualMode}.`,
    commands: others.map(({ node }) => ({ nodeName: node.name, command: commandFor(node, usualMode) })),
  };
}

/** MAXN has the number 0 on every Jetson; the numbers of other modes differ between modules, so they are looked up on the node. */
function commandFor({ user, host, port }: ModeNode, mode: string): string {
  const ssh = `ssh -t ${port === 22 ? '' : `-p ${port} `}${user}@${host}`;
  if (mode.startsWith('MAXN')) return `${ssh} 'echo YES | sudo nvpmodel -m 0'`;
  // What a node calls its mode is its own word, and no part of a command unless it can do no harm there.
  const asked = /^[\w.-]+$/.test(mode) ? mode : 'the mode';
  return `${ssh} 'grep POWER_MODEL /etc/nvpmodel.conf; read -p "number of ${asked}: " n; echo YES | sudo nvpmodel -m $n'`;
}

function nameNodes(names: readonly string[]): string {
  const left = names.length - MAX_NAMED;
  return left > 0 ? `${names.slice(0, MAX_NAMED).join(', ')} and ${left} more` : names.join(', ');
}
