// What of the nodes' facts makes a run slower or fail on them: said before it starts, once for all nodes that it is true of.
import { describeMixedPowerModes } from '../../../scheduling/metrics/node-conditions.js';
import { warnBeforeRun } from '../../../shared/warn-about-facts.js';
import { fitMemory, type FitQuestion } from '../../../shared/model-need.js';
import { describeEncoders } from '../../../shared/model-variant.js';
import type { NodeFacts, TestbedNode } from '../../../shared/testbed.js';

/** Null where no model of that SHA-256 is on record. */
export type ModelOfNode = (modelSha256: string, nodeId: string) => Pick<FitQuestion, 'model' | 'measuredBytes'> | null;

type WarnedNode = Pick<TestbedNode, 'id' | 'name' | 'facts' | 'virtual' | 'worker'>;

/** Of real nodes, as their facts were read last. `modelOf` tells of the model on record by its SHA-256 and what it was measured to take there. */
export function warnAboutNodes(nodes: readonly WarnedNode[], modelOf: ModelOfNode = () => null): string[] {
  const namesByWarning = new Map<string, string[]>();
  for (const node of nodes) {
    const { name, facts, virtual } = node;
    if (facts === null || virtual !== null) continue;
    for (const warning of [...warnBeforeRun(facts), ...warnAboutModel(node, facts, modelOf)])
      namesByWarning.set(warning, [...(namesByWarning.get(warning) ?? []), name]);
  }
  return [...namesByWarning].map(([warning, names]) => `${names.join(', ')}: ${warning}`);
}

/** Its worker holds the model already: only what the node has in all counts. */
function warnAboutModel({ id, worker }: WarnedNode, facts: NodeFacts, modelOf: ModelOfNode): string[] {
  const found = worker?.modelSha256 ? modelOf(worker.modelSha256, id) : null;
  if (!found) return [];
  const { verdict, text } = fitMemory({ ...found, facts, isLoaded: true });
  return verdict === 'too-little' ? [`The model ${text}`] : [];
}

/** Images of one run that come of unlike models: each image's record says of which. */
export function warnAboutVariants(nodes: readonly Pick<TestbedNode, 'name' | 'worker'>[]): string[] {
  const namesByModel = new Map<string, string[]>();
  for (const { name, worker } of nodes) {
    if (worker === null) continue;
    const model = `${describeEncoders(worker.encoders)}, model ${worker.modelSha256?.slice(0, 12) ?? 'not on record'}`;
    namesByModel.set(model, [...(namesByModel.get(model) ?? []), name]);
  }
  if (namesByModel.size < 2) return [];
  const each = [...namesByModel].map(([model, names]) => `${names.join(', ')} (${model})`);
  return [
    `The nodes make images with different models: ${each.join('; ')}. Provision them alike, or tell their images apart in the gallery.`,
  ];
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
