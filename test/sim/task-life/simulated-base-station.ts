// The base station of a simulated agent, around the real rules. It decides by chance which edge server gets a task.
import { OutcomeStatus } from '../../../src/shared/rpc/gen/agent_pb.js';
import { startHomeLife, type HomeTasks } from '../../../src/shared/task-life/home-tasks.js';
import { type Lease, leaseKey, taskKey } from '../../../src/shared/task-life/lease.js';
import { CHECK_TASKS_INTERVAL_MS, PEER_LOST_MS } from '../../../src/shared/task-life/patience.js';
import type { SimulatedEdgeServer } from './simulated-edge-server.js';
import type { OfferAnswer, SimulatedPeers } from './simulated-peers.js';
import { type Outcome, RUN_ID, type Rules, type SimHome } from './simulated-tasks.js';
import type { Answer, Party, Respond, World } from './world.js';

const OFFER_TIMEOUT_MS = 3_000;
const FETCH_TIMEOUT_MS = 10_000;
const WATCH_INTERVAL_MS = 500;

export interface BaseStationSettings {
  world: World;
  party: Party;
  peers: SimulatedPeers;
  makeHome: Rules['makeHome'];
  /** The one on the same node. */
  edgeServer: SimulatedEdgeServer;
}

export class SimulatedBaseStation {
  readonly #settings: BaseStationSettings;
  readonly #id: string;
  #home!: HomeTasks<SimHome>;
  /** Outcomes that the control center has not acknowledged; successes survive a restart. */
  readonly #stored = new Map<string, Outcome>();
  #lastLookMs = 0;
  #graceUntilMs = 0;
  #isDeciding = false;

  constructor(settings: BaseStationSettings) {
    this.#settings = settings;
    this.#id = settings.party.id;
  }

  startUp(): void {
    const { world, party, makeHome } = this.#settings;
    this.#home = makeHome();
    this.#isDeciding = false;
    for (const [key, { status }] of this.#stored) if (status !== OutcomeStatus.SUCCEEDED) this.#stored.delete(key);
    this.#lastLookMs = world.nowMs;
    world.every(party, WATCH_INTERVAL_MS, () => this.#look());
  }

  homes(): SimHome[] {
    return this.#home.all();
  }

  outcomes(): Outcome[] {
    return [...this.#stored.values()];
  }

  mayHaveOffered(edgeServerId: string, lease: Lease): boolean {
    return this.#home.find(lease.runId, [lease]).some((home) => home.offeredTo.has(edgeServerId));
  }

  hasImage(token: string): boolean {
    return this.outcomes().some((outcome) => outcome.token === token);
  }

  // --- for the control center ---

  submit(leases: readonly Lease[]): Answer<true> {
    for (const lease of leases) {
      if (lease.baseStationId !== this.#id) return { refused: 'of another base station' };
      const home = { ...startHomeLife(lease), checkedAtMs: 0 };
      const { replaced } = this.#home.submit(home, this.#stored.get(taskKey(lease))?.lease.epoch ?? null);
      if (replaced) for (const edgeServerId of replaced.offeredTo) this.#withdraw(edgeServerId, [replaced.lease], false, () => undefined);
    }
    this.#decideSoon();
    return { said: true };
  }

  acknowledge(leases: readonly Lease[]): void {
    for (const lease of leases) {
      const stored = this.#stored.get(taskKey(lease));
      if (stored?.lease.epoch === lease.epoch) this.#stored.delete(taskKey(lease));
    }
  }

  /** Ends its own tasks, of `leases` or all: answers with those that no edge server kept. */
  cancel(request: { leases: readonly Lease[] | null; keepRunning: boolean }, respond: Respond<Lease[]>): void {
    const { leases, keepRunning } = request;
    const requested = this.#home.find(RUN_ID, leases);
    const cancelled = requested.filter((home) => this.#home.claimUndecided(home));
    const out = requested.filter((home) => home.phase === 'out' && !cancelled.includes(home));
    const byServer = Map.groupBy(out, (home) => home.holderId ?? '');
    let waiting = byServer.size;
    this.#home.startWithdraw(out);
    const finish = (): void => {
      for (const home of cancelled) this.#end(home, { status: OutcomeStatus.CANCELLED });
      this.#home.endWithdraw(out);
      respond({ said: cancelled.map((home) => home.lease) });
    };
    if (waiting === 0) finish();
    for (const [edgeServerId, homes] of byServer) {
      this.#withdraw(
        edgeServerId,
        homes.map((home) => home.lease),
        keepRunning,
        (kept) => {
          const keptKeys = new Set(kept?.map(leaseKey));
          cancelled.push(...homes.filter((home) => home.phase === 'out' && !keptKeys.has(leaseKey(home.lease))));
          waiting -= 1;
          if (waiting === 0) finish();
        },
      );
    }
  }

  // --- for edge servers ---

  receive(fromId: string, outcome: Outcome, respond: Respond<true>): void {
    const { peers } = this.#settings;
    const verdict = this.#home.checkDelivery(fromId, outcome);
    if (verdict.kind === 'unwanted') respond({ said: true });
    else if (verdict.kind === 'not-offered') respond({ refused: 'not-offered' });
    else if (verdict.kind === 'wait') respond({ refused: 'busy' });
    else if (verdict.kind === 'end') {
      this.#home.startReceive(verdict.home, fromId);
      this.#end(verdict.home, outcome);
      respond({ said: true });
    } else {
      const { home } = verdict;
      if (fromId === this.#id) {
        this.#home.startReceive(home, fromId);
        this.#end(home, outcome);
        respond({ said: true });
        return;
      }
      if (!peers.isReachable(fromId)) {
        this.#home.startReceive(home, fromId);
        this.#fetchFailed(home, fromId);
        respond({ refused: 'out of reach' });
        return;
      }
      this.#home.startReceive(home, fromId);
      peers.call<true>(
        { peerId: fromId, timeoutMs: FETCH_TIMEOUT_MS },
        (peer, answer) => answer(outcome.token !== null && peer.hasImage(outcome.token) ? { said: true } : { refused: 'no image' }),
        (answer) => {
          if (answer && 'said' in answer) {
            this.#end(home, outcome);
            respond({ said: true });
          } else {
            this.#fetchFailed(home, fromId);
            respond({ refused: 'image not fetched' });
          }
        },
      );
    }
  }

  #fetchFailed(home: SimHome, fromId: string): void {
    if (!this.#home.fetchFailed(home, fromId, this.#settings.world.nowMs)) this.#endLost(home);
    if (home.phase === 'undecided') this.#decideSoon();
  }

  #endLost(home: SimHome): void {
    this.#end(home, { status: OutcomeStatus.FAILED, isLost: true });
  }

  #end(home: SimHome, ending: Partial<Outcome>): void {
    if (!this.#home.end(home)) return;
    const base = { status: OutcomeStatus.FAILED, edgeServerId: home.holderId ?? '', isRetryable: true, isLost: false, token: null };
    this.#stored.set(taskKey(home.lease), { ...base, ...ending, lease: home.lease });
  }

  // --- by itself ---

  #look(): void {
    const { world, peers } = this.#settings;
    const now = world.nowMs;
    if (now - this.#lastLookMs > 4 * WATCH_INTERVAL_MS) this.#graceUntilMs = now + PEER_LOST_MS;
    this.#lastLookMs = now;
    for (const [edgeServerId, homes] of this.#home.byHolder()) {
      if (edgeServerId !== this.#id && peers.ageMs(edgeServerId) > PEER_LOST_MS && now > this.#graceUntilMs) {
        for (const home of homes) this.#endLost(home);
      } else this.#check(edgeServerId, homes, now);
    }
    this.#decideSoon();
  }

  #check(edgeServerId: string, homes: SimHome[], now: number): void {
    const asked = homes.filter((home) => home.phase === 'out' && now - home.checkedAtMs >= CHECK_TASKS_INTERVAL_MS);
    if (asked.length === 0) return;
    const { peers, edgeServer } = this.#settings;
    for (const home of asked) home.checkedAtMs = now;
    const leases = asked.map((home) => home.lease);
    const verify = (known: readonly Lease[]): void => {
      for (const home of this.#home.checkReport(edgeServerId, asked, known)) this.#endLost(home);
    };
    if (edgeServerId === this.#id) {
      verify(edgeServer.known(leases));
      return;
    }
    const way = { peerId: edgeServerId, timeoutMs: OFFER_TIMEOUT_MS };
    peers.call<{ held: Lease[]; outcomes: Outcome[] }>(
      way,
      (peer, respond) => respond(peer.check(this.#id, leases, [])),
      (answer) => {
        if (!answer || !('said' in answer)) {
          peers.failed(edgeServerId);
          return;
        }
        const { held, outcomes } = answer.said;
        for (const outcome of outcomes) {
          this.receive(edgeServerId, outcome, (taken) => {
            if (!taken || !('said' in taken)) return;
            peers.call(
              way,
              (peer, respond) => respond(peer.check(this.#id, [], [outcome.lease])),
              () => undefined,
            );
          });
        }
        verify([...held, ...outcomes.map((outcome) => outcome.lease)]);
      },
    );
  }

  #decideSoon(): void {
    if (this.#isDeciding) return;
    this.#isDeciding = true;
    this.#settings.world.in(this.#settings.party, 5, () => {
      this.#isDeciding = false;
      for (const home of [...this.#home.undecided.values()]) this.#place(home);
    });
  }

  #place(home: SimHome): void {
    const { world, peers, edgeServer } = this.#settings;
    const edgeServerId = world.pick([this.#id, ...peers.ids()].filter((id) => peers.isReachable(id)));
    this.#home.startOffer(home, edgeServerId);
    if (edgeServerId === this.#id) {
      this.#settleOffer(home, edgeServer.admit(home.lease));
      return;
    }
    peers.call<OfferAnswer>(
      { peerId: edgeServerId, timeoutMs: OFFER_TIMEOUT_MS },
      (peer, respond) => respond(peer.offer(this.#id, home.lease)),
      (answer) => {
        if (answer && 'said' in answer) {
          peers.reached(edgeServerId);
          this.#settleOffer(home, answer.said);
        } else {
          peers.failed(edgeServerId);
          this.#settleOffer(home, 'failed');
        }
      },
    );
  }

  #settleOffer(home: SimHome, answer: OfferAnswer | 'failed'): void {
    home.checkedAtMs = this.#settings.world.nowMs;
    if (!this.#home.answerOffer(home, answer)) this.#endLost(home);
    if (home.phase === 'undecided') this.#decideSoon();
  }

  /** `null`: it does not answer, and counts as having given all back. */
  #withdraw(edgeServerId: string, leases: Lease[], keepRunning: boolean, done: (kept: Lease[] | null) => void): void {
    const { peers, edgeServer } = this.#settings;
    if (edgeServerId === this.#id) {
      done(edgeServer.withdraw(leases, keepRunning));
      return;
    }
    peers.call<Lease[]>(
      { peerId: edgeServerId, timeoutMs: OFFER_TIMEOUT_MS },
      (peer, respond) => respond(peer.withdraw(this.#id, leases, keepRunning)),
      (answer) => done(answer && 'said' in answer ? answer.said : null),
    );
  }
}
