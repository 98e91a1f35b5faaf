// The API over WebSocket: tRPC's own protocol, for requests that carry a session.
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { applyWSSHandler } from '@trpc/server/adapters/ws';
import { WebSocketServer } from 'ws';
import { appRouter } from '../../api/router.js';
import type { Services } from '../../api/services.js';
import { findForeignOrigin } from './check-origin.js';
import type { Sessions } from './sessions.js';

/** Files are uploaded over HTTP; an API message is small. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;
const PING_MS = 15_000;
const PONG_WAIT_MS = 10_000;

export interface ApiSocketOptions {
  server: Server;
  port: number;
  sessions: Sessions;
  services: Services;
}

/** Serves the API at /trpc; returns the function that ends every connection. */
export function serveApiSocket({ server, port, sessions, services }: ApiSocketOptions): () => void {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });
  applyWSSHandler({
    wss: sockets,
    router: appRouter,
    createContext: () => ({ services }),
    keepAlive: { enabled: true, pingMs: PING_MS, pongWaitMs: PONG_WAIT_MS },
  });

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const pathname = (request.url ?? '').split('?')[0];
    if (findForeignOrigin(request, port)) return refuse(socket, '403 Forbidden');
    if (!sessions.isOpen(request.headers.cookie)) return refuse(socket, '401 Unauthorized');
    if (pathname !== '/trpc') return refuse(socket, '404 Not Found');
    sockets.handleUpgrade(request, socket, head, (client) => sockets.emit('connection', client, request));
  });

  return () => {
    for (const client of sockets.clients) client.terminate();
    sockets.close();
  };
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}
