// How a base station speaks with an edge server about a task: the own one by a call, the others by RPC, with the same words.
import { Code, ConnectError } from '@connectrpc/connect';

import type { QueueState, Task, TaskOutcome } from '../../shared/rpc/gen/agent_pb.js';
import { type Lease, leaseOfOutcome } from '../../shared/task-life/lease.js';
import type { EdgeServer, Execution } from '../edge-server/edge-server.js';
import type { PeerClient } from '../peers/peer-client.js';
import type { PeerDirectory } from '../peers/peer-directory.js';
import { isSoundOutcome } from '../messages/parse-messages.js';
import type { ScaledClock } from '../scaled-clock.js';
import { inputBits } from '../messages/task-load.js';
import type { PictureStore } from '../pictures/picture-store.js';
import type { Link } from './simulated-link.js';

const CALL_TIMEOUT_MS = 3_000;

export interface OfferTerms {
  /** The backlog that the decision rests on; negative accepts any. */
  expectedBacklogMs: number;
  slackMs: number;
}

/** `outdated`: the edge server has a newer lease of the task, or has given this one back. `failed`: no answer; the task may or may not be there. */
export type OfferAnswer =
  { kind: 'accepted'; queue: QueueState; uploadMs: number } | { kind: 'refused'; queue: QueueState } | { kind: 'failed' | 'outdated' };

/** What an edge server says of leases that it was asked about. */
export interface EdgeServerReport {
  /** Held or finished there. */
  known: Lease[];
  outcomes: TaskOutcome[];
}

export interface EdgeServerConnectionOptions {
  nodeId: string;
  clock: ScaledClock;
  link: Link;
  pictures: Pick<PictureStore, 'read' | 'has'>;
  edgeServer: EdgeServer;
  peers: PeerDirectory;
  /** What to do when the local edge server has executed a task of this station. */
  onLocalExecution: (execution: Execution) => void;
}

export class EdgeServerConnection {
  readonly #options: EdgeServerConnectionOptions;

  constructor(options: EdgeServerConnectionOptions) {
    this.#options = options;
  }

  /** Offers a task to the local edge server; answers within the call. Throws when its queue is full. */
  offerToLocal(task: Task, terms: OfferTerms): OfferAnswer {
    const { edgeServer, onLocalExecution } = this.#options;
    const answer = edgeServer.admit(task, { ...terms, onEnd: onLocalExecution });
    if (answer === 'queue-full') throw new Error('The queue of the local edge server is full.');
    if (answer === 'lease-outdated') return { kind: 'outdated' };
    const queue = edgeServer.queueState();
    return answer === 'accepted' ? { kind: answer, queue, uploadMs: 0 } : { kind: answer, queue };
  }

  /**
   * Offers a task to another node, after its input picture: what the edge server accepts it can compute. One that fails to answer is marked
   * as such.
   */
  async offerToPeer(edgeServerId: string, task: Task, terms: OfferTerms): Promise<OfferAnswer> {
    const { clock, link, peers } = this.#options;
    const startMs = clock.nowMs();
    try {
      await Promise.all([link.transfer(inputBits(task), task, 'upload'), this.#putPicture(edgeServerId, task)]);
      const { isAccepted, queue } = await this.#peer(edgeServerId).offerTask({ task, ...terms }, { timeoutMs: CALL_TIMEOUT_MS });
      if (!queue) throw new Error(`Node ${edgeServerId} answered an offer without its state.`);
      peers.reached(edgeServerId, queue);
      return isAccepted ? { kind: 'accepted', queue, uploadMs: clock.nowMs() - startMs } : { kind: 'refused', queue };
    } catch (thrown) {
      if (ConnectError.from(thrown).code === Code.AlreadyExists) return { kind: 'outdated' };
      peers.markFailed(edgeServerId, thrown);
      return { kind: 'failed' };
    }
  }

  /** Takes leases of this station back. Returns those that are still there; null when the edge server does not answer. */
  async withdraw(edgeServerId: string, leases: Lease[], terms: { keepRunning: boolean }): Promise<Lease[] | null> {
    const { edgeServer, nodeId, peers } = this.#options;
    if (edgeServerId === nodeId) return edgeServer.withdraw(leases, terms);
    try {
      return (await this.#peer(edgeServerId).withdrawTasks({ leases, ...terms }, { timeoutMs: CALL_TIMEOUT_MS })).kept;
    } catch (thrown) {
      peers.markFailed(edgeServerId, thrown);
      return null;
    }
  }

  /** Asks what became of leases; null when the edge server does not answer. */
  async check(edgeServerId: string, leases: Lease[]): Promise<EdgeServerReport | null> {
    const { edgeServer, nodeId, peers } = this.#options;
    // An own result that is finished is being received by this very process.
    if (edgeServerId === nodeId) {
      return { known: leases.filter((lease) => edgeServer.isHolding(lease) || edgeServer.isFinished(lease)), outcomes: [] };
    }
    try {
      const { held, outcomes } = await this.#peer(edgeServerId).checkTasks({ leases }, { timeoutMs: CALL_TIMEOUT_MS });
      // An outcome that makes no sense is as good as none: the task is then re-sent.
      const sound = outcomes.filter(isSoundOutcome);
      return { known: [...held, ...sound.map(leaseOfOutcome)], outcomes: sound };
    } catch (thrown) {
      peers.markFailed(edgeServerId, thrown);
      return null;
    }
  }

  /** Lets an edge server forget an outcome that was fetched from it. One that does not hear it delivers once more, in vain. */
  async confirmTaken(edgeServerId: string, lease: Lease): Promise<void> {
    try {
      await this.#peer(edgeServerId).checkTasks({ taken: [lease] }, { timeoutMs: CALL_TIMEOUT_MS });
    } catch (thrown) {
      this.#options.peers.markFailed(edgeServerId, thrown);
    }
  }

  /** Over a simulated link nothing need go: the time that it takes is simulated, and so is what is made of the picture. */
  async #putPicture(edgeServerId: string, { picture }: Task): Promise<void> {
    if (!picture || this.#options.link.isSimulated) return;
    const bytes = await this.#options.pictures.read(picture.sha256);
    if (!bytes) throw new Error('The input picture is no longer here.');
    await this.#client(edgeServerId).putPicture(picture.sha256, bytes);
  }

  #peer(nodeId: string): PeerClient['rpc'] {
    return this.#client(nodeId).rpc;
  }

  #client(nodeId: string): PeerClient {
    const client = this.#options.peers.clientOf(nodeId);
    if (!client) throw new Error(`Node ${nodeId} is not among the peers.`);
    return client;
  }
}
