// Blocks of model files from other agents over HTTPS on the testbed's certificates.
import { createHash } from 'node:crypto';
import { Agent } from 'node:https';

import { clientTls } from '../peers/client-tls.js';
import { download } from '../peers/download.js';
import type { PeerAddress } from '../peers/peer-client.js';
import type { LocalIdentity } from '../trust/local-identity.js';
import type { RosterKeeper } from '../trust/roster-keeper.js';

/** Connections to one peer at once. */
const MAX_SOCKETS = 4;

export interface RequestedBlock {
  fileSha256: string;
  index: number;
  sha256: Uint8Array;
  lengthBytes: number;
}

export class BlockFetcher {
  readonly #identity: LocalIdentity;
  readonly #roster: RosterKeeper;
  readonly #agents = new Map<string, Agent>();
  readonly #stopRenewing: () => void;

  constructor(identity: LocalIdentity, roster: RosterKeeper) {
    this.#identity = identity;
    this.#roster = roster;
    this.#stopRenewing = identity.onRenewal(() => this.#agents.clear());
  }

  /** The block's bytes, verified. Throws when the peer is not on the roster, can't be reached, has it not, or sends something else. */
  async fetch(peer: PeerAddress, block: RequestedBlock, signal: AbortSignal): Promise<Buffer> {
    if (!this.#roster.includes(peer.nodeId)) throw new Error(`Node ${peer.nodeId} is not on the roster of this testbed.`);
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
    this.#stopRenewing();
    for (const agent of this.#agents.values()) agent.destroy();
    this.#agents.clear();
  }

  #agentOf({ nodeId }: PeerAddress): Agent {
    let agent = this.#agents.get(nodeId);
    if (!agent) {
      agent = new Agent({ ...clientTls(this.#identity.material, nodeId), keepAlive: true, maxSockets: MAX_SOCKETS });
      this.#agents.set(nodeId, agent);
    }
    return agent;
  }
}
