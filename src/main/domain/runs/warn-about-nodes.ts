// What of the nodes' facts makes a run slower or fail on them: said before it starts, once for all nodes that it is true of.
import { warnBeforeRun } from '../../../shared/warn-about-facts.js';
import type { TestbedNode } from '../../../shared/testbed.js';

/** Of real nodes, as their facts were read last. */
export function warnAboutNodes(nodes: readonly Pick<TestbedNode, 'name' | 'facts' | 'virtual'>[]): string[] {
  const namesByWarning = new Map<string, string[]>();
  for (const { name, facts, virtual } of nodes) {
    if (facts === null || virtual !== null) continue;
    for (const warning of warnBeforeRun(facts)) namesByWarning.set(warning, [...(namesByWarning.get(warning) ?? []), name]);
  }
  return [...namesByWarning].map(([warning, names]) => `${names.join(', ')}: ${warning}`);
}
