// The nodes of one run: which of them answer and know the run, which are lost. Configures an agent whenever its line is (re)made.
import { setTimeout as delay } from 'node:timers/promises';
import { deriveSeed } from '../../../random/random.js';
import type { Lease } from '../../../shared/task-life/lease.js';
import { LIST_LEASES_INTERVAL_MS } from '../../../shared/task-life/patience.js';
import type { AgentClient } from '../../adapters/agents/agent-client.js';
import type { RunHandler } from '../../adapters/agents/agent-monitor.js';
import type { NodeTalks } from './node-talks.js';
import type { StoredRun } from './run-store.js';

/** What a run needs of the agent monitor. */
export interface NodeConnections {
  attach(testbedId: string, handler: RunHandler): () => void;
  connectedClient(nodeId: string): AgentClient | null;
}

/** A node of the run with its address now. */
export interface RunPeer {
  nodeId: string;
  name: string;
  host: string;
  port: number;
  /** What an image was measured to take there, model seconds; null or absent where the node's own configuration counts. */
  calibrated?: { fixedSec: number; secPerStep: number } | null;
  /** Most tasks that it holds at a time; null or absent: as many as come. */
  heldLimit?: number | null | undefined;
}

/** What a base station says it has, and what had been sent to it before it was asked. */
export interface SaidLeases {
  asked: readonly Lease[];
  known: readonly Lease[];
}

export interface RunNodesOptions {
  /** In ordinal order. */
  peers: readonly RunPeer[];
  connections: NodeConnections;
  talks: NodeTalks;
  spec: StoredRun['spec'];
  runId: string;
  leaseTimeoutMs: number;
  /** Of a base station, as JSON; null unless the run is scheduled by learned policies. */
  learnedPolicyOf(nodeId: string): string | null;
  /** Whether base stations are to keep their decisions as they saw them. */
  keepsExperience: boolean;
  /** Model ms since the run's start: negative before it, 0 while it is not known when its clock goes. */
  elapsedMs(): number;
  /** Real ms that the run has stood still by then. */
  stoodStillMs(): number;
  /** Whether the nodes are to start nothing new now. */
  isHeld(): boolean;
  /** A node was asked to start nothing new. */
  heldThere(nodeId: string, client: AgentClient): Promise<void>;
  /** The leases that are with a base station, or on their way there. */
  leasesAt(nodeId: string): Lease[];
  /** An agent was sent the run. Nothing is sent to it before this resolves. */
  configured(nodeId: string, client: AgentClient, said: SaidLeases): Promise<void>;
  /** An agent was asked while it was connected. */
  listed(nodeId: string, client: AgentClient, said: SaidLeases): Promise<void>;
  /** The node answers and knows the run: send. */
  ready(): void;
  lost(peer: RunPeer, message: string): void;
  /** It is lost since some time: what was still on its way in from it at that moment may have been cut off, too. */
  stillLost(peer: RunPeer): void;
  /** No node at all was usable for the lease timeout: no one is there to give tasks to, and the cut may be this computer's own. */
  cutOff(): void;
}

/** Real ms a run waits at its start for nodes that do not answer yet. */
const GATHER_TIMEOUT_MS = 15_000;
const GATHER_POLL_MS = 25;
/** Real ms between two checks above which this program itself was suspended: the silence was its own. */
const SUSPENDED_MS = 3_000;
/** Length of a scheduler's slot, Delta of the paper: 1 s (Table III). */
const DEFAULT_SLOT_MS = 1000;

export class RunNodes {
  readonly #options: RunNodesOptions;
  readonly #configured = new Set<string>();
  readonly #lost = new Set<string>();
  /** Real ms when each node was last usable: it was connected and knew the run. */
  readonly #readyAtMs = new Map<string, number>();
  readonly #listedAtMs = new Map<string, number>();
  /** What each node was sent last about holding. */
  readonly #saidHold = new Map<string, boolean>();
  #lastCheckMs = performance.now();
  #anyReadyAtMs = performance.now();
  #isCutOff = false;

  constructor(options: RunNodesOptions) {
    this.#options = options;
    // After a start of the program nodes have as long to come back as one that falls silent.
    this.#giveAllTime();
  }

  /** The client of a node that answers and knows the run; null otherwise. */
  readyClient(nodeId: string): AgentClient | null {
    return this.#configured.has(nodeId) ? this.#options.connections.connectedClient(nodeId) : null;
  }

  isLost(nodeId: string): boolean {
    return this.#lost.has(nodeId);
  }

  /** Ids of the nodes to which tasks can be sent now, in ordinal order. */
  standing(): string[] {
    return this.#options.peers.flatMap(({ nodeId }) => (this.readyClient(nodeId) ? [nodeId] : []));
  }

  /** Every node is to be sent the run again, and has as long to come back as after a start of the program. */
  startOver(): void {
    this.#configured.clear();
    this.#lost.clear();
    this.#giveAllTime();
  }

  /** Configures every node; those that do not answer in time count as lost until they do. */
  async gather(when: string, isCanceled: () => boolean): Promise<void> {
    const deadline = performance.now() + GATHER_TIMEOUT_MS;
    await this.#configureStanding();
    while (this.#unconfigured().length > 0 && performance.now() < deadline && !isCanceled()) {
      await delay(GATHER_POLL_MS);
      await this.#configureStanding();
    }
    for (const peer of this.#unconfigured()) this.#noteLost(peer, `${peer.name} did not answer ${when}.`);
  }

  /** Lets every node that answers know when the run's clock goes, which was not when it was gathered. Ends when they have heard it. */
  async sendClock(signal: AbortSignal): Promise<void> {
    const standing = this.#options.peers.flatMap(({ nodeId }) => {
      const client = this.readyClient(nodeId);
      return client ? [{ nodeId, client }] : [];
    });
    // A failure shows as a broken line; the reconnect configures.
    await Promise.allSettled(standing.map(({ nodeId, client }) => this.connected(nodeId, client, signal)));
  }

  /**
   * Call now and then: notices nodes that were not usable for the lease timeout, and those that came by another way than `connected`; says
   * again what was not heard, and asks what may have got lost.
   */
  check(): void {
    void this.#configureStanding();
    const now = performance.now();
    if (now - this.#lastCheckMs > SUSPENDED_MS) this.#giveAllTime();
    this.#lastCheckMs = now;
    const standing = this.standing();
    for (const nodeId of standing) {
      this.#readyAtMs.set(nodeId, now);
      this.#lookAfter(nodeId, now);
    }
    if (standing.length > 0) this.#noteLosses(now);
    else if (!this.#isCutOff && now - this.#anyReadyAtMs > this.#options.leaseTimeoutMs) {
      this.#options.cutOff();
      this.#isCutOff = true;
    }
  }

  /** From here on nothing is sent to the node until it knows the run; what is under way is waited for, so that what it says is the truth. */
  connected(nodeId: string, client: AgentClient, signal: AbortSignal): Promise<void> {
    this.#configured.delete(nodeId);
    const asked = this.#options.leasesAt(nodeId);
    return this.#options.talks.say(nodeId, () => this.#configure(nodeId, client, asked, signal));
  }

  /** It is not known what the node has heard: it is asked before anything else is sent to it. */
  unsettle(nodeId: string): void {
    this.#configured.delete(nodeId);
  }

  /** Lets the nodes know whether to start anything new; `check` repeats it to those that did not hear it. */
  async sayHold(): Promise<void> {
    await Promise.allSettled(this.#options.peers.map(({ nodeId }) => this.#sayHoldTo(nodeId)));
  }

  /** Notifies every node that can be reached, each after what it was sent before; the others are reported at their next connect. */
  async notifyAll(act: (client: AgentClient) => Promise<unknown>): Promise<void> {
    const { peers, connections, talks } = this.#options;
    await Promise.allSettled(
      peers.map(({ nodeId }) =>
        talks.say(nodeId, async () => {
          const client = connections.connectedClient(nodeId);
          if (client) await act(client);
        }),
      ),
    );
  }

  async #configure(nodeId: string, client: AgentClient, asked: readonly Lease[], signal: AbortSignal): Promise<void> {
    const { spec, runId, peers } = this.#options;
    const response = await client.configure(
      {
        runId,
        scheduler: spec.scheduler,
        learnedPolicy: this.#options.learnedPolicyOf(nodeId) ?? '',
        peers: peers.map(({ nodeId: id, host, port, heldLimit }) => ({ nodeId: id, host, port, heldLimit: heldLimit ?? 0 })),
        elapsedMs: this.#options.elapsedMs(),
        stoodStillMs: this.#options.stoodStillMs(),
        slotMs: spec.arrivals.kind === 'slot-uniform' ? spec.arrivals.slotSec * 1000 : DEFAULT_SLOT_MS,
        placingOrder: spec.placingOrder ?? '',
        queueOrder: spec.queueOrder ?? '',
        speedWeight: spec.speedWeight ?? 0,
        consideration: spec.consideration ?? 0,
        keepsExperience: this.#options.keepsExperience,
        schedulerSeed: deriveSeed(spec.seed, `scheduler-${nodeId}`),
        // Calibrated after the agent was started: its own configuration does not know it yet.
        ...(peers.find((peer) => peer.nodeId === nodeId)?.calibrated ?? {}),
      },
      signal,
    );
    await this.#setHold(nodeId, client, signal);
    await this.#options.configured(nodeId, client, { asked, known: response.knownLeases });
    this.#configured.add(nodeId);
    this.#lost.delete(nodeId);
    this.#anyReadyAtMs = performance.now();
    this.#readyAtMs.set(nodeId, this.#anyReadyAtMs);
    this.#options.ready();
  }

  /** Level-triggered, as all that is said to agents: what one did not hear is said again while it is connected. */
  #lookAfter(nodeId: string, now: number): void {
    const { talks, leasesAt } = this.#options;
    if (talks.isTalkingTo(nodeId)) return;
    if (this.#saidHold.get(nodeId) !== this.#options.isHeld()) void this.#sayHoldTo(nodeId).catch(() => undefined);
    const asked = leasesAt(nodeId);
    if (asked.length === 0 || now - (this.#listedAtMs.get(nodeId) ?? 0) < LIST_LEASES_INTERVAL_MS) return;
    this.#listedAtMs.set(nodeId, now);
    // A failure shows as a broken line, or is tried again.
    void talks.say(nodeId, () => this.#list(nodeId, asked)).catch(() => undefined);
  }

  async #list(nodeId: string, asked: readonly Lease[]): Promise<void> {
    const client = this.readyClient(nodeId);
    if (!client) return;
    const known = await client.listLeases(this.#options.runId);
    await this.#options.listed(nodeId, client, { asked, known });
  }

  #sayHoldTo(nodeId: string): Promise<void> {
    return this.#options.talks.say(nodeId, async () => {
      const client = this.#options.connections.connectedClient(nodeId);
      if (client) await this.#setHold(nodeId, client);
    });
  }

  async #setHold(nodeId: string, client: AgentClient, signal?: AbortSignal): Promise<void> {
    const isHeld = this.#options.isHeld();
    this.#saidHold.delete(nodeId);
    await client.setHold(this.#options.runId, isHeld, signal);
    if (isHeld) await this.#options.heldThere(nodeId, client);
    this.#saidHold.set(nodeId, isHeld);
  }

  #noteLosses(now: number): void {
    // When no one was there, the silence may have been this computer's own: the others have the whole time to come back, too.
    if (this.#isCutOff) this.#giveAllTime();
    this.#isCutOff = false;
    this.#anyReadyAtMs = now;
    for (const peer of this.#options.peers) {
      if (this.#lost.has(peer.nodeId)) this.#options.stillLost(peer);
      if (this.#lost.has(peer.nodeId) || now - (this.#readyAtMs.get(peer.nodeId) ?? 0) <= this.#options.leaseTimeoutMs) continue;
      this.#noteLost(peer, `${peer.name} was lost while the run was in progress.`);
    }
  }

  #giveAllTime(): void {
    const now = performance.now();
    this.#anyReadyAtMs = now;
    for (const { nodeId } of this.#options.peers) this.#readyAtMs.set(nodeId, now);
  }

  /** Nodes that were connected before this run took it over, and so were never announced to it. */
  async #configureStanding(): Promise<void> {
    await Promise.all(
      this.#unconfigured().map(async ({ nodeId }) => {
        const client = this.#options.connections.connectedClient(nodeId);
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
