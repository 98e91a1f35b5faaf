import { createHash } from 'node:crypto';
import { pushBytes, SHA256_SHELL_FUNCTION } from '../../../../adapters/ssh/push-bytes.js';
import { INSTALL_DIR } from '../agent-config-for.js';
import { RUN_AGENT_SCRIPT, START_AGENT_SCRIPT, STOP_AGENT_SCRIPT, SUPERVISE_AGENT_SCRIPT } from '../agent-scripts.js';
import type { NodeSession } from '../node-session.js';
import { nothingToDo, type ProvisioningStep, toChange } from '../provision-step.js';
import { removePaths } from '../remove-paths.js';

interface AgentFile {
  name: string;
  bytes: Uint8Array;
  mode: number;
}

/** What is beside the files that the step sends: what a running agent writes. */
const WRITTEN_BY_AGENT = [
  'config.json',
  'config.json.part',
  'node-path',
  'node-path.part',
  'results',
  'cuda-cache',
  'agent.log',
  'agent.log.1',
  'agent.pid',
  'agent.ready',
  'agent.started',
  'agent.exit',
  'supervisor.pid',
];

/** Puts the agent's bundle and its scripts on the node, each unless the same bytes are there. */
export const agentStep: ProvisioningStep = {
  async inspect(session) {
    const missing = await findMissing(session, await listFiles(session));
    const version = await describeVersion(session);
    if (missing.length === 0) return nothingToDo(`The node has this agent bundle already (${version}).`);
    return toChange(`The node has not all of this program's agent (${version}).`, missing.map(describeFile));
  },
  async apply(session) {
    await session.run('make its folder', `umask 077; mkdir -p ${INSTALL_DIR} && chmod 700 ${INSTALL_DIR}`);
    const missing = await findMissing(session, await listFiles(session));
    for (const file of missing) {
      session.log(`Sending ${describeFile(file)}`);
      const { name, bytes, mode } = file;
      await pushBytes(session.connection, { bytes, remotePath: `${INSTALL_DIR}/${name}`, mode, signal: session.signal });
    }
    const version = await describeVersion(session);
    if (missing.length === 0) return { state: 'unchanged', detail: `The node has this agent bundle already (${version}).` };
    return { state: 'changed', detail: `Sent ${missing.map(({ name }) => name).join(', ')} (${version}).` };
  },
  async remove(session) {
    const names = [...(await listFiles(session)).flatMap(({ name }) => [name, `${name}.part`]), ...WRITTEN_BY_AGENT];
    return removePaths(session, { what: 'the agent', paths: names.map((name) => `${INSTALL_DIR}/${name}`) });
  },
};

async function listFiles(session: NodeSession): Promise<AgentFile[]> {
  const bundle = await session.tools.loadBundle();
  return [
    { name: 'agent.mjs', bytes: bundle.bytes, mode: 0o600 },
    { name: 'run-agent.sh', bytes: Buffer.from(RUN_AGENT_SCRIPT), mode: 0o700 },
    { name: 'supervise-agent.sh', bytes: Buffer.from(SUPERVISE_AGENT_SCRIPT), mode: 0o700 },
    { name: 'start-agent.sh', bytes: Buffer.from(START_AGENT_SCRIPT), mode: 0o700 },
    { name: 'stop-agent.sh', bytes: Buffer.from(STOP_AGENT_SCRIPT), mode: 0o700 },
  ];
}

async function findMissing(session: NodeSession, files: readonly AgentFile[]): Promise<AgentFile[]> {
  const hashes = await session.run(
    'report its software',
    [
      SHA256_SHELL_FUNCTION,
      ...files.map(({ name }) => `if [ -f ${INSTALL_DIR}/${name} ]; then echo "${name} $(sha256 < ${INSTALL_DIR}/${name})"; fi`),
    ].join('\n'),
  );
  const installed = new Set(hashes.split('\n'));
  return files.filter(({ name, bytes }) => !installed.has(`${name} ${createHash('sha256').update(bytes).digest('hex')}`));
}

async function describeVersion(session: NodeSession): Promise<string> {
  return `SHA-256 ${(await session.tools.loadBundle()).sha256.slice(0, 12)}…`;
}

function describeFile({ name, bytes }: AgentFile): string {
  return `~/${INSTALL_DIR}/${name}, ${Math.ceil(bytes.length / 1024)} KiB`;
}
