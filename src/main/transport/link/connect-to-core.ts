// A terminal's way to the core of an open window.
import { WebSocket } from 'ws';
import type { ClientMessage, CoreMessage, Connection } from '../../../shared/api/call-protocol.js';
import type { CoreEndpoint } from '../../../shared/core-process-messages.js';
import { CALLS_PATH } from './core-paths.js';
import { authorizationOf } from './core-token.js';
import { socketConnection } from './socket-connection.js';

const HANDSHAKE_MS = 5000;

/** Rejects when nothing answers there, which is how a core that was killed is told from one that runs. */
export function connectToCore({ socketPath, token }: CoreEndpoint): Promise<Connection<ClientMessage, CoreMessage>> {
  const socket = new WebSocket(`ws+unix:${socketPath}:${CALLS_PATH}`, {
    headers: { authorization: authorizationOf(token) },
    handshakeTimeout: HANDSHAKE_MS,
    perMessageDeflate: false,
  });
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('open', () => {
      socket.off('error', reject);
      resolve(socketConnection(socket));
    });
  });
}
