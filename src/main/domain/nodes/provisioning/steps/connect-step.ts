import type { SshConnection } from '../../../../adapters/ssh/ssh-connection.js';
import { nothingToDo, type ProvisioningStep } from '../provision-step.js';

/** Opens the SSH session that the other steps use. */
export const connectStep: ProvisioningStep = {
  async inspect(session) {
    const outcome = await session.open();
    if (outcome.kind !== 'connected') return outcome;
    return nothingToDo(`Connected as ${session.node.user}; ${describeKey(outcome.connection)} is the one on record.`);
  },
  async apply(session) {
    const { node, tools } = session;
    const wasKnown = tools.connector.hostKeyRecord(node) !== null;
    const outcome = await session.open();
    if (outcome.kind !== 'connected') return outcome;
    const key = describeKey(outcome.connection);
    return wasKnown
      ? { state: 'unchanged', detail: `Connected as ${node.user}; ${key} is the one on record.` }
      : { state: 'changed', detail: `Connected as ${node.user}; ${key} recorded ${tools.connector.hostKeyRecord(node)?.source ?? ''}.` };
  },
  remove: null,
};

function describeKey({ hostKey }: SshConnection): string {
  return `host key ${hostKey.fingerprint} (${hostKey.keyType})`;
}
