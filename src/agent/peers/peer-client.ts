// Calls to one other agent: RPC over HTTP/2 and images over HTTPS, both on mutual TLS 1.3. Failures come out as thrown ConnectErrors.
import { createHash } from 'node:crypto';
import { Agent } from 'node:https';

import { type Client, createClient } from '@connectrpc/connect';
import { createConnectTransport, Http2SessionManager } from '@connectrpc/connect-node';

import { nodeServerName } from '../../shared/agent-config.js';
import { PeerService } from '../../shared/rpc/gen/agent_pb.js';
import type { TlsMaterial } from '../load-config.js';
import { MAX_MESSAGE_BYTES } from '../rpc/limits.js';
import { download } from './download.js';

/** Larger images are refused; a 2048 x 2048 PNG of noise has 12 MiB. */
const MAX_IMAGE_BYTES = 32 * 1024 * 1024;
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
      const bytes = await download({ ...address, agent: httpsAgent, path: `/images/${sha256}`, maxBytes: MAX_IMAGE_BYTES });
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
