// The life of leases at their base station, from their arrival until their outcome is stored. No I/O, no clock.
//
//   submit -> undecided -> offering -> out -> receiving -> ended        An outcome is believed only from an edge server to which this very
//                ^           |  refused,       |  fetch failed           lease was offered; a failure only from the one that has it now.
//                +-----------+  no answer <----+
import type { OutcomeStatus } from '../rpc/gen/agent_pb.js';
import { isSameLease, type Lease, leaseKey, taskKey } from './lease.js';
import { SUCCEEDED } from './outcome-status.js';
import { FETCH_GIVE_UP_MS } from './patience.js';

export interface HomeLife {
  readonly lease: Lease;
  phase: 'undecided' | 'offering' | 'out' | 'receiving';
  /** Where it is offered or out. */
  holderId: string | null;
  /** The edge servers that may have it: offered to and not refused. */
  readonly offeredTo: Set<string>;
  /** Where it was before its result started to come in, and from whom it comes. */
  phaseBefore: 'undecided' | 'out';
  receivingFromId: string | null;
  /** Withdrawals from its edge server under way: what that says of it meanwhile may be their doing. */
  withdrawals: number;
  /** Real ms on the owner's clock; null while nothing went wrong. */
  fetchFailedSinceMs: number | null;
}

export function startHomeLife(lease: Lease): HomeLife {
  return {
    ...{ lease, phase: 'undecided', holderId: null, offeredTo: new Set() },
    ...{ phaseBefore: 'undecided', receivingFromId: null, withdrawals: 0, fetchFailedSinceMs: null },
  };
}

export type OfferAnswerKind = 'accepted' | 'refused' | 'failed' | 'outdated';
/** `wait`: an answer to the offer is on its way and comes first. */
export type DeliveryVerdict<Home> = { kind: 'unwanted' } | { kind: 'not-offered' } | { kind: 'fetch' | 'end' | 'wait'; home: Home };

export class HomeTasks<Home extends HomeLife> {
  readonly #open = new Map<string, Home>();
  readonly #undecided = new Map<string, Home>();

  /** Those that wait for a decision by task key, in order of arrival. */
  get undecided(): ReadonlyMap<string, Home> {
    return this.#undecided;
  }

  get size(): number {
    return this.#open.size;
  }

  all(): Home[] {
    return [...this.#open.values()];
  }

  isOpen(home: Home): boolean {
    return this.#open.get(taskKey(home.lease)) === home;
  }

  /** `storedEpoch` is that of an outcome not acknowledged yet. A known or older lease is ignored; a newer one replaces what is open. */
  submit(home: Home, storedEpoch: number | null): { isNew: boolean; replaced: Home | null } {
    const key = taskKey(home.lease);
    const replaced = this.#open.get(key) ?? null;
    if (Math.max(replaced?.lease.epoch ?? -1, storedEpoch ?? -1) >= home.lease.epoch) return { isNew: false, replaced: null };
    this.#open.set(key, home);
    this.#undecided.set(key, home);
    return { isNew: true, replaced };
  }

  startOffer(home: Home, edgeServerId: string): void {
    home.phase = 'offering';
    home.holderId = edgeServerId;
    home.offeredTo.add(edgeServerId);
    this.#leaveUndecided(home);
  }

  /** False when the lease is ended by the answer. */
  answerOffer(home: Home, answer: OfferAnswerKind): boolean {
    if (home.phase !== 'offering') return this.isOpen(home);
    if (answer === 'accepted') {
      home.phase = 'out';
      return true;
    }
    // No answer leaves it open whether the task is there: what it delivers is welcome.
    if (answer !== 'failed' && home.holderId !== null) home.offeredTo.delete(home.holderId);
    if (answer === 'outdated') return false;
    this.#putBack(home);
    return true;
  }

  checkDelivery(fromId: string, outcome: { lease: Lease; status: OutcomeStatus }): DeliveryVerdict<Home> {
    const home = this.#open.get(taskKey(outcome.lease));
    if (!home || !isSameLease(home.lease, outcome.lease)) return { kind: 'unwanted' };
    if (!home.offeredTo.has(fromId)) return { kind: 'not-offered' };
    if (home.phase === 'offering' || home.phase === 'receiving') return { kind: 'wait', home };
    if (outcome.status === SUCCEEDED) return { kind: 'fetch', home };
    if (home.phase === 'out' && home.holderId === fromId) return { kind: 'end', home };
    // It had the task after an offer without an answer; the task is elsewhere or free by now.
    home.offeredTo.delete(fromId);
    return { kind: 'unwanted' };
  }

  startReceive(home: Home, fromId: string): void {
    home.receivingFromId = fromId;
    home.phaseBefore = home.phase === 'undecided' ? 'undecided' : 'out';
    home.phase = 'receiving';
    this.#leaveUndecided(home);
  }

  /** The result did not come over. False when that lasted too long and the edge server had its chances: then the lease is to be ended. */
  fetchFailed(home: Home, fromId: string, nowMs: number): boolean {
    home.fetchFailedSinceMs ??= nowMs;
    const isGivenUp = nowMs - home.fetchFailedSinceMs > FETCH_GIVE_UP_MS;
    const isHolder = home.phaseBefore === 'out' && home.holderId === fromId;
    if (home.phaseBefore === 'out') home.phase = 'out';
    else this.#putBack(home);
    if (!isGivenUp) return true;
    if (isHolder) return false;
    home.offeredTo.delete(fromId);
    home.fetchFailedSinceMs = null;
    return true;
  }

  /** All that is to be had from each edge server alone: what is out there, and what is just being fetched from there. */
  byHolder(): Map<string, Home[]> {
    const held = this.all().filter(({ phase, phaseBefore, receivingFromId, holderId }) => {
      return phase === 'out' || (phase === 'receiving' && phaseBefore === 'out' && receivingFromId === holderId);
    });
    return Map.groupBy(held, (home) => home.holderId ?? '');
  }

  /** Tasks are asked back from their edge servers. */
  startWithdraw(homes: readonly Home[]): void {
    for (const home of homes) home.withdrawals += 1;
  }

  /** What was given back has ended. */
  endWithdraw(homes: readonly Home[]): void {
    for (const home of homes) home.withdrawals -= 1;
  }

  /**
   * Of the leases that were asked for, those that the edge server neither holds nor has finished. Only what is still out there counts, and
   * nothing that is just being withdrawn: what has been given back is not lost.
   */
  checkReport(edgeServerId: string, asked: readonly Home[], known: readonly Lease[]): Home[] {
    const there = new Set(known.map(leaseKey));
    return asked.filter(
      (home) =>
        this.isOpen(home) &&
        home.phase === 'out' &&
        home.withdrawals === 0 &&
        home.holderId === edgeServerId &&
        !there.has(leaseKey(home.lease)),
    );
  }

  /** Exactly these leases, or all of a run. */
  find(runId: string, leases: readonly Lease[] | null): Home[] {
    if (!leases) return this.all().filter((home) => home.lease.runId === runId);
    return leases.flatMap((lease) => {
      const home = this.#open.get(taskKey(lease));
      return home && isSameLease(home.lease, lease) ? [home] : [];
    });
  }

  /** Takes a task out of the decisions; false when it is not among them. */
  claimUndecided(home: Home): boolean {
    return this.isOpen(home) && this.#leaveUndecided(home);
  }

  /** False when another lease has taken its place meanwhile: then nothing is to be reported of it. */
  end(home: Home): boolean {
    if (!this.isOpen(home)) return false;
    this.#open.delete(taskKey(home.lease));
    this.#leaveUndecided(home);
    return true;
  }

  #putBack(home: Home): void {
    home.phase = 'undecided';
    home.holderId = null;
    if (this.isOpen(home)) this.#undecided.set(taskKey(home.lease), home);
  }

  #leaveUndecided(home: Home): boolean {
    const key = taskKey(home.lease);
    return this.#undecided.get(key) === home && this.#undecided.delete(key);
  }
}
