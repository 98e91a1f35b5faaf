// Who the other agents are, what their queues looked like at last word, and whether they answer. Exchanges state every slot.
//
// Whether a peer is there is decided by what this node can do to it, never by what it says by itself: behind a firewall it may call and yet
// be out of reach, and then neither can a task be offered to it nor a result be fetched from it.
import { setTimeout as delay } from 'node:timers/promises';

import type { QueueState } from '../../shared/rpc/gen/agent_pb.js';
import { type AgentLog, describeThrown } from '../log.js';
import type { ScaledClock } from '../scaled-clock.js';
import type { LocalIdentity } from '../trust/local-identity.js';
import type { RosterKeeper } from '../trust/roster-keeper.js';
import { createPeerClient, type PeerAddress, type PeerClient } from './peer-client.js';

/** Real milliseconds; a state older than this says nothing about now. */
const STATE_MAX_AGE_MS = 3_000;
/** Real milliseconds between two exchanges: never more often than the first, never less than the second. */
const MIN_EXCHANGE_INTERVAL_MS = 100;
const IDLE_EXCHANGE_INTERVAL_MS = 1_000;
const EXCHANGE_TIMEOUT_MS = 2_000;
/** Real milliseconds without an answer after which the connection itself is no longer trusted. */
const RESET_AFTER_MS = 4_000;
/** Real milliseconds: a state younger than the first needs no refresh, and a refresh does not wait for stragglers beyond the second. */
const FRESH_STATE_MS = 2;
const REFRESH_TIMEOUT_MS = 50;

export interface PeerView {
  nodeId: string;
  /** The last state heard, or null. */
  state: QueueState | null;
  /** Its backlog less what has been worked off since; model ms. */
  backlogMs: number;
  isReachable: boolean;
  /** Real ms since it last answered a call of this node. */
  ageMs: number;
}

interface PeerEntry extends PeerAddress {
  client: PeerClient;
  state: QueueState | null;
  stateAtMs: number;
  answeredAtMs: number;
  resetAtMs: number;
  hasFailed: boolean;
  isExchanging: boolean;
}

export interface PeerDirectoryOptions {
  selfId: string;
  identity: LocalIdentity;
  /** Nodes that it does not name are not called. */
  roster: RosterKeeper;
  clock: ScaledClock;
  log: AgentLog;
  /** This node's own state, to be sent to others. */
  localState: () => QueueState;
  /** False when there is nothing to schedule here; peers are then asked once a second only. */
  isBusy: () => boolean;
  onChange: () => void;
}

export class PeerDirectory {
  readonly #options: PeerDirectoryOptions;
  readonly #peers = new Map<string, PeerEntry>();
  #slotRealMs = IDLE_EXCHANGE_INTERVAL_MS;
  #timer: NodeJS.Timeout | null = null;
  #isClosed = false;

  constructor(options: PeerDirectoryOptions) {
    this.#options = options;
    options.roster.onChange(() => this.#dropUnlisted());
  }

  /** Takes the nodes of a run in place of earlier ones (this node is skipped) and the slot length, model ms; hears from all once first. */
  async configure(addresses: PeerAddress[], slotMs: number): Promise<void> {
    const requested = new Set(addresses.map((address) => address.nodeId));
    for (const [nodeId, peer] of this.#peers) {
      if (requested.has(nodeId)) continue;
      peer.client.close();
      this.#peers.delete(nodeId);
    }
    const { selfId, roster, log } = this.#options;
    for (const address of addresses) {
      if (address.nodeId === selfId) continue;
      if (roster.includes(address.nodeId)) this.#set(address);
      else log.warn('peer not on the roster', { peer: address.nodeId, version: roster.version });
    }
    this.#slotRealMs = Math.max(MIN_EXCHANGE_INTERVAL_MS, slotMs / this.#options.clock.timeScale);
    await this.#exchangeWithAll();
    this.#schedule();
  }

  clientOf(nodeId: string): PeerClient | null {
    return this.#peers.get(nodeId)?.client ?? null;
  }

  view(nodeId: string): PeerView {
    const peer = this.#peers.get(nodeId);
    if (!peer) return { nodeId, state: null, backlogMs: 0, isReachable: false, ageMs: Infinity };
    const now = performance.now();
    const ageMs = now - peer.answeredAtMs;
    return {
      nodeId,
      state: peer.state,
      backlogMs: peer.state ? drainedBacklogMs(peer.state, (now - peer.stateAtMs) * this.#options.clock.timeScale) : 0,
      isReachable: peer.state !== null && !peer.hasFailed && ageMs <= STATE_MAX_AGE_MS,
      ageMs,
    };
  }

  views(): PeerView[] {
    return [...this.#peers.keys()].map((nodeId) => this.view(nodeId));
  }

  /** Takes in a state that a peer sent by itself; states of unknown nodes and stale states are ignored. Says nothing of the way to it. */
  observe(nodeId: string, state: QueueState | undefined): void {
    const peer = this.#peers.get(nodeId);
    if (!peer || state?.nodeId !== nodeId) return;
    const isStale = peer.state?.instanceId === state.instanceId && peer.state.version > state.version;
    if (!isStale) {
      peer.state = state;
      peer.stateAtMs = performance.now();
    }
    this.#options.onChange();
  }

  /** Takes in the state with which a peer answered a call of this node. */
  reached(nodeId: string, state: QueueState | undefined): void {
    const peer = this.#peers.get(nodeId);
    if (!peer || state?.nodeId !== nodeId) return;
    peer.answeredAtMs = performance.now();
    if (peer.hasFailed) this.#options.log.info('peer answers again', { peer: nodeId });
    peer.hasFailed = false;
    this.observe(nodeId, state);
  }

  /** Notes that a call failed: unreachable until it answers again. */
  markFailed(nodeId: string, thrown: unknown): void {
    const peer = this.#peers.get(nodeId);
    if (!peer || peer.hasFailed) return;
    peer.hasFailed = true;
    this.#options.log.warn('peer failed', { peer: nodeId, reason: describeThrown(thrown) });
    this.#options.onChange();
  }

  /** Asks those of these peers that are reachable for their state now, as far as it is not brand-new; waits for them, but not long. */
  async refresh(nodeIds: readonly string[]): Promise<void> {
    const staleBeforeMs = performance.now() - FRESH_STATE_MS;
    const asked = nodeIds.flatMap((nodeId) => this.#peers.get(nodeId) ?? []);
    const stale = asked.filter((peer) => this.view(peer.nodeId).isReachable && peer.stateAtMs < staleBeforeMs);
    const enough = new AbortController();
    const timeout = delay(REFRESH_TIMEOUT_MS, undefined, { signal: enough.signal }).catch(() => undefined);
    await Promise.race([timeout, Promise.all(stale.map((peer) => this.#exchange(peer)))]);
    enough.abort();
  }

  close(): void {
    this.#isClosed = true;
    if (this.#timer) clearTimeout(this.#timer);
    for (const peer of this.#peers.values()) peer.client.close();
    this.#peers.clear();
  }

  #dropUnlisted(): void {
    for (const [nodeId, peer] of this.#peers) {
      if (this.#options.roster.includes(nodeId)) continue;
      peer.client.close();
      this.#peers.delete(nodeId);
      this.#options.onChange();
    }
  }

  #set(address: PeerAddress): void {
    const known = this.#peers.get(address.nodeId);
    if (known && known.host === address.host && known.port === address.port) return;
    known?.client.close();
    this.#peers.set(address.nodeId, {
      ...address,
      client: createPeerClient(address, this.#options.identity),
      state: null,
      stateAtMs: 0,
      answeredAtMs: performance.now(),
      resetAtMs: performance.now(),
      hasFailed: false,
      isExchanging: false,
    });
  }

  #schedule(): void {
    if (this.#isClosed) return;
    if (this.#timer) clearTimeout(this.#timer);
    const intervalMs = this.#options.isBusy() ? Math.min(this.#slotRealMs, IDLE_EXCHANGE_INTERVAL_MS) : IDLE_EXCHANGE_INTERVAL_MS;
    this.#timer = setTimeout(() => {
      void this.#exchangeWithAll(intervalMs);
      this.#schedule();
    }, intervalMs);
  }

  /** A peer that has answered another call meanwhile, an offer for example, has sent its state with it. */
  async #exchangeWithAll(intervalMs = 0): Promise<void> {
    const unheardSinceMs = performance.now() - intervalMs / 2;
    const unheard = [...this.#peers.values()].filter((peer) => peer.answeredAtMs < unheardSinceMs || peer.stateAtMs < unheardSinceMs);
    await Promise.all(unheard.map((peer) => this.#exchange(peer)));
  }

  async #exchange(peer: PeerEntry): Promise<void> {
    if (peer.isExchanging) return;
    peer.isExchanging = true;
    try {
      const answer = await peer.client.rpc.exchangeState({ queue: this.#options.localState() }, { timeoutMs: EXCHANGE_TIMEOUT_MS });
      if (this.#peers.get(peer.nodeId) === peer) this.reached(peer.nodeId, answer.queue);
    } catch (thrown) {
      if (this.#peers.get(peer.nodeId) !== peer) return;
      this.markFailed(peer.nodeId, thrown);
      const now = performance.now();
      if (now - Math.max(peer.answeredAtMs, peer.resetAtMs) < RESET_AFTER_MS) return;
      peer.resetAtMs = now;
      peer.client.reset();
    } finally {
      peer.isExchanging = false;
    }
  }
}

/** What is left of a reported backlog after `elapsedMs` model ms. */
export function drainedBacklogMs(state: Pick<QueueState, 'backlogMs' | 'isDraining'>, elapsedMs: number): number {
  return state.isDraining ? Math.max(0, state.backlogMs - elapsedMs) : state.backlogMs;
}
