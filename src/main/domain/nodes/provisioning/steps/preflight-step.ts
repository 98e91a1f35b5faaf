import type { StepFinding } from '../../../../../shared/provisioning.js';
import { tryPort } from '../../../../foundation/try-port.js';
import { DEFAULT_AGENT_PORT } from '../agent-config-for.js';
import { checkFit, hasFittingNode } from '../check-fit.js';
import { doClockWork, findClockWork, removeClockRight } from '../clock-work.js';
import type { NodeSession } from '../node-session.js';
import { blockedError, type ProvisioningStep, toChange } from '../provision-step.js';
import { tryHome } from '../try-home.js';

/** Real ms for an answer of the agent's port, whether or not an agent is there yet. */
const PORT_TIMEOUT_MS = 3_000;

/** Refuses a node that can't carry what is to be installed, before anything is sent there. What was asked for its clock is done first. */
export const preflightStep: ProvisioningStep = {
  inspect: find,
  async apply(session) {
    const { obstacle } = await findClockWork(session);
    if (obstacle) throw blockedError(session.node.name, obstacle);
    const done = await doClockWork(session);
    const finding = await find(session);
    if (finding.verdict === 'blocked') throw blockedError(session.node.name, finding);
    return done.length === 0 ? { state: 'unchanged', detail: finding.why } : { state: 'changed', detail: [...done, finding.why].join(' ') };
  },
  async remove(session) {
    return (await removeClockRight(session))
      ? { state: 'changed', detail: 'Took back the right to set its clock.' }
      : { state: 'unchanged', detail: 'There was nothing to remove.' };
  },
};

async function find(session: NodeSession): Promise<StepFinding> {
  const { facts, desired, tools } = session;
  const { clock, changes, obstacle } = await findClockWork(session);
  session.noteClock(clock);
  if (obstacle) return obstacle;
  const model = desired.modelId === null ? null : tools.models.find(desired.modelId);
  const fit = checkFit({
    facts,
    model: model && {
      ...model,
      measuredBytes: tools.models.measuredBytes?.(model.id, session.node.id) ?? null,
      isLoaded: session.node.worker?.modelSha256 === model.sha256,
    },
    isClockToBeSet: session.setsClock && changes.length > 0,
  });
  if (fit.verdict === 'blocked') return fit;
  const needsToRun = desired.worker !== 'simulated' || !hasFittingNode(facts.nodeVersion);
  const unfitHome = await tryHome(session, { needsToRun });
  if (unfitHome) return unfitHome;
  const remark = await tryAgentPort(session);
  const why = remark === null ? fit.why : `${fit.why} ${remark}`;
  return changes.length === 0 ? { ...fit, why } : toChange(why, changes);
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
