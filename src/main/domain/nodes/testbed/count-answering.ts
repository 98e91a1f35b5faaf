// How many of the provisioned nodes answer, for the status bar.
import type { AnsweringNodes, Testbed } from '../../../../shared/testbed.js';
import type { NodeLiveSource } from './node-live-source.js';

/** Leads to the first testbed where a node does not answer, else to the first with nodes. */
export function countAnswering(testbeds: readonly Testbed[], live: Pick<NodeLiveSource, 'snapshot'>): AnsweringNodes {
  const counts = testbeds.map(({ id, nodes }) => {
    const provisioned = new Set(nodes.filter(({ provisionState }) => provisionState === 'ready').map((node) => node.id));
    const seen = provisioned.size === 0 ? [] : live.snapshot(id);
    return {
      id,
      provisioned: provisioned.size,
      others: nodes.length - provisioned.size,
      answering: seen.filter((node) => provisioned.has(node.nodeId) && node.isConnected).length,
    };
  });
  const first = counts.find(({ provisioned, answering }) => answering < provisioned) ?? counts.find(({ provisioned }) => provisioned > 0);
  const sum = (of: 'provisioned' | 'others' | 'answering'): number => counts.reduce((total, each) => total + each[of], 0);
  return { answering: sum('answering'), provisioned: sum('provisioned'), others: sum('others'), testbedId: first?.id ?? null };
}
