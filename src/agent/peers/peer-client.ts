// Calls to one other agent: RPC over HTTP/2 and images over HTTPS, both on mutual TLS 1.3. Failures come out as thrown ConnectErrors.
import { createHash } from 'node:crypto';
import { Agent } from 'node:https';

import { type Client, createClient } from '@connectrpc/connect';
import { createConnectTransport, Http2SessionManager } from '@connectrpc/connect-node';

import { agentUrl, CALLER_SETTINGS } from '../../shared/rpc/connection-settings.js';
import { PeerService } from '../../shared/rpc/gen/agent_pb.js';
import type { LocalIdentity } from '../trust/local-identity.js';
import { clientTls } from './client-tls.js';
import { download } from './download.js';
import { uploadPicture } from './upload-picture.js';

/** Larger images are refused; a 2048 x 2048 PNG of noise has 12 MiB. */
const MAX_IMAGE_BYTES = 32 * 1024 * 1024;
/** Real milliseconds for one image. */
const IMAGE_TIMEOUT_MS = 60_000;

export interface PeerAddress {
  nodeId: string;
  host: string;
  port: number;
}

export interface PeerClient {
  readonly rpc: Client<typeof PeerService>;
  /** Ends the connections, and makes new ones at the next call: the old may be dead without anyone saying so. */
  reset(): void;
  /** One image by content hash; throws when it is too large, absent or not what the hash says. */
  fetchImage(sha256: string): Promise<Buffer>;
  /** Sees to it that the peer has an input picture; throws when it does not take it. */
  putPicture(sha256: string, bytes: Uint8Array): Promise<void>;
  close(): void;
}

/**
 * Makes a client that connects at its first call; the peer must prove to be `address.nodeId` by its certificate. Calls that start after a
 * renewal of the own certificate show the new one; those under way end on the connection that they started on.
 */
export function createPeerClient(address: PeerAddress, identity: LocalIdentity): PeerClient {
  const baseUrl = agentUrl(address);
  const open = (): { sessions: Http2SessionManager; rpc: Client<typeof PeerService>; httpsAgent: Agent } => {
    const tls = clientTls(identity.material, address.nodeId);
    // Without pings of its own: the manager leaves connections behind whose ping may end the process. A dead one is found by failed calls.
    const sessions = new Http2SessionManager(baseUrl, {}, tls);
    const transport = createConnectTransport({ ...CALLER_SETTINGS, baseUrl, sessionManager: sessions });
    return { sessions, rpc: createClient(PeerService, transport), httpsAgent: new Agent({ ...tls, keepAlive: true, maxSockets: 4 }) };
  };
  let current = open();
  const end = (): void => {
    current.sessions.abort();
    current.httpsAgent.destroy();
  };
  // What the old connections are used for ends by itself, and they with it when they have been idle.
  const stopRenewing = identity.onRenewal(() => (current = open()));
  return {
    get rpc() {
      return current.rpc;
    },
    async fetchImage(sha256) {
      const path = `/images/${sha256}`;
      const { httpsAgent } = current;
      const bytes = await download({ ...address, agent: httpsAgent, path, maxBytes: MAX_IMAGE_BYTES, totalTimeoutMs: IMAGE_TIMEOUT_MS });
      const actual = createHash('sha256').update(bytes).digest('hex');
      if (actual !== sha256) throw new Error(`The image from ${address.nodeId} arrived damaged: hash ${actual} instead of ${sha256}.`);
      return bytes;
    },
    putPicture: (sha256, bytes) => uploadPicture({ ...address, agent: current.httpsAgent, sha256, bytes }),
    reset: () => {
      end();
      current = open();
    },
    close: () => {
      stopRenewing();
      end();
    },
  };
}
