// The edge server of a simulated agent, around the real rules: a queue before one worker, and outcomes that are delivered until they are taken.
import { OutcomeStatus } from '../../../src/shared/rpc/gen/agent_pb.js';
import type { EdgeTasks } from '../../../src/shared/task-life/edge-tasks.js';
import { type Lease, leaseKey } from '../../../src/shared/task-life/lease.js';
import type { OfferAnswer, SimulatedPeers } from './simulated-peers.js';
import type { Outcome, Rules, SimEntry } from './simulated-tasks.js';
import type { Party, World } from './world.js';

const DELIVER_TIMEOUT_MS = 30_000;

export interface EdgeServerSettings {
  world: World;
  party: Party;
  peers: SimulatedPeers;
  makeEdge: Rules['makeEdge'];
  /** Notes that an image was really made. */
  made: (token: string, lease: Lease) => void;
  failShare: () => number;
  /** Gives an outcome to the base station on the same node. */
  deliverHere: (outcome: Outcome) => void;
}

export class SimulatedEdgeServer {
  readonly #settings: EdgeServerSettings;
  #tasks!: EdgeTasks<SimEntry>;
  /** Outcomes that base stations have not taken; those that were not taken at once survive a restart. */
  readonly #finished = new Map<string, { outcome: Outcome; isOnDisk: boolean }>();
  #isHeld = false;
  #count = 0;

  constructor(settings: EdgeServerSettings) {
    this.#settings = settings;
  }

  startUp(): void {
    this.#tasks = this.#settings.makeEdge();
    this.#isHeld = false;
    for (const [key, { outcome, isOnDisk }] of this.#finished) {
      if (!isOnDisk || outcome.status !== OutcomeStatus.SUCCEEDED) this.#finished.delete(key);
      else this.#tasks.restoreFinished(outcome.lease);
    }
    for (const { outcome } of this.#finished.values()) this.#deliver(outcome, 0);
  }

  held(isAsked: (lease: Lease) => boolean): Lease[] {
    return this.#tasks.held(isAsked);
  }

  hasImage(token: string): boolean {
    return [...this.#finished.values()].some(({ outcome }) => outcome.token === token);
  }

  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    this.#start();
  }

  admit(lease: Lease): OfferAnswer {
    const { world } = this.#settings;
    const verdict = this.#tasks.checkOffer(lease);
    if (verdict === 'repeated') return 'accepted';
    if (verdict === 'outdated' || verdict === 'withdrawn') return 'outdated';
    if (verdict === 'full' || (verdict === 'new' && world.isIn(0.2))) return 'refused';
    this.#tasks.admit({ lease });
    this.#start();
    return 'accepted';
  }

  /** Which of the leases it still knows: those in the queue or being computed, and the outcomes that wait to be taken. */
  check(leases: readonly Lease[], taken: readonly Lease[]): { held: Lease[]; outcomes: Outcome[] } {
    for (const lease of taken) this.#tasks.taken(lease);
    const finished = leases.filter((lease) => this.#tasks.isFinished(lease));
    return {
      held: leases.filter((lease) => this.#tasks.isHeld(lease)),
      outcomes: finished.flatMap((lease) => this.#finished.get(leaseKey(lease))?.outcome ?? []),
    };
  }

  /** Those it holds or has finished. */
  known(leases: readonly Lease[]): Lease[] {
    return leases.filter((lease) => this.#tasks.isHeld(lease) || this.#tasks.isFinished(lease));
  }

  /** The leases that it keeps. */
  withdraw(leases: readonly Lease[], keepRunning: boolean): Lease[] {
    // The computation that was withdrawn continues until its next step here, as it does on a node.
    return this.#tasks.withdraw(leases, { keepRunning }).kept;
  }

  #start(): void {
    if (!this.#tasks.start(() => !this.#isHeld)) return;
    this.#settings.world.in(this.#settings.party, 200 + this.#settings.world.int(2_000), () => this.#computed());
  }

  #computed(): void {
    const { world, party, failShare, made, deliverHere } = this.#settings;
    const entry = this.#tasks.end();
    this.#start();
    if (!entry) return;
    const hasFailed = world.isIn(failShare());
    const token = hasFailed ? null : `${party.id}#${party.life}.${this.#count++}`;
    if (token !== null) made(token, entry.lease);
    const status = hasFailed ? OutcomeStatus.FAILED : OutcomeStatus.SUCCEEDED;
    const outcome = { lease: entry.lease, status, edgeServerId: party.id, isRetryable: true, isLost: false, token };
    if (entry.lease.baseStationId === party.id) {
      deliverHere(outcome);
      this.#tasks.taken(entry.lease);
      return;
    }
    this.#finished.set(leaseKey(entry.lease), { outcome, isOnDisk: false });
    this.#deliver(outcome, 0);
  }

  #deliver(outcome: Outcome, attempt: number): void {
    const { world, party, peers } = this.#settings;
    peers.call<true>(
      { peerId: outcome.lease.baseStationId, timeoutMs: DELIVER_TIMEOUT_MS },
      (peer, respond) => peer.deliver(party.id, outcome, respond),
      (answer) => {
        const isTaken = answer !== null && ('said' in answer || answer.refused === 'not-offered');
        const key = leaseKey(outcome.lease);
        if (isTaken || !this.#tasks.isFinished(outcome.lease)) {
          this.#tasks.taken(outcome.lease);
          this.#finished.delete(key);
          return;
        }
        this.#finished.set(key, { outcome, isOnDisk: true });
        world.in(party, Math.min(5_000, 100 * 2 ** attempt), () => this.#deliver(outcome, attempt + 1));
      },
    );
  }
}
