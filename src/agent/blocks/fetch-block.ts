// Blocks of model files from other agents over HTTPS on the testbed's certificates.
import { createHash } from 'node:crypto';
import { Agent } from 'node:https';

import { nodeServerName } from '../../shared/agent-config.js';
import type { TlsMaterial } from '../load-config.js';
import { download } from '../peers/download.js';
import type { PeerAddress } from '../peers/peer-client.js';

/** Connections to one peer at once. */
const MAX_SOCKETS = 4;

export interface WantedBlock {
  fileSha256: string;
  index: number;
  sha256: Uint8Array;
  lengthBytes: number;
}

export class BlockFetcher {
  readonly #tls: TlsMaterial;
  readonly #agents = new Map<string, Agent>();

  constructor(tls: TlsMaterial) {
    this.#tls = tls;
  }

  /** The block's bytes, verified. Throws when the peer can't be reached, has it not, or sends something else. */
  async fetch(peer: PeerAddress, block: WantedBlock, signal: AbortSignal): Promise<Buffer> {
    const hash = createHash('sha256');
    const bytes = await download({
      ...peer,
      agent: this.#agentOf(peer),
      path: `/blocks/${block.fileSha256}/${block.index}`,
      maxBytes: block.lengthBytes,
      signal,
      onChunk: (chunk) => hash.update(chunk),
    });
    if (bytes.length !== block.lengthBytes || !hash.digest().equals(block.sha256)) {
      throw new Error(`Block ${block.index} from ${peer.nodeId} arrived damaged.`);
    }
    return bytes;
  }

  close(): void {
    for (const agent of this.#agents.values()) agent.destroy();
    this.#agents.clear();
  }

  #agentOf({ nodeId }: PeerAddress): Agent {
    let agent = this.#agents.get(nodeId);
    if (!agent) {
      agent = new Agent({
        ca: this.#tls.caPem,
        cert: this.#tls.certificatePem,
        key: this.#tls.privateKeyPem,
        servername: nodeServerName(nodeId),
        minVersion: 'TLSv1.3',
        keepAlive: true,
        maxSockets: MAX_SOCKETS,
      });
      this.#agents.set(nodeId, agent);
    }
    return agent;
  }
}
