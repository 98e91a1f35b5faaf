// The nodes of one run: which of them answer and know the run, which are lost. Configures an agent whenever its line is (re)made.
import { setTimeout as delay } from 'node:timers/promises';
import { deriveSeed } from '../../scheduling/random.js';
import type { AgentClient } from '../agents/agent-client.js';
import type { RunLine } from '../agents/agent-monitor.js';
import type { NodeTalks } from './node-talks.js';
import type { StoredRun } from './run-store.js';

/** What a run needs of the agent monitor. */
export interface NodeLines {
  attach(testbedId: string, line: RunLine): () => void;
  connectedClient(nodeId: string): AgentClient | null;
  lostForMs(nodeId: string): number;
}

/** A node of the run with its address now. */
export interface RunPeer {
  nodeId: string;
  name: string;
  host: string;
  port: number;
}

export interface RunNodesOptions {
  /** In ordinal order. */
  peers: readonly RunPeer[];
  lines: NodeLines;
  talks: NodeTalks;
  spec: StoredRun['spec'];
  runId: string;
  leaseTimeoutMs: number;
  /** Of a base station, as JSON; null unless the run is scheduled by learned policies. */
  learnedPolicyOf(nodeId: string): string | null;
  /** Model ms since the run's begin. */
  elapsedMs(): number;
  /** An agent was told of the run; `known` are the tasks that it has. Nothing is sent to it before this resolves. */
  configured(nodeId: string, client: AgentClient, known: ReadonlySet<string>, signal: AbortSignal): Promise<void>;
  /** The node answers and knows the run: send. */
  ready(): void;
  lost(peer: RunPeer, message: string): void;
}

/** Real ms a run waits at its begin for nodes that do not answer yet. */
const GATHER_TIMEOUT_MS = 15_000;
const GATHER_POLL_MS = 25;
/** Length of a scheduler's slot, Delta of the paper: 1 s (Table III). */
const DEFAULT_SLOT_MS = 1000;

export class RunNodes {
  readonly #options: RunNodesOptions;
  readonly #configured = new Set<string>();
  readonly #lost = new Set<string>();
  #watchedSinceMs = performance.now();

  constructor(options: RunNodesOptions) {
    this.#options = options;
  }

  /** The client of a node that answers and knows the run; null otherwise. */
  readyClient(nodeId: string): AgentClient | null {
    return this.#configured.has(nodeId) ? this.#options.lines.connectedClient(nodeId) : null;
  }

  isLost(nodeId: string): boolean {
    return this.#lost.has(nodeId);
  }

  /** Ids of the nodes to which tasks can be sent now, in ordinal order. */
  standing(): string[] {
    return this.#options.peers.flatMap(({ nodeId }) => (this.readyClient(nodeId) ? [nodeId] : []));
  }

  /** Every node is to be told of the run anew, and has as long to come back as after a start of the program. */
  startOver(): void {
    this.#configured.clear();
    this.#lost.clear();
    this.#watchedSinceMs = performance.now();
  }

  /** Configures every node; those that do not answer in time count as lost until they do. */
  async gather(when: string, isCancelled: () => boolean): Promise<void> {
    const deadline = performance.now() + GATHER_TIMEOUT_MS;
    await this.#configureStanding();
    while (this.#unconfigured().length > 0 && performance.now() < deadline && !isCancelled()) {
      await delay(GATHER_POLL_MS);
      await this.#configureStanding();
    }
    for (const peer of this.#unconfigured()) this.#noteLost(peer, `${peer.name} did not answer ${when}.`);
  }

  /** Call now and then: notices nodes that fell silent for the lease timeout, and those that came by another way than `connected`. */
  check(): void {
    void this.#configureStanding();
    // After a start of the program nodes have as long to come back as one that falls silent.
    const watchedForMs = performance.now() - this.#watchedSinceMs;
    for (const peer of this.#options.peers) {
      const lostForMs = Math.min(watchedForMs, this.#options.lines.lostForMs(peer.nodeId));
      if (this.#lost.has(peer.nodeId) || lostForMs <= this.#options.leaseTimeoutMs) continue;
      this.#noteLost(peer, `${peer.name} was lost while the run went on.`);
    }
  }

  /** From here on nothing is sent to the node until it knows the run; what is under way is waited for, so that `known` is the truth. */
  connected(nodeId: string, client: AgentClient, signal: AbortSignal): Promise<void> {
    this.#configured.delete(nodeId);
    return this.#options.talks.say(nodeId, () => this.#configure(nodeId, client, signal));
  }

  /** Tells every node that can be reached, each after what it was told before; the others are told at their next connect. */
  async tellAll(act: (client: AgentClient) => Promise<unknown>): Promise<void> {
    const { peers, lines, talks } = this.#options;
    await Promise.allSettled(
      peers.map(({ nodeId }) =>
        talks.say(nodeId, async () => {
          const client = lines.connectedClient(nodeId);
          if (client) await act(client);
        }),
      ),
    );
  }

  async #configure(nodeId: string, client: AgentClient, signal: AbortSignal): Promise<void> {
    const { spec, runId, peers } = this.#options;
    const response = await client.configure(
      {
        runId,
        scheduler: spec.scheduler,
        learnedPolicy: this.#options.learnedPolicyOf(nodeId) ?? '',
        peers: peers.map((peer) => ({ nodeId: peer.nodeId, host: peer.host, port: peer.port })),
        elapsedMs: this.#options.elapsedMs(),
        slotMs: spec.arrivals.kind === 'slot-uniform' ? spec.arrivals.slotSec * 1000 : DEFAULT_SLOT_MS,
        schedulerSeed: deriveSeed(spec.seed, `scheduler-${nodeId}`),
      },
      signal,
    );
    await this.#options.configured(nodeId, client, new Set(response.knownTaskIds), signal);
    this.#configured.add(nodeId);
    this.#lost.delete(nodeId);
    this.#options.ready();
  }

  /** Nodes whose line stood before this run took it over, and so were never announced to it. */
  async #configureStanding(): Promise<void> {
    await Promise.all(
      this.#unconfigured().map(async ({ nodeId }) => {
        const client = this.#options.lines.connectedClient(nodeId);
        if (!client || this.#options.talks.isTalkingTo(nodeId)) return;
        // A failure shows as a broken line; the reconnect configures.
        await this.connected(nodeId, client, new AbortController().signal).catch(() => undefined);
      }),
    );
  }

  #unconfigured(): RunPeer[] {
    return this.#options.peers.filter((peer) => !this.#configured.has(peer.nodeId));
  }

  #noteLost(peer: RunPeer, message: string): void {
    // Noted only when what follows from it is on disk; otherwise the next check finds the node lost again.
    this.#options.lost(peer, message);
    this.#lost.add(peer.nodeId);
  }
}
