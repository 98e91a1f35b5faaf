// The agent's one port: HTTP/2 (RPC) and HTTP/1.1 (images) over TLS 1.3, for the control center and the nodes of the roster only.
import { createSecureServer, type Http2SecureServer, type ServerHttp2Session } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';

import { type ConnectRouter, createContextValues } from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';

import { AppError } from '../../shared/errors.js';
import { MAX_MESSAGE_BYTES } from '../../shared/rpc/connection-settings.js';
import type { TlsMaterial } from '../load-config.js';
import { type AgentLog, describeThrown } from '../log.js';
import type { ResultStore } from '../results/result-store.js';
import type { LocalIdentity } from '../trust/local-identity.js';
import type { RosterKeeper } from '../trust/roster-keeper.js';
import { authorize, callerKey } from './authorize.js';
import { callerOfRequest } from './caller.js';
import { ConnectionGuard } from './connection-guard.js';
import { serveImage } from './image-route.js';
import { HANDSHAKE_TIMEOUT_MS, HEADERS_TIMEOUT_MS, IDLE_TIMEOUT_MS, MAX_STREAMS, REQUEST_TIMEOUT_MS, TIMEOUT_CHECK_MS } from './limits.js';
import type { NodeRequest, NodeResponse } from './node-http.js';
import { guardRequests } from './request-guard.js';
import { SparingLog } from './sparing-log.js';

export interface AgentServerOptions {
  listen: { host: string; port: number };
  identity: LocalIdentity;
  roster: RosterKeeper;
  routes: (router: ConnectRouter) => void;
  results: ResultStore;
  /** Answer requests for blocks of models, and about input pictures; each resolves with false for any other. */
  byteRoutes: readonly ((request: NodeRequest, response: NodeResponse) => Promise<boolean>)[];
  log: AgentLog;
}

export interface AgentServer {
  readonly port: number;
  /** Releases the port and ends all connections. */
  close(): Promise<void>;
}

/** Listens; throws AppError conflict when the port is taken, invalid-input when address or certificates can't be used. */
export async function startAgentServer(options: AgentServerOptions): Promise<AgentServer> {
  const { listen, identity, roster, results, byteRoutes, log } = options;
  const sparingLog = new SparingLog(log);
  const guard = new ConnectionGuard({ isListed: (nodeId) => roster.includes(nodeId), log: sparingLog });
  const handleRpc = connectNodeAdapter({
    routes: options.routes,
    interceptors: [authorize],
    contextValues: (request) => createContextValues().set(callerKey, callerOfRequest(request)?.caller.identity ?? { kind: 'stranger' }),
    acceptCompression: [],
    readMaxBytes: MAX_MESSAGE_BYTES,
    fallback: (request, response) => {
      const answer = async (): Promise<void> => {
        for (const serve of byteRoutes) if (await serve(request, response)) return;
        await serveImage(results, request, response);
      };
      answer().catch((thrown: unknown) => {
        log.warn('bytes not served', { reason: describeThrown(thrown) });
        response.destroy();
      });
    },
  });
  const server = createServer(identity.material);
  server.on('request', guardRequests(handleRpc, sparingLog));
  guardConnections(server, guard);
  const stopRenewing = identity.onRenewal((material) => server.setSecureContext(secureContextOf(material)));
  roster.onChange(() => guard.endUnlisted());
  server.on('tlsClientError', (error) => sparingLog.info('connection refused', 'stranger', { reason: describeThrown(error) }));

  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(toListenError(error, listen)));
    server.listen(listen.port, listen.host, resolve);
  });
  server.on('error', (error) => log.warn('server error', { reason: describeThrown(error) }));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        stopRenewing();
        server.close(() => resolve());
        guard.endAll();
      }),
  };
}

function createServer(material: TlsMaterial): Http2SecureServer {
  try {
    const server = createSecureServer({
      ...secureContextOf(material),
      requestCert: true,
      rejectUnauthorized: true,
      allowHTTP1: true,
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      settings: { maxConcurrentStreams: MAX_STREAMS },
      ...{ headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS, connectionsCheckingInterval: TIMEOUT_CHECK_MS },
    });
    // A session that is closed lets its streams finish; of HTTP/1.1 there is a socket, and what it waits for does not come.
    server.setTimeout(IDLE_TIMEOUT_MS, ((idle: ServerHttp2Session | Socket) => {
      if ('goaway' in idle) idle.close();
      else idle.destroy();
    }) as () => void);
    return server;
  } catch (thrown) {
    throw new AppError('invalid-input', `The agent's certificates can't be used: ${describeThrown(thrown)}.`, 'Provision the node again.', {
      cause: thrown,
    });
  }
}

function secureContextOf({ caPem, certificatePem, privateKeyPem }: TlsMaterial) {
  return { ca: caPem, cert: certificatePem, key: privateKeyPem, minVersion: 'TLSv1.3' as const };
}

/** HTTP starts only on connections that the guard lets in: its own listener is called after it instead of beside it. */
function guardConnections(server: Http2SecureServer, guard: ConnectionGuard): void {
  const [serve] = server.listeners('secureConnection') as ((socket: TLSSocket) => void)[];
  if (!serve) throw new Error('The server of HTTP/2 does not listen for TLS connections');
  server.on('connection', (socket: Socket) => guard.start(socket));
  server.removeAllListeners('secureConnection');
  server.on('secureConnection', (socket: TLSSocket) => {
    if (guard.admit(socket)) serve.call(server, socket);
  });
}

function toListenError(error: NodeJS.ErrnoException, listen: { host: string; port: number }): AppError {
  const where = `${listen.host}:${listen.port}`;
  if (error.code === 'EADDRINUSE') {
    const hint = 'Another agent may still run there; stop it or choose another port.';
    return new AppError('conflict', `Port ${where} is already in use.`, hint, { cause: error });
  }
  return new AppError('invalid-input', `The agent can't listen on ${where}: ${error.message}.`, 'Check the listen address.', {
    cause: error,
  });
}
