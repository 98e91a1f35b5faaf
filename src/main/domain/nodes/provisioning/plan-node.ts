// The plan of one node: every step looks, none changes anything there.
import { type NodePlan, PROVISION_STEPS } from '../../../../shared/provisioning.js';
import { describeFailure } from '../../../adapters/log/report-internal-error.js';
import type { NodeSession } from './node-session.js';
import { isNotConnected, knownLater } from './provision-step.js';
import { STEPS } from './steps/all-steps.js';

/** Never throws; closes the session. */
export async function planNode(session: NodeSession): Promise<NodePlan> {
  const { node, desired, findings, signal } = session;
  const plan: NodePlan = { nodeId: node.id, nodeName: node.name, desired, steps: [], clock: null, error: null, hostKeyQuestion: null };
  try {
    for (const name of PROVISION_STEPS) {
      signal.throwIfAborted();
      const finding = await STEPS[name].inspect(session);
      if (isNotConnected(finding)) {
        plan.error = finding.error.toShape();
        if (finding.kind === 'host-key-question') plan.hostKeyQuestion = finding.question;
        break;
      }
      findings.set(name, finding);
      plan.steps.push({ name, ...finding });
    }
  } catch (thrown) {
    plan.error = describeFailure(session.tools.log, thrown, { doing: 'planning a provisioning', nodeId: node.id });
  } finally {
    session.close();
  }
  plan.clock = session.clock;
  for (const name of PROVISION_STEPS.slice(plan.steps.length)) {
    plan.steps.push({ name, ...knownLater('The node could not be checked so far.') });
  }
  return plan;
}
