// The plan of one node: every step looks, none changes anything there.
import { type HostKeyQuestion, type NodePlan, PROVISION_STEPS } from '../../../../shared/provisioning.js';
import { describeFailure } from '../../../adapters/log/report-fault.js';
import type { NodeSession } from './node-session.js';
import { knownLater } from './provision-step.js';
import { STEPS } from './steps/all-steps.js';

/** Never throws; closes the session. `questionOf` finds the host key that waits for the user's word. */
export async function planNode(session: NodeSession, questionOf: () => HostKeyQuestion | null): Promise<NodePlan> {
  const { node, wanted, findings, signal } = session;
  const plan: NodePlan = { nodeId: node.id, nodeName: node.name, wanted, steps: [], error: null, hostKeyQuestion: null };
  try {
    for (const name of PROVISION_STEPS) {
      signal.throwIfAborted();
      const finding = await STEPS[name].inspect(session);
      findings.set(name, finding);
      plan.steps.push({ name, ...finding });
    }
  } catch (thrown) {
    plan.error = describeFailure(session.tools.log, thrown, { doing: 'planning a provisioning', nodeId: node.id });
    if (plan.error.code === 'host-key-unknown' || plan.error.code === 'host-key-changed') plan.hostKeyQuestion = questionOf();
    for (const name of PROVISION_STEPS.slice(plan.steps.length)) {
      plan.steps.push({ name, ...knownLater('The node could not be looked at so far.') });
    }
  } finally {
    session.close();
  }
  return plan;
}
