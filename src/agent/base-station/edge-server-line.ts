// How a base station speaks with an edge server about a task: the own one by a call, the others by RPC, with the same words.
import { Code, ConnectError } from '@connectrpc/connect';

import type { QueueState, Task } from '../../shared/rpc/gen/agent_pb.js';
import type { EdgeServer, Execution } from '../edge-server/edge-server.js';
import type { PeerDirectory } from '../peers/peer-directory.js';
import type { ScaledClock } from '../scaled-clock.js';
import { inputBits } from './home-task.js';
import type { Link } from './simulated-link.js';

const CALL_TIMEOUT_MS = 3_000;

export interface OfferTerms {
  /** The backlog that the decision rests on; negative accepts any. */
  expectedBacklogMs: number;
  slackMs: number;
}

/** `outdated`: the edge server has a newer lease of the task. `failed`: no answer; the task may or may not be there. */
export type OfferAnswer =
  { kind: 'accepted'; queue: QueueState; uploadMs: number } | { kind: 'refused'; queue: QueueState } | { kind: 'failed' | 'outdated' };

export interface EdgeServerLineOptions {
  nodeId: string;
  clock: ScaledClock;
  link: Link;
  edgeServer: EdgeServer;
  peers: PeerDirectory;
  /** What to do when the own edge server has executed a task of this station. */
  onOwnExecution: (execution: Execution) => void;
}

export class EdgeServerLine {
  readonly #options: EdgeServerLineOptions;

  constructor(options: EdgeServerLineOptions) {
    this.#options = options;
  }

  /** Offers a task to the own edge server; answers within the call. Throws when its queue is full. */
  offerToOwn(task: Task, terms: OfferTerms): OfferAnswer {
    const { edgeServer, nodeId, onOwnExecution } = this.#options;
    const answer = edgeServer.admit(task, { baseStationId: nodeId, ...terms, onEnd: onOwnExecution });
    if (answer === 'queue-full') throw new Error('The queue of the own edge server is full.');
    if (answer === 'lease-outdated') return { kind: 'outdated' };
    const queue = edgeServer.queueState();
    return answer === 'accepted' ? { kind: answer, queue, uploadMs: 0 } : { kind: answer, queue };
  }

  /** Offers a task to another node; one that fails to answer is marked as such. */
  async offerToPeer(edgeServerId: string, task: Task, terms: OfferTerms): Promise<OfferAnswer> {
    const { clock, link, nodeId, peers } = this.#options;
    const startMs = clock.nowMs();
    try {
      await link.transfer(inputBits(task), task, 'upload');
      const request = { task, baseStationId: nodeId, ...terms };
      const { isAccepted, queue } = await this.#peer(edgeServerId).offerTask(request, { timeoutMs: CALL_TIMEOUT_MS });
      if (!queue) throw new Error(`Node ${edgeServerId} answered an offer without its state.`);
      peers.observe(edgeServerId, queue);
      return isAccepted ? { kind: 'accepted', queue, uploadMs: clock.nowMs() - startMs } : { kind: 'refused', queue };
    } catch (thrown) {
      if (ConnectError.from(thrown).code === Code.AlreadyExists) return { kind: 'outdated' };
      peers.markFailed(edgeServerId, thrown);
      return { kind: 'failed' };
    }
  }

  /** Takes tasks of this station back. Returns the ids that were given back; null when the edge server does not answer. */
  async withdraw(edgeServerId: string, taskIds: string[], terms: { runId: string; keepRunning: boolean }): Promise<string[] | null> {
    const { edgeServer, nodeId, peers } = this.#options;
    if (edgeServerId === nodeId) {
      const wanted = new Set(taskIds);
      const matches = (task: Task, baseStationId: string): boolean => baseStationId === nodeId && wanted.has(task.id);
      return edgeServer.withdraw({ matches, keepRunning: terms.keepRunning }).map(({ task }) => task.id);
    }
    try {
      const answer = await this.#peer(edgeServerId).withdrawTasks({ ...terms, taskIds }, { timeoutMs: CALL_TIMEOUT_MS });
      return answer.withdrawnTaskIds;
    } catch (thrown) {
      peers.markFailed(edgeServerId, thrown);
      return null;
    }
  }

  #peer(nodeId: string) {
    const client = this.#options.peers.clientOf(nodeId);
    if (!client) throw new Error(`Node ${nodeId} is not among the peers.`);
    return client.rpc;
  }
}
