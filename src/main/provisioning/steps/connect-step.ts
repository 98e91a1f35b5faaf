import type { NodeSession, StepOutcome } from '../node-session.js';

/** Opens the SSH session that the other steps use. */
export async function connectStep(session: NodeSession): Promise<StepOutcome> {
  const { node, tools } = session;
  const wasKnown = tools.connector.hostKeySource(node) !== null;
  const { hostKey } = await session.open();
  const key = `host key ${hostKey.fingerprint} (${hostKey.keyType})`;
  return wasKnown
    ? { state: 'unchanged', detail: `Connected as ${node.user}; ${key} is the one on record.` }
    : { state: 'changed', detail: `Connected as ${node.user}; ${key} recorded ${tools.connector.hostKeySource(node)}.` };
}
