import { formatQuantity } from '../../../shared/format.js';
import type { Status } from '../../components/status.js';
import type { Testbed } from '../../../shared/testbed.js';

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

/** True when every node has proved healthy. */
export function isReady(testbed: Pick<Testbed, 'nodes'>): boolean {
  return testbed.nodes.length > 0 && testbed.nodes.every((node) => node.provisionState === 'ready');
}
