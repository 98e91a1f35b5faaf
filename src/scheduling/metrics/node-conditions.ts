// Whether the nodes of a run were alike and stayed what they were. Facts come as they were stored, and what they do not report counts for
// nothing: an unknown power mode is no other power mode.
import { type DeviceFacts, deviceFactsSchema } from '../../shared/device-facts.js';

export interface NodeConditions {
  id: string;
  name: string;
  agentVersion: string | null;
  /** NodeFacts, or nothing of use. */
  facts?: unknown;
}

/** What makes the same device slower or faster, or runs in place of something else. */
const CONDITIONS = {
  powerMode: 'power mode',
  cpuMaxMhz: 'CPU clock limit in MHz',
  gpuMaxMhz: 'GPU clock limit in MHz',
  torchVersion: 'torch',
  cudaVersion: 'CUDA',
  pythonVersion: 'Python',
  jetpack: 'JetPack',
} as const satisfies Partial<Record<keyof DeviceFacts, string>>;

/** A sentence when the nodes ran in more than one power mode, which alone can change a delay several-fold; null otherwise. */
export function describeMixedPowerModes(nodes: readonly Omit<NodeConditions, 'id'>[]): string | null {
  const reported = nodes.flatMap(({ name, facts }) => {
    const { powerMode } = readConditions(facts);
    return powerMode === null ? [] : [{ name, powerMode }];
  });
  if (new Set(reported.map(({ powerMode }) => powerMode)).size < 2) return null;
  return `The nodes ran in different power modes: ${reported.map(({ name, powerMode }) => `${name} ${powerMode}`).join(', ')}.`;
}

/** A sentence for each node whose software or power mode was another one at the end of the run. Nodes that are gone by then are left out. */
export function describeChangedConditions(start: readonly NodeConditions[], end: readonly NodeConditions[]): string[] {
  return start.flatMap((before) => {
    const after = end.find(({ id }) => id === before.id);
    const changes = after ? listChanges(before, after) : [];
    return changes.length === 0 ? [] : [`Node ${before.name} changed during the run: ${changes.join(', ')}.`];
  });
}

function listChanges(before: NodeConditions, after: NodeConditions): string[] {
  const [former, later] = [readConditions(before.facts), readConditions(after.facts)];
  const pairs: [name: string, before: string | number | null, after: string | number | null][] = [
    ['agent', before.agentVersion, after.agentVersion],
    ...(Object.keys(CONDITIONS) as (keyof typeof CONDITIONS)[]).map(
      (key) => [CONDITIONS[key], former[key], later[key]] as [string, string | number | null, string | number | null],
    ),
  ];
  return pairs.flatMap(([name, was, is]) => (was === null || is === null || was === is ? [] : [`${name} ${was}, then ${is}`]));
}

function readConditions(facts: unknown): DeviceFacts {
  return deviceFactsSchema.parse(typeof facts === 'object' && facts !== null ? facts : {});
}
