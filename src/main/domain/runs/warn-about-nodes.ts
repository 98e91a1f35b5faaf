// What of the nodes' facts makes a run slower or fail on them: said before it starts, once for all nodes that it is true of.
import { describeMixedPowerModes } from '../../../scheduling/metrics/node-conditions.js';
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

/** What would make a run on these nodes invalid, whatever it measures: nodes in several power modes, or with several versions of the agent. */
export function warnAboutMixture(nodes: readonly Pick<TestbedNode, 'name' | 'facts' | 'agentVersion'>[]): string[] {
  const versions = [...new Set(nodes.flatMap(({ agentVersion }) => agentVersion ?? []))];
  const mixed = describeMixedPowerModes(nodes);
  return [
    ...(mixed === null ? [] : [`${mixed} The run will be invalid: set one mode on all of them.`]),
    ...(versions.length > 1
      ? [`The nodes run different agent versions: ${versions.join(', ')}. The run will be invalid: provision them again.`]
      : []),
  ];
}
