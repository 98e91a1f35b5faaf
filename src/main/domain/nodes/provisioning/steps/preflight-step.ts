import type { StepFinding } from '../../../../../shared/provisioning.js';
import { tryPort } from '../../../../foundation/try-port.js';
import { DEFAULT_AGENT_PORT } from '../agent-config-for.js';
import { checkFit, hasFittingNode } from '../check-fit.js';
import type { NodeSession } from '../node-session.js';
import { blockedError, type ProvisioningStep } from '../provision-step.js';
import { findService } from '../service/find-service.js';
import { setClock } from '../set-clock.js';
import { tryHome } from '../try-home.js';

/** Real ms for an answer of the agent's port, whether or not an agent is there yet. */
const PORT_TIMEOUT_MS = 3_000;

/** Refuses a node that can't carry what is to be installed, before anything is sent there. */
export const preflightStep: ProvisioningStep = {
  inspect: find,
  async apply(session) {
    const clock = session.setsClock ? await setClock(session, (await findService(session)).rootAccess) : null;
    const finding = await find(session);
    if (finding.verdict === 'blocked') throw blockedError(session.node.name, finding);
    return clock === null ? { state: 'unchanged', detail: finding.why } : { state: 'changed', detail: `${clock} ${finding.why}` };
  },
  remove: null,
};

async function find(session: NodeSession): Promise<StepFinding> {
  const { facts, desired, tools } = session;
  const fit = checkFit({ facts, modelBytes: desired.modelId === null ? null : (tools.models.find(desired.modelId)?.sizeBytes ?? null) });
  if (fit.verdict === 'blocked') return fit;
  const needsToRun = desired.worker !== 'simulated' || !hasFittingNode(facts.nodeVersion);
  const unfitHome = await tryHome(session, { needsToRun });
  if (unfitHome) return unfitHome;
  const remark = await tryAgentPort(session);
  return remark === null ? fit : { ...fit, why: `${fit.why} ${remark}` };
}

/** A word about a port that says nothing. Not a reason to stop: only an agent that listens there would prove it. */
async function tryAgentPort({ node, signal }: NodeSession): Promise<string | null> {
  // An agent that runs is asked itself, and writes a connection without a certificate into its log.
  if (node.kind === 'virtual' || node.provisionState === 'ready') return null;
  const port = node.agentPort ?? DEFAULT_AGENT_PORT;
  const answer = await tryPort({ host: node.host, port, timeoutMs: PORT_TIMEOUT_MS, signal });
  if (answer !== 'silent') return null;
  return `But its port ${port}, where the agent will listen, does not answer this machine: let it through a firewall there (sudo ufw allow ${port}/tcp).`;
}
