import { nothingToDo, type ProvisioningStep } from '../provision-step.js';
import type { NodeSession } from '../node-session.js';

/** Opens the SSH session that the other steps use. */
export const connectStep: ProvisioningStep = {
  async inspect(session) {
    return nothingToDo(`Connected as ${session.node.user}; ${await openSession(session)} is the one on record.`);
  },
  async apply(session) {
    const wasKnown = session.tools.connector.hostKeySource(session.node) !== null;
    const key = await openSession(session);
    const { node, tools } = session;
    return wasKnown
      ? { state: 'unchanged', detail: `Connected as ${node.user}; ${key} is the one on record.` }
      : { state: 'changed', detail: `Connected as ${node.user}; ${key} recorded ${tools.connector.hostKeySource(node)}.` };
  },
  remove: null,
};

async function openSession(session: NodeSession): Promise<string> {
  const { hostKey } = await session.open();
  return `host key ${hostKey.fingerprint} (${hostKey.keyType})`;
}
