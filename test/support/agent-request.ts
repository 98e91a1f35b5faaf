// One GET to an agent with a certificate of the test's choice.
import { request } from 'node:https';
import { nodeServerName } from '../../src/shared/agent-config.js';
import type { ClientIdentity } from '../../src/main/adapters/agents/agent-client.js';
import type { TestAgent } from './agents.js';

/** Rejects when the agent ends the connection. `caPem` is the authority the agent is expected to be of; the identity's own when absent. */
export function requestFromAgent(
  agent: Pick<TestAgent, 'nodeId' | 'port'>,
  identity: ClientIdentity,
  path: string,
  caPem: string = identity.caPem,
): Promise<{ status: number; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: '127.0.0.1',
        port: agent.port,
        path,
        ca: caPem,
        cert: identity.certificatePem,
        key: identity.privateKeyPem,
        servername: nodeServerName(agent.nodeId),
        minVersion: 'TLSv1.3',
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) }));
        response.on('error', reject);
      },
    );
    outgoing.on('error', reject);
    outgoing.end();
  });
}
