import { checkFit } from '../check-fit.js';
import type { NodeSession } from '../node-session.js';
import { blockedError, type ProvisioningStep } from '../provision-step.js';

/** Refuses a node that can't carry what is to be installed, before anything is sent there. */
export const preflightStep: ProvisioningStep = {
  inspect: (session) => Promise.resolve(find(session)),
  apply(session) {
    const finding = find(session);
    if (finding.verdict === 'blocked') throw blockedError(session.node.name, finding);
    return Promise.resolve({ state: 'unchanged', detail: finding.why });
  },
  remove: null,
};

function find({ facts, desired, tools }: NodeSession) {
  return checkFit({ facts, modelBytes: desired.modelId === null ? null : (tools.models.find(desired.modelId)?.sizeBytes ?? null) });
}
