// The agent's one port: HTTP/2 (RPC) and HTTP/1.1 (images) over TLS 1.3, for holders of a certificate of the testbed only.
import { createSecureServer } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';

import { type ConnectRouter, createContextValues } from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';

import { AppError } from '../../shared/errors.js';
import type { TlsMaterial } from '../load-config.js';
import { type AgentLog, describeThrown } from '../log.js';
import type { ResultStore } from '../results/result-store.js';
import { authorise, callerKey } from './authorise.js';
import { serveImage } from './image-route.js';
import { MAX_MESSAGE_BYTES } from './limits.js';
import type { NodeHandler, NodeRequest, NodeResponse } from './node-http.js';
import { identifyCaller } from './peer-identity.js';

export interface AgentServerOptions {
  listen: { host: string; port: number };
  tls: TlsMaterial;
  routes: (router: ConnectRouter) => void;
  results: ResultStore;
  /** Answers requests for blocks of models; resolves with false for any other. */
  serveBlock: (request: NodeRequest, response: NodeResponse) => Promise<boolean>;
  log: AgentLog;
}

export interface AgentServer {
  readonly port: number;
  /** Releases the port and ends all connections. */
  close(): Promise<void>;
}

/** Listens; throws AppError conflict when the port is taken, invalid-input when address or certificates can't be used. */
export async function startAgentServer(options: AgentServerOptions): Promise<AgentServer> {
  const { listen, tls, results, serveBlock, log } = options;
  const handleRpc = connectNodeAdapter({
    routes: options.routes,
    interceptors: [authorise],
    contextValues: (request) => createContextValues().set(callerKey, identifyCaller(request)),
    acceptCompression: [],
    readMaxBytes: MAX_MESSAGE_BYTES,
    fallback: (request, response) => {
      const answer = async (): Promise<void> => {
        if (!(await serveBlock(request, response))) await serveImage(results, request, response);
      };
      answer().catch((thrown: unknown) => {
        log.warn('bytes not served', { reason: describeThrown(thrown) });
        response.destroy();
      });
    },
  });
  const server = createServer(tls, handleRpc);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', (error) => log.info('connection refused', { reason: describeThrown(error) }));

  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(toListenError(error, listen)));
    server.listen(listen.port, listen.host, resolve);
  });
  server.on('error', (error) => log.warn('server error', { reason: describeThrown(error) }));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function createServer(tls: TlsMaterial, onRequest: NodeHandler) {
  try {
    return createSecureServer(
      {
        ca: tls.caPem,
        cert: tls.certificatePem,
        key: tls.privateKeyPem,
        requestCert: true,
        rejectUnauthorized: true,
        minVersion: 'TLSv1.3',
        allowHTTP1: true,
      },
      onRequest,
    );
  } catch (thrown) {
    throw new AppError('invalid-input', `The agent's certificates can't be used: ${describeThrown(thrown)}.`, 'Provision the node again.', {
      cause: thrown,
    });
  }
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
