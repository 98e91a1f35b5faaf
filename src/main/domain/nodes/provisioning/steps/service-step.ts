// Keeps the agent running: under systemd where that can be, else under a supervisor; a virtual node starts its agent by itself. Restarts it
// only when something that it starts from has changed.
import { z } from 'zod';
import { AppError, toErrorShape } from '../../../../../shared/errors.js';
import type { ProvisionStepName, StepFinding } from '../../../../../shared/provisioning.js';
import { openAgentClient } from '../../../../adapters/agents/open-agent-client.js';
import { pushBytes } from '../../../../adapters/ssh/push-bytes.js';
import { printable } from '../../../../adapters/ssh/ssh-errors.js';
import type { ExecResult } from '../../../../adapters/ssh/ssh-exec.js';
import { findFreePort } from '../../../../foundation/listen-port.js';
import { agentConfigFor, DEFAULT_AGENT_PORT, encodeAgentConfig, INSTALL_DIR } from '../agent-config-for.js';
import { keepNodePathCommand, PORT_IN_USE_STATUS } from '../agent-scripts.js';
import type { NodeSession } from '../node-session.js';
import { blockedError, knownLater, nothingToDo, type ProvisioningStep, type StepOutcome, toChange } from '../provision-step.js';
import { chooseService, SERVICE_TITLES, type ServiceChoice, type ServiceKind } from '../service/choose-service.js';
import { describeChanges, describeReason, describeRunning } from '../service/describe-service.js';
import { findService, type ServiceFound } from '../service/find-service.js';
import { unitOf, type DesiredUnit, desiredUnit } from '../service/service-units.js';
import { removeSystemUnit, startSystemUnit } from '../service/system-unit.js';
import { START_TIMEOUT_MS } from '../service/unit-scripts.js';
import { enableLinger, removeUserUnit, startUserUnit } from '../service/user-unit.js';

const readyLine = z.object({ ready: z.literal(true), port: z.number().int(), instanceId: z.string(), agentVersion: z.string().max(64) });
type ReadyLine = z.infer<typeof readyLine>;

interface Looked {
  found: ServiceFound;
  choice: ServiceChoice;
  unit: DesiredUnit | null;
  port: number;
  config: string;
  /** The agent runs, in the desired way and from what is on the node and in `config`. */
  isUpToDate: boolean;
}

/** Steps whose changes the agent takes up when it starts. */
const STARTED_FROM: readonly ProvisionStepName[] = ['runtime', 'certificate', 'agent', 'python', 'model'];

export const serviceStep: ProvisioningStep = {
  async inspect(session) {
    const looked = await look(session);
    if (!('choice' in looked)) return looked;
    const before = STARTED_FROM.filter((name) => session.findings.get(name)?.verdict === 'change');
    if (STARTED_FROM.some((name) => session.findings.get(name)?.verdict === 'unknown')) {
      return knownLater('What the agent starts from is not known yet.');
    }
    if (looked.isUpToDate && before.length === 0) return nothingToDo(describeRunning(looked));
    const why = before.length > 0 ? `What the agent starts from changes (${before.join(', ')}).` : describeReason(looked);
    return toChange([why, looked.choice.remark].filter(Boolean).join(' '), describeChanges(looked));
  },
  async apply(session) {
    const looked = await look(session);
    if (!('choice' in looked)) throw blockedError(session.node.name, looked);
    if (looked.isUpToDate) {
      session.updateNode({ agentPort: looked.port });
      return { state: 'unchanged', detail: describeRunning(looked) };
    }
    const { found, choice } = looked;
    await stopOtherWays(session, choice.kind, found);
    await session.run('report where its Node.js is', keepNodePathCommand(INSTALL_DIR));
    const lingerProblem = choice.kind === 'systemd-user' ? await enableLinger(session, found) : null;
    const ready = await startOnPort(session, looked, looked.port, looked.config);
    session.updateNode({ agentPort: ready.port });
    const remarks = [choice.remark, lingerProblem === null ? null : `But ${lingerProblem}.`].filter(Boolean);
    const head = `Started agent ${printable(ready.agentVersion)} on port ${ready.port}, kept running ${SERVICE_TITLES[choice.kind]}.`;
    return { state: 'changed', detail: [head, ...remarks].join(' ') };
  },
  async remove(session): Promise<StepOutcome> {
    const found = await findService(session);
    if (found.systemUnit.sha256 !== null) await removeSystemUnit(session, found);
    await removeUserUnit(session);
    await stopByScript(session);
    const wasThere = found.config !== '' || found.userUnit.sha256 !== null || found.systemUnit.sha256 !== null || found.isSupervised;
    return wasThere
      ? { state: 'changed', detail: 'The agent has stopped, and nothing starts it any more.' }
      : { state: 'unchanged', detail: 'There was no agent to stop.' };
  },
};

/** A finding where the desired way can't be had. */
async function look(session: NodeSession): Promise<Looked | StepFinding> {
  const { node, desired, tools } = session;
  const found = await findService(session);
  const hasSudoPassword = found.rootAccess === 'password' && (await tools.secrets.sudoPassword(node.id)) !== null;
  const choice = chooseService({ desired: desired.service, found, isVirtual: node.kind === 'virtual', hasSudoPassword });
  if (!('kind' in choice)) return choice;
  const unit = await desiredUnit(session, choice.kind, found);
  const port = await choosePort(session, node.agentPort);
  const config = encodeConfig(session, port, found.exitWithPid);
  const isUpToDate =
    found.isCurrent && found.config === config && isKeptRunning(choice.kind, unit, found) && (await isAnswering(session, port));
  return { found, choice, unit, port, config, isUpToDate };
}

function isKeptRunning(kind: ServiceKind, unit: DesiredUnit | null, found: ServiceFound): boolean {
  const { userUnit, systemUnit, isSupervised } = found;
  const own = unitOf(kind, found);
  const hasOther = (kind !== 'systemd-user' && userUnit.sha256 !== null) || (kind !== 'systemd-system' && systemUnit.sha256 !== null);
  if (hasOther || isSupervised !== (kind === 'supervised')) return false;
  return own === null || (own.sha256 === unit?.sha256 && own.isActive && own.isEnabled);
}

/** A virtual node keeps the port it has; a new one gets one that is free on this machine. */
async function choosePort({ node }: NodeSession, known: number | null): Promise<number> {
  if (known !== null) return known;
  return node.kind === 'virtual' ? findFreePort(node.host, null) : DEFAULT_AGENT_PORT;
}

function encodeConfig(session: NodeSession, port: number, exitWithPid: number | null): string {
  const { testbed, node, desired, tools } = session;
  const model = desired.worker === 'simulated' || desired.modelId === null ? null : tools.models.find(desired.modelId);
  return encodeAgentConfig(agentConfigFor({ testbed, node, model, port, exitWithPid }));
}

async function isAnswering(session: NodeSession, port: number): Promise<boolean> {
  const { node, testbed, tools, signal } = session;
  const identity = await tools.identities.controlCenter(testbed.id);
  const client = await openAgentClient({ nodeId: node.id, host: node.host, port, identity });
  try {
    const described = await client.describe(signal);
    return described.nodeId === node.id && described.bundleSha256 === (await tools.loadBundle()).sha256;
  } catch (error) {
    if (signal.aborted) throw error;
    session.log(`The running agent does not answer: ${toErrorShape(error).message}`);
    return false;
  } finally {
    client.close();
  }
}

async function stopOtherWays(session: NodeSession, kind: ServiceKind, found: ServiceFound): Promise<void> {
  if (kind !== 'systemd-system' && found.systemUnit.sha256 !== null) await removeSystemUnit(session, found);
  if (kind !== 'systemd-user' && found.userUnit.sha256 !== null) await removeUserUnit(session);
  if (unitOf(kind, found)?.isActive !== true) await stopByScript(session);
}

function stopByScript(session: NodeSession): Promise<string> {
  const script = `${INSTALL_DIR}/stop-agent.sh`;
  return session.run('stop its agent', `if [ -f ${script} ]; then /bin/sh ${script}; fi`);
}

/** On a virtual node whose port was taken in the meantime, tries once more on another one. */
async function startOnPort(session: NodeSession, looked: Looked, port: number, config: string): Promise<ReadyLine> {
  await pushBytes(session.connection, {
    bytes: Buffer.from(config),
    remotePath: `${INSTALL_DIR}/config.json`,
    mode: 0o600,
    signal: session.signal,
  });
  const result = await startNow(session, looked);
  if (result.code === 0) return parseReadyLine(session.node.name, result.stdout);
  if (result.code !== PORT_IN_USE_STATUS) throw await session.commandError('start its agent', result);
  if (session.node.kind === 'virtual') {
    const other = await findFreePort(session.node.host, null);
    if (other !== port) return startOnPort(session, looked, other, encodeConfig(session, other, looked.found.exitWithPid));
  }
  throw new AppError(
    'conflict',
    `Port ${port} of node "${session.node.name}" is taken by another program.`,
    'Add the node with another agent port, or stop what listens there.',
  );
}

function startNow(session: NodeSession, { choice, unit, found }: Looked): Promise<ExecResult> {
  if (unit && choice.kind === 'systemd-user') return startUserUnit(session, unit.text);
  if (unit && choice.kind === 'systemd-system') return startSystemUnit(session, found, unit.text);
  const mode = choice.kind === 'supervised' ? 'supervised' : 'once';
  return session.attempt(`/bin/sh ${INSTALL_DIR}/start-agent.sh ${mode}`, { timeoutMs: START_TIMEOUT_MS });
}

function parseReadyLine(nodeName: string, line: string): ReadyLine {
  try {
    return readyLine.parse(JSON.parse(line));
  } catch (error) {
    throw new AppError(
      'agent-failed',
      `The agent of node "${nodeName}" started with an unreadable first line: ${printable(line, 120)}`,
      "Provision the node again, so that it gets this program's agent.",
      { cause: error },
    );
  }
}
