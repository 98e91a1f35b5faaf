// The other agents as one simulated agent sees them: calls to them, and which of them are reachable.
import type { Lease } from '../../../src/shared/task-life/lease.js';
import type { Outcome } from './simulated-tasks.js';
import type { Answer, Party, Respond, World } from './world.js';

const EXCHANGE_INTERVAL_MS = 1_000;
const EXCHANGE_TIMEOUT_MS = 2_000;
const REACHABLE_FOR_MS = 3_000;

export type OfferAnswer = 'accepted' | 'refused' | 'outdated';

/** What agents ask of each other; `fromId` is proven by the certificate. */
export interface Peer {
  readonly id: string;
  readonly party: Party;
  exchange(fromId: string): Answer<true>;
  offer(fromId: string, lease: Lease): Answer<OfferAnswer>;
  deliver(fromId: string, outcome: Outcome, respond: Respond<true>): void;
  withdraw(fromId: string, leases: readonly Lease[], keepRunning: boolean): Answer<Lease[]>;
  check(fromId: string, leases: readonly Lease[], taken: readonly Lease[]): Answer<{ held: Lease[]; outcomes: Outcome[] }>;
  /** True while the image can be fetched there. */
  hasImage(token: string): boolean;
}

export class SimulatedPeers {
  readonly #world: World;
  readonly #party: Party;
  readonly #list: () => readonly Peer[];
  readonly #answeredAtMs = new Map<string, number>();
  readonly #failed = new Set<string>();

  /** @param party the process of the agent itself, which is not among the peers */
  constructor(world: World, party: Party, list: () => readonly Peer[]) {
    this.#world = world;
    this.#party = party;
    this.#list = list;
  }

  /** Forgets what was known, and asks all of them at intervals from now on. */
  startUp(): void {
    this.#answeredAtMs.clear();
    this.#failed.clear();
    for (const peer of this.#list()) this.#answeredAtMs.set(peer.id, this.#world.nowMs);
    this.#world.every(this.#party, EXCHANGE_INTERVAL_MS, () => this.#exchangeWithAll());
  }

  ids(): string[] {
    return this.#list().map((peer) => peer.id);
  }

  reached(peerId: string): void {
    this.#answeredAtMs.set(peerId, this.#world.nowMs);
    this.#failed.delete(peerId);
  }

  failed(peerId: string): void {
    this.#failed.add(peerId);
  }

  /** Milliseconds since it answered. */
  ageMs(peerId: string): number {
    return this.#world.nowMs - (this.#answeredAtMs.get(peerId) ?? 0);
  }

  /** The agent itself always is. */
  isReachable(peerId: string): boolean {
    return peerId === this.#party.id || (!this.#failed.has(peerId) && this.ageMs(peerId) <= REACHABLE_FOR_MS);
  }

  /** A call over the network of the world; `handle` runs in the life of the peer, `done` in that of the agent. */
  call<T>(
    way: { peerId: string; timeoutMs: number },
    handle: (peer: Peer, respond: Respond<T>) => void,
    done: (answer: Answer<T>) => void,
  ): void {
    const peer = this.#list().find(({ id }) => id === way.peerId);
    if (!peer) throw new Error(`no peer ${way.peerId}`);
    const { timeoutMs } = way;
    this.#world.call<T>({ from: this.#party, to: peer.party, timeoutMs }, (respond) => handle(peer, respond), done);
  }

  #exchangeWithAll(): void {
    for (const peerId of this.ids()) {
      this.call<true>(
        { peerId, timeoutMs: EXCHANGE_TIMEOUT_MS },
        (peer, respond) => respond(peer.exchange(this.#party.id)),
        (answer) => (answer && 'said' in answer ? this.reached(peerId) : this.failed(peerId)),
      );
    }
  }
}
