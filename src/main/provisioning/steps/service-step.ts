import { z } from 'zod';
import { AppError, toErrorShape } from '../../../shared/errors.js';
import { connectAgent } from '../../agents/agent-client.js';
import { pushBytes } from '../../ssh/push-bytes.js';
import { printable } from '../../ssh/ssh-errors.js';
import { findFreePort } from '../../virtual-testbed/listen-port.js';
import { agentConfigFor, encodeAgentConfig, INSTALL_DIR } from '../agent-config-for.js';
import { FINGERPRINT_SHELL_FUNCTION, PORT_IN_USE_STATUS } from '../agent-scripts.js';
import type { NodeSession } from '../node-session.js';
import { nothingToDo, type ProvisioningStep, toChange } from '../provision-step.js';

/** Real milliseconds for start-agent.sh, which bounds its own wait. */
const START_TIMEOUT_MS = 60_000;
const DEFAULT_AGENT_PORT = 7411;

const readyLine = z.object({ ready: z.literal(true), port: z.number().int(), instanceId: z.string(), agentVersion: z.string().max(64) });
type ReadyLine = z.infer<typeof readyLine>;

interface Found {
  /** Content of config.json; empty when there is none. */
  config: string;
  exitWithPid: number | null;
  /** Whether the running agent was started from exactly the files that are there now. */
  isCurrent: boolean;
}

/** Writes the configuration and (re)starts the agent, unless one runs already from the same software, configuration and certificate. */
export const serviceStep: ProvisioningStep = {
  async inspect(session) {
    const { port, isRunning } = await look(session);
    if (isRunning) return nothingToDo(`The agent runs on port ${port} from the same software and configuration.`);
    return toChange('The agent is not running from what is wanted.', [`The agent runs, listening on port ${port}`]);
  },
  async apply(session) {
    const { port, isRunning, found, config } = await look(session);
    if (isRunning) {
      session.updateNode({ agentPort: port });
      return { state: 'unchanged', detail: `The agent runs on port ${port} from the same software and configuration.` };
    }
    const ready = await startOnPort(session, port, found.exitWithPid, config);
    session.updateNode({ agentPort: ready.port });
    return { state: 'changed', detail: `Started agent ${printable(ready.agentVersion)} on port ${ready.port}.` };
  },
  remove: null,
};

async function look(session: NodeSession) {
  const found = await inspect(session);
  const port = await choosePort(session, session.node.agentPort);
  const config = encodeConfig(session, port, found.exitWithPid);
  const isRunning = found.isCurrent && found.config === config && (await isAnswering(session, port));
  return { found, port, config, isRunning };
}

async function inspect(session: NodeSession): Promise<Found> {
  const text = await session.run(
    'tell the state of its agent',
    [
      `printf 'pid=%s\\n' "$DEDGEAI_EXIT_WITH_PID"`,
      `cd ${INSTALL_DIR} 2>/dev/null || { echo current=no; exit 0; }`,
      FINGERPRINT_SHELL_FUNCTION,
      `if [ -s agent.started ] && [ "$(fingerprint 2>/dev/null)" = "$(cat agent.started)" ]; then echo current=yes; else echo current=no; fi`,
      `cat config.json 2>/dev/null || :`,
    ].join('\n'),
    { maxOutputBytes: 64 * 1024 },
  );
  const match = /^pid=(\d{0,10})\ncurrent=(yes|no)\n(.*)$/s.exec(text);
  const pid = Number(match?.[1] ?? '');
  // Only virtual nodes live and die with a process of this machine.
  const exitWithPid = session.node.kind === 'virtual' && pid > 1 ? pid : null;
  return { config: match?.[3] ?? '', exitWithPid, isCurrent: match?.[2] === 'yes' };
}

/** A virtual node keeps the port it has; a new one gets one that is free on this machine. */
async function choosePort({ node }: NodeSession, known: number | null): Promise<number> {
  if (known !== null) return known;
  return node.kind === 'virtual' ? findFreePort(node.host, null) : DEFAULT_AGENT_PORT;
}

function encodeConfig(session: NodeSession, port: number, exitWithPid: number | null): string {
  return encodeAgentConfig(agentConfigFor({ testbed: session.testbed, node: session.node, port, exitWithPid }));
}

async function isAnswering(session: NodeSession, port: number): Promise<boolean> {
  const { node, testbed, tools, signal } = session;
  const client = connectAgent({ nodeId: node.id, host: node.host, port, identity: await tools.identities.controlCenter(testbed.id) });
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

/** On a virtual node whose port was taken in the meantime, tries once more on another one. */
async function startOnPort(session: NodeSession, port: number, exitWithPid: number | null, config: string): Promise<ReadyLine> {
  await pushBytes(session.connection, {
    bytes: Buffer.from(config),
    remotePath: `${INSTALL_DIR}/config.json`,
    mode: 0o600,
    signal: session.signal,
  });
  const result = await session.attempt(`/bin/sh ${INSTALL_DIR}/start-agent.sh`, { timeoutMs: START_TIMEOUT_MS });
  if (result.code === 0) return parseReadyLine(session.node.name, result.stdout);
  if (result.code !== PORT_IN_USE_STATUS) throw session.commandError('start its agent', result);
  if (session.node.kind === 'virtual') {
    const other = await findFreePort(session.node.host, null);
    if (other !== port) return startOnPort(session, other, exitWithPid, encodeConfig(session, other, exitWithPid));
  }
  throw new AppError(
    'conflict',
    `Port ${port} of node "${session.node.name}" is taken by another program.`,
    'Add the node with another agent port, or stop what listens there.',
  );
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
