import { createHash } from 'node:crypto';
import { pushBytes, SHA256_SHELL_FUNCTION } from '../../ssh/push-bytes.js';
import { INSTALL_DIR } from '../agent-config-for.js';
import { START_AGENT_SCRIPT, STOP_AGENT_SCRIPT } from '../agent-scripts.js';
import type { NodeSession, StepOutcome } from '../node-session.js';

/** Puts the agent's bundle and its two scripts on the node, each unless the same bytes are there. */
export async function agentStep(session: NodeSession): Promise<StepOutcome> {
  const bundle = await session.tools.loadBundle();
  const files = [
    { name: 'agent.mjs', bytes: bundle.bytes, mode: 0o600 },
    { name: 'start-agent.sh', bytes: Buffer.from(START_AGENT_SCRIPT), mode: 0o700 },
    { name: 'stop-agent.sh', bytes: Buffer.from(STOP_AGENT_SCRIPT), mode: 0o700 },
  ];
  const hashes = await session.run(
    'tell its software',
    [
      SHA256_SHELL_FUNCTION,
      ...files.map(({ name }) => `if [ -f ${INSTALL_DIR}/${name} ]; then echo "${name} $(sha256 < ${INSTALL_DIR}/${name})"; fi`),
    ].join('\n'),
  );
  const installed = new Set(hashes.split('\n'));
  const missing = files.filter(({ name, bytes }) => !installed.has(`${name} ${createHash('sha256').update(bytes).digest('hex')}`));
  for (const { name, bytes, mode } of missing) {
    session.log(`Sending ${name}, ${Math.ceil(bytes.length / 1024)} KiB`);
    await pushBytes(session.connection, { bytes, remotePath: `${INSTALL_DIR}/${name}`, mode, signal: session.signal });
  }
  const version = `SHA-256 ${bundle.sha256.slice(0, 12)}…`;
  if (missing.length === 0) return { state: 'unchanged', detail: `The node has this agent bundle already (${version}).` };
  return { state: 'changed', detail: `Sent ${missing.map(({ name }) => name).join(', ')} (${version}).` };
}
