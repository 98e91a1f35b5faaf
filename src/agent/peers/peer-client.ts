// Calls to one other agent: RPC over HTTP/2 and images over HTTPS, both on mutual TLS 1.3. Failures come out as thrown ConnectErrors.
import { createHash } from 'node:crypto';
import { Agent, request } from 'node:https';

import { type Client, createClient } from '@connectrpc/connect';
import { createConnectTransport, Http2SessionManager } from '@connectrpc/connect-node';

import { nodeServerName } from '../../shared/agent-config.js';
import { PeerService } from '../../shared/rpc/gen/agent_pb.js';
import type { TlsMaterial } from '../load-config.js';
import { MAX_MESSAGE_BYTES } from '../rpc/limits.js';

/** Larger images are refused; a 2048 x 2048 PNG of noise has 12 MiB. */
const MAX_IMAGE_BYTES = 32 * 1024 * 1024;
/** Real milliseconds without a byte before a transfer counts as lost. */
const STALL_TIMEOUT_MS = 10_000;
/** Real milliseconds: a connection that was silent for so long proves by a ping that it lives before it is used again. */
const PING_INTERVAL_MS = 5_000;
const PING_TIMEOUT_MS = 2_000;

export interface PeerAddress {
  nodeId: string;
  host: string;
  port: number;
}

export interface PeerClient {
  readonly rpc: Client<typeof PeerService>;
  /** One image by content hash; throws when it is too large, absent or not what the hash says. */
  fetchImage(sha256: string): Promise<Buffer>;
  close(): void;
}

/** Makes a client that connects at its first call; the peer must prove to be `address.nodeId` by its certificate. */
export function createPeerClient(address: PeerAddress, material: TlsMaterial): PeerClient {
  const tls = {
    ca: material.caPem,
    cert: material.certificatePem,
    key: material.privateKeyPem,
    servername: nodeServerName(address.nodeId),
    minVersion: 'TLSv1.3' as const,
  };
  const baseUrl = `https://${address.host.includes(':') ? `[${address.host}]` : address.host}:${address.port}`;
  const sessions = new Http2SessionManager(baseUrl, { pingIntervalMs: PING_INTERVAL_MS, pingTimeoutMs: PING_TIMEOUT_MS }, tls);
  const transport = createConnectTransport({
    httpVersion: '2',
    baseUrl,
    sessionManager: sessions,
    acceptCompression: [],
    readMaxBytes: MAX_MESSAGE_BYTES,
    useBinaryFormat: true,
  });
  const httpsAgent = new Agent({ ...tls, keepAlive: true, maxSockets: 4 });
  return {
    rpc: createClient(PeerService, transport),
    async fetchImage(sha256) {
      const bytes = await download({ ...address, agent: httpsAgent, path: `/images/${sha256}` });
      const actual = createHash('sha256').update(bytes).digest('hex');
      if (actual !== sha256) throw new Error(`The image from ${address.nodeId} arrived damaged: hash ${actual} instead of ${sha256}.`);
      return bytes;
    },
    close: () => {
      sessions.abort();
      httpsAgent.destroy();
    },
  };
}

function download(target: PeerAddress & { agent: Agent; path: string }): Promise<Buffer> {
  const { nodeId, host, port, agent, path } = target;
  return new Promise((resolve, reject) => {
    const outgoing = request({ host, port, path, agent, timeout: STALL_TIMEOUT_MS }, (response) => {
      if (response.statusCode !== 200) {
        response.resume();
        reject(new Error(`Peer ${nodeId} answered ${response.statusCode} for ${path}.`));
        return;
      }
      const chunks: Buffer[] = [];
      let sizeBytes = 0;
      response.on('data', (chunk: Buffer) => {
        sizeBytes += chunk.length;
        if (sizeBytes > MAX_IMAGE_BYTES) fail(new Error(`The image from ${nodeId} exceeds ${MAX_IMAGE_BYTES} bytes.`));
        else chunks.push(chunk);
      });
      response.on('end', () => resolve(Buffer.concat(chunks)));
      response.on('error', reject);
    });
    // Destroyed without the error: a socket that is already back in the pool would emit it to nobody.
    const fail = (error: Error): void => {
      reject(error);
      outgoing.destroy();
    };
    outgoing.on('timeout', () => fail(new Error(`Peer ${nodeId} stopped sending ${path}.`)));
    outgoing.on('error', reject);
    outgoing.end();
  });
}
