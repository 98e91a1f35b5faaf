// One HTTP/2 connection to an agent with a node's certificate, which a test keeps in its hand: calls on it, and its end.
import { type ClientHttp2Session, connect } from 'node:http2';

import type { ClientIdentity } from '../../src/main/adapters/agents/agent-client.js';
import { nodeServerName } from '../../src/shared/agent-config.js';
import type { TestAgent } from './agents.js';

export class PeerConnection {
  readonly session: ClientHttp2Session;
  /** Resolves when the connection has ended, by whom ever. */
  readonly ended: Promise<void>;

  constructor(agent: Pick<TestAgent, 'nodeId' | 'port'>, identity: ClientIdentity) {
    this.session = connect(`https://127.0.0.1:${agent.port}`, {
      ca: identity.caPem,
      cert: identity.certificatePem,
      key: identity.privateKeyPem,
      servername: nodeServerName(agent.nodeId),
      minVersion: 'TLSv1.3',
    });
    this.session.on('error', () => undefined);
    this.ended = new Promise((resolve) => this.session.once('close', () => resolve()));
  }

  /** Calls a method without a message. Returns the HTTP status and the body; status 0 when the connection ended instead. */
  call(method: string): Promise<{ status: number; text: string }> {
    return new Promise((resolve) => {
      if (this.session.destroyed) {
        resolve({ status: 0, text: '' });
        return;
      }
      const path = `/dedgeai.agent.v1.PeerService/${method}`;
      const stream = this.session.request({
        ':method': 'POST',
        ':path': path,
        'content-type': 'application/json',
        'connect-protocol-version': '1',
      });
      let [status, text] = [0, ''];
      stream.on('response', (headers) => (status = headers[':status'] ?? 0));
      stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      stream.on('error', () => undefined);
      stream.on('close', () => resolve({ status, text }));
      stream.end('{}');
    });
  }

  close(): void {
    this.session.destroy();
  }
}
