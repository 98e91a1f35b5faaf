// The core's own door for programs of the same user on the same machine: a Unix socket in a folder of mode 0700 (a named pipe on Windows).
// Assets are plain HTTP, streamed both ways; /calls is a WebSocket with the call protocol. Every request shows the token.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { CoreEndpoint } from '../../../shared/core-process-messages.js';
import { AppError } from '../../../shared/errors.js';
import { handleAsset } from '../../api/handle-asset.js';
import { hasToken } from '../link/core-token.js';
import { CALLS_PATH } from '../link/core-paths.js';
import { socketConnection } from '../link/socket-connection.js';
import type { Services } from '../../api/services.js';
import { serveCalls } from './serve-calls.js';
import { sendWebResponse, toWebRequest } from './web-messages.js';

/** Files go over HTTP; an API message is small. */
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

export interface CoreSocket {
  endpoint: CoreEndpoint;
  /** Ends every connection and removes the socket. */
  close(): void;
}

export interface CoreSocketOptions {
  services: Services;
  onProblem(message: string): void;
  platform?: NodeJS.Platform;
}

/** Starts to listen. Throws `io` where no socket can be made. */
export async function openCoreSocket({ services, onProblem, platform = process.platform }: CoreSocketOptions): Promise<CoreSocket> {
  const token = randomBytes(32).toString('base64url');
  const socket = makeSocketPath(platform);
  const server = createServer((request, response) => void answer(request, response, { services, token }));
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    if (!hasToken(request.headers.authorization, token)) return refuse(socket, '401 Unauthorized');
    if (request.url !== CALLS_PATH) return refuse(socket, '404 Not Found');
    sockets.handleUpgrade(request, socket, head, (client) => serveCalls(socketConnection(client), services, onProblem));
  });
  try {
    await listen(server, socket.path);
  } catch (cause) {
    socket.remove();
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new AppError(
      'io',
      `The program's socket ${socket.path} cannot be opened: ${message}`,
      'Set TMPDIR to a folder on a local disk.',
      {
        cause,
      },
    );
  }
  return {
    endpoint: { socketPath: socket.path, token },
    close() {
      for (const client of sockets.clients) client.terminate();
      sockets.close();
      server.close();
      server.closeAllConnections();
      socket.remove();
    },
  };
}

/** Socket paths are at most about 100 bytes long: a folder of its own among the temporary ones, not the data folder. */
function makeSocketPath(platform: NodeJS.Platform): { path: string; remove(): void } {
  if (platform === 'win32') {
    return { path: `\\\\.\\pipe\\dedgeai-${randomBytes(12).toString('hex')}`, remove: () => undefined };
  }
  const folder = mkdtempSync(join(tmpdir(), 'dedgeai-'));
  return { path: join(folder, 'core.sock'), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { services, token }: { services: Services; token: string },
): Promise<void> {
  if (!hasToken(request.headers.authorization, token)) {
    response.writeHead(401).end();
    return;
  }
  let answered: Response | null;
  try {
    answered = await handleAsset(toWebRequest(request, 'dedgeai://app'), services);
  } catch {
    answered = new Response(null, { status: 400 });
  }
  await sendWebResponse(answered ?? new Response(null, { status: 404 }), response, {});
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}
