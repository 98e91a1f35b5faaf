import { formatFactor, formatQuantity } from '../../../shared/format.js';
import type { Status } from '../../components/status.js';
import type { NodeLive, Testbed } from '../../../shared/testbed.js';
import { nodesInUse } from '../../../shared/node-use.js';
import { healthOf, type NodeHealth } from './node-health.js';

/** How far a testbed is on its way to a run, as tone and words. */
export function describeTestbed(testbed: Pick<Testbed, 'nodes'>): Status {
  const { nodes } = testbed;
  const count = (state: string): number => nodes.filter((node) => node.provisionState === state).length;
  const ready = count('ready');
  if (nodes.length === 0) return { tone: 'warning', label: 'No nodes yet' };
  if (count('provisioning') > 0) return { tone: 'busy', label: 'Provisioning' };
  if (ready === nodes.length) return { tone: 'ok', label: 'Ready' };
  const failed = count('failed');
  if (failed > 0) return { tone: 'danger', label: `${formatQuantity(failed, 'node')} failed` };
  if (ready > 0) return { tone: 'warning', label: `${ready} of ${nodes.length} ready` };
  return { tone: 'idle', label: 'Not provisioned' };
}

/** As `describeTestbed`, and how many nodes are lost now; else, where all is provisioned, how many do not answer for a short time. */
export function describeTestbedNow(testbed: Pick<Testbed, 'nodes'>, live: readonly NodeLive[]): Status {
  const status = describeTestbed(testbed);
  const liveById = new Map(live.map((state) => [state.nodeId, state]));
  const healths = testbed.nodes.map((node) => healthOf(node, liveById.get(node.id) ?? null));
  const count = (health: NodeHealth): number => healths.filter((each) => each === health).length;
  const all = formatQuantity(healths.length, 'node');
  if (count('lost') > 0) return { tone: 'danger', label: `${count('lost')} of ${all} lost` };
  if (count('quiet') > 0 && status.tone === 'ok') return { tone: 'warning', label: `${count('quiet')} of ${all} not connected` };
  return status;
}

/** `5 × Jetson AGX Orin, MAXN ×4, 30W ×1`; null of virtual nodes, and before facts were read. */
export function describeDevices({ nodes }: Pick<Testbed, 'nodes'>): string | null {
  const facts = nodes.flatMap(({ kind, facts: known }) => (kind === 'ssh' && known ? [known] : []));
  const models = countEach(facts.flatMap(({ deviceModel }) => deviceModel ?? []));
  const modes = countEach(facts.flatMap(({ powerMode }) => powerMode ?? []));
  const parts = [
    ...models.map(([model, count]) => `${count} × ${model}`),
    ...modes.map(([mode, count]) => (modes.length === 1 ? mode : `${mode} ${formatFactor(count)}`)),
  ];
  return parts.length === 0 ? null : parts.join(', ');
}

/** The most frequent first. */
function countEach(values: readonly string[]): [value: string, count: number][] {
  return [...Map.groupBy(values, (value) => value)]
    .map(([value, group]): [string, number] => [value, group.length])
    .sort((left, right) => right[1] - left[1]);
}

/** True when every node that runs use has proved healthy. */
export function isReady(testbed: Pick<Testbed, 'nodes'>): boolean {
  const used = nodesInUse(testbed);
  return used.length > 0 && used.every((node) => node.provisionState === 'ready');
}
