// An agent around the real rules of a base station and an edge server: it does with the network of the world what the agent's services do
// with RPC. One difference: it decides by chance which edge server gets a task.
import { OutcomeStatus } from '../../../src/shared/rpc/gen/agent_pb.js';
import { EdgeTasks } from '../../../src/shared/task-life/edge-tasks.js';
import { startHomeLife, type HomeLife, HomeTasks } from '../../../src/shared/task-life/home-tasks.js';
import { type Lease, leaseKey, MAX_LEASE_EPOCH, taskKey } from '../../../src/shared/task-life/lease.js';
import { CHECK_TASKS_INTERVAL_MS, PEER_LOST_MS } from '../../../src/shared/task-life/patience.js';
import type { Answer, Party, Respond, World } from './world.js';

export interface Outcome {
  lease: Lease;
  status: OutcomeStatus;
  edgeServerId: string;
  isRetryable: boolean;
  isLost: boolean;
  /** Stands for the image. */
  token: string | null;
}

export interface SimHome extends HomeLife {
  checkedAtMs: number;
}

export interface SimEntry {
  readonly lease: Lease;
}

/** What a test takes out of the rules, to see that the exploration notices. */
export interface Rules {
  makeHome: () => HomeTasks<SimHome>;
  makeEdge: () => EdgeTasks<SimEntry>;
  /** The old fault: anyone who speaks counts as reachable. */
  believesWords?: boolean;
}

export const REAL_RULES: Rules = { makeHome: () => new HomeTasks(), makeEdge: () => new EdgeTasks() };

const EXCHANGE_INTERVAL_MS = 1_000;
const OFFER_TIMEOUT_MS = 3_000;
const DELIVER_TIMEOUT_MS = 30_000;
const FETCH_TIMEOUT_MS = 10_000;
const WATCH_INTERVAL_MS = 500;

export interface AgentSettings {
  world: World;
  party: Party;
  rules: Rules;
  peers: () => SimulatedAgent[];
  /** Notes that an image was really made. */
  made: (token: string, lease: Lease) => void;
  failShare: () => number;
}

export class SimulatedAgent {
  readonly party: Party;
  readonly #settings: AgentSettings;
  #home: HomeTasks<SimHome>;
  #edge: EdgeTasks<SimEntry>;
  /** Outcomes that the control center has not acknowledged; successes survive a restart. */
  #stored = new Map<string, Outcome>();
  /** Outcomes that base stations have not taken; those that were not taken at once survive a restart. */
  #finished = new Map<string, { outcome: Outcome; isOnDisk: boolean }>();
  #answeredAtMs = new Map<string, number>();
  #failed = new Set<string>();
  #isConfigured = false;
  #isHeld = false;
  #lastLookMs = 0;
  #graceUntilMs = 0;
  #isDeciding = false;
  #count = 0;

  constructor(settings: AgentSettings) {
    this.#settings = settings;
    this.party = settings.party;
    this.#home = settings.rules.makeHome();
    this.#edge = settings.rules.makeEdge();
    this.#startUp();
  }

  get id(): string {
    return this.party.id;
  }

  /** All that is left of tasks here, for the end of an exploration. */
  leftovers(): string[] {
    const homes = this.#home.all().map((home) => `${this.id} home ${leaseKey(home.lease)} ${home.phase} at ${home.holderId}`);
    const held = this.#edge.held(() => true).map((lease) => `${this.id} holds ${leaseKey(lease)}`);
    const stored = [...this.#stored.values()].map((outcome) => `${this.id} stores ${leaseKey(outcome.lease)}`);
    return [...homes, ...held, ...stored];
  }

  mayHaveOffered(fromId: string, lease: Lease): boolean {
    return this.#home.find(lease.runId, [lease]).some((home) => home.offeredTo.has(fromId));
  }

  restart(downForMs: number): void {
    const { world, rules } = this.#settings;
    this.party.life += 1;
    this.party.isDown = true;
    this.party.suspendedUntilMs = 0;
    world.at(downForMs, () => {
      this.party.isDown = false;
      this.#home = rules.makeHome();
      this.#edge = rules.makeEdge();
      this.#isConfigured = false;
      this.#isHeld = false;
      this.#isDeciding = false;
      this.#answeredAtMs.clear();
      this.#failed.clear();
      for (const [key, { status }] of this.#stored) if (status !== OutcomeStatus.SUCCEEDED) this.#stored.delete(key);
      for (const [key, { outcome, isOnDisk }] of this.#finished) {
        if (!isOnDisk || outcome.status !== OutcomeStatus.SUCCEEDED) this.#finished.delete(key);
        else this.#edge.restoreFinished(outcome.lease);
      }
      this.#startUp();
      for (const { outcome } of this.#finished.values()) this.#deliver(outcome, 0);
    });
  }

  // --- for the control center ---

  configure(): Lease[] {
    this.#isConfigured = true;
    return this.knownLeases();
  }

  setHold(isHeld: boolean): true {
    this.#isHeld = isHeld;
    this.#start();
    return true;
  }

  knownLeases(): Lease[] {
    return [...[...this.#stored.values()].map((outcome) => outcome.lease), ...this.#home.all().map((home) => home.lease)];
  }

  submit(leases: readonly Lease[]): Answer<true> {
    if (!this.#isConfigured) return { refused: 'not configured' };
    for (const lease of leases) {
      if (lease.baseStationId !== this.id) return { refused: 'of another base station' };
      const home = { ...startHomeLife(lease), checkedAtMs: 0 };
      const { replaced } = this.#home.submit(home, this.#stored.get(taskKey(lease))?.lease.epoch ?? null);
      if (replaced) for (const edgeServerId of replaced.offeredTo) this.#withdraw(edgeServerId, [replaced.lease], false, () => undefined);
    }
    this.#decideSoon();
    return { said: true };
  }

  outcomes(): Outcome[] {
    return [...this.#stored.values()];
  }

  acknowledge(leases: readonly Lease[]): void {
    for (const lease of leases) {
      const stored = this.#stored.get(taskKey(lease));
      if (stored?.lease.epoch === lease.epoch) this.#stored.delete(taskKey(lease));
    }
  }

  cancel(request: { leases: readonly Lease[] | null; keepRunning: boolean }, respond: Respond<Lease[]>): void {
    const { leases, keepRunning } = request;
    const isLocal = (lease: Lease): boolean => lease.baseStationId === this.id;
    const foreign = leases ? leases.filter((lease) => !isLocal(lease)) : this.#edge.held((lease) => !isLocal(lease));
    this.#edgeWithdraw(foreign, keepRunning);
    const runId = 'run';
    const requested = this.#home.find(runId, leases ? leases.filter(isLocal) : null);
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

  /** True while the image can be fetched here. */
  hasImage(token: string): boolean {
    const own = [...this.#stored.values(), ...[...this.#finished.values()].map(({ outcome }) => outcome)];
    return own.some((outcome) => outcome.token === token);
  }

  // --- for peers; `fromId` is proven by the certificate ---

  exchange(fromId: string): Answer<true> {
    if (this.#settings.rules.believesWords) this.#reached(fromId);
    return { said: true };
  }

  offer(fromId: string, lease: Lease): Answer<'accepted' | 'refused' | 'outdated'> {
    if (lease.baseStationId !== fromId || lease.epoch > MAX_LEASE_EPOCH) return { refused: 'not its lease' };
    if (!this.#isConfigured) return { refused: 'not configured' };
    return { said: this.#admit(lease) };
  }

  deliver(fromId: string, outcome: Outcome, respond: Respond<true>): void {
    if (outcome.edgeServerId !== fromId) respond({ refused: 'speaks for another' });
    else this.#receive(fromId, outcome, respond);
  }

  withdraw(fromId: string, leases: readonly Lease[], keepRunning: boolean): Answer<Lease[]> {
    if (leases.some((lease) => lease.baseStationId !== fromId)) return { refused: 'not its leases' };
    return { said: this.#edgeWithdraw(leases, keepRunning) };
  }

  check(fromId: string, leases: readonly Lease[], taken: readonly Lease[]): Answer<{ held: Lease[]; outcomes: Outcome[] }> {
    if ([...leases, ...taken].some((lease) => lease.baseStationId !== fromId)) return { refused: 'not its leases' };
    for (const lease of taken) this.#edge.taken(lease);
    const finished = leases.filter((lease) => this.#edge.isFinished(lease));
    return {
      said: {
        held: leases.filter((lease) => this.#edge.isHeld(lease)),
        outcomes: finished.flatMap((lease) => this.#finished.get(leaseKey(lease))?.outcome ?? []),
      },
    };
  }

  // --- base station ---

  #startUp(): void {
    const { world } = this.#settings;
    this.#lastLookMs = world.nowMs;
    for (const peer of this.#settings.peers()) this.#answeredAtMs.set(peer.id, world.nowMs);
    world.every(this.party, EXCHANGE_INTERVAL_MS, () => this.#exchangeWithAll());
    world.every(this.party, WATCH_INTERVAL_MS, () => this.#look());
  }

  #exchangeWithAll(): void {
    for (const peer of this.#settings.peers()) {
      const call = this.#to(peer, 2_000);
      this.#settings.world.call<true>(
        call,
        (respond) => respond(peer.exchange(this.id)),
        (answer) => (answer && 'said' in answer ? this.#reached(peer.id) : this.#failed.add(peer.id)),
      );
    }
  }

  #reached(peerId: string): void {
    this.#answeredAtMs.set(peerId, this.#settings.world.nowMs);
    this.#failed.delete(peerId);
  }

  #ageMs(peerId: string): number {
    return this.#settings.world.nowMs - (this.#answeredAtMs.get(peerId) ?? 0);
  }

  #isReachable(peerId: string): boolean {
    return peerId === this.id || (!this.#failed.has(peerId) && this.#ageMs(peerId) <= 3_000);
  }

  #look(): void {
    const { world } = this.#settings;
    const now = world.nowMs;
    if (now - this.#lastLookMs > 4 * WATCH_INTERVAL_MS) this.#graceUntilMs = now + PEER_LOST_MS;
    this.#lastLookMs = now;
    for (const [edgeServerId, homes] of this.#home.byHolder()) {
      if (edgeServerId !== this.id && this.#ageMs(edgeServerId) > PEER_LOST_MS && now > this.#graceUntilMs) {
        for (const home of homes) this.#endLost(home);
      } else this.#check(edgeServerId, homes, now);
    }
    this.#decideSoon();
  }

  #check(edgeServerId: string, homes: SimHome[], now: number): void {
    const asked = homes.filter((home) => home.phase === 'out' && now - home.checkedAtMs >= CHECK_TASKS_INTERVAL_MS);
    if (asked.length === 0) return;
    for (const home of asked) home.checkedAtMs = now;
    const leases = asked.map((home) => home.lease);
    const verify = (known: readonly Lease[]): void => {
      for (const home of this.#home.checkReport(edgeServerId, asked, known)) this.#endLost(home);
    };
    if (edgeServerId === this.id) {
      verify(leases.filter((lease) => this.#edge.isHeld(lease) || this.#edge.isFinished(lease)));
      return;
    }
    const peer = this.#peer(edgeServerId);
    this.#settings.world.call<{ held: Lease[]; outcomes: Outcome[] }>(
      this.#to(peer, OFFER_TIMEOUT_MS),
      (respond) => respond(peer.check(this.id, leases, [])),
      (answer) => {
        if (!answer || !('said' in answer)) {
          this.#failed.add(edgeServerId);
          return;
        }
        const { held, outcomes } = answer.said;
        for (const outcome of outcomes) {
          this.#receive(edgeServerId, outcome, (taken) => {
            if (!taken || !('said' in taken)) return;
            this.#settings.world.call(
              this.#to(peer, OFFER_TIMEOUT_MS),
              (respond: Respond<unknown>) => respond(peer.check(this.id, [], [outcome.lease])),
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
    this.#settings.world.in(this.party, 5, () => {
      this.#isDeciding = false;
      for (const home of [...this.#home.undecided.values()]) this.#place(home);
    });
  }

  #place(home: SimHome): void {
    const { world } = this.#settings;
    const able = [this.id, ...this.#settings.peers().map((peer) => peer.id)].filter((id) => this.#isReachable(id));
    const edgeServerId = world.pick(able);
    this.#home.startOffer(home, edgeServerId);
    if (edgeServerId === this.id) {
      this.#settleOffer(home, this.#admit(home.lease));
      return;
    }
    const peer = this.#peer(edgeServerId);
    world.call<'accepted' | 'refused' | 'outdated'>(
      this.#to(peer, OFFER_TIMEOUT_MS),
      (respond) => respond(peer.offer(this.id, home.lease)),
      (answer) => {
        if (answer && 'said' in answer) {
          this.#reached(edgeServerId);
          this.#settleOffer(home, answer.said);
        } else {
          this.#failed.add(edgeServerId);
          this.#settleOffer(home, 'failed');
        }
      },
    );
  }

  #settleOffer(home: SimHome, answer: 'accepted' | 'refused' | 'failed' | 'outdated'): void {
    home.checkedAtMs = this.#settings.world.nowMs;
    if (!this.#home.answerOffer(home, answer)) this.#endLost(home);
    if (home.phase === 'undecided') this.#decideSoon();
  }

  #receive(fromId: string, outcome: Outcome, respond: Respond<true>): void {
    const { world } = this.#settings;
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
      if (fromId === this.id) {
        this.#home.startReceive(home, fromId);
        this.#end(home, outcome);
        respond({ said: true });
        return;
      }
      if (!this.#isReachable(fromId)) {
        this.#home.startReceive(home, fromId);
        this.#fetchFailed(home, fromId);
        respond({ refused: 'out of reach' });
        return;
      }
      this.#home.startReceive(home, fromId);
      const peer = this.#peer(fromId);
      world.call<true>(
        this.#to(peer, FETCH_TIMEOUT_MS),
        (answer) => answer(outcome.token !== null && peer.hasImage(outcome.token) ? { said: true } : { refused: 'no image' }),
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

  /** `null`: it does not answer, and counts as having given all back. */
  #withdraw(edgeServerId: string, leases: Lease[], keepRunning: boolean, done: (kept: Lease[] | null) => void): void {
    if (edgeServerId === this.id) {
      done(this.#edgeWithdraw(leases, keepRunning));
      return;
    }
    const peer = this.#peer(edgeServerId);
    this.#settings.world.call<Lease[]>(
      this.#to(peer, OFFER_TIMEOUT_MS),
      (respond) => respond(peer.withdraw(this.id, leases, keepRunning)),
      (answer) => done(answer && 'said' in answer ? answer.said : null),
    );
  }

  // --- edge server ---

  #admit(lease: Lease): 'accepted' | 'refused' | 'outdated' {
    const { world } = this.#settings;
    const verdict = this.#edge.checkOffer(lease);
    if (verdict === 'repeated') return 'accepted';
    if (verdict === 'outdated' || verdict === 'withdrawn') return 'outdated';
    if (verdict === 'full' || (verdict === 'new' && world.isIn(0.2))) return 'refused';
    this.#edge.admit({ lease });
    this.#start();
    return 'accepted';
  }

  #start(): void {
    if (!this.#edge.start(() => !this.#isHeld)) return;
    this.#settings.world.in(this.party, 200 + this.#settings.world.int(2_000), () => this.#computed());
  }

  #computed(): void {
    const { world, failShare, made } = this.#settings;
    const entry = this.#edge.end();
    this.#start();
    if (!entry) return;
    const hasFailed = world.isIn(failShare());
    const token = hasFailed ? null : `${this.id}#${this.party.life}.${this.#count++}`;
    if (token !== null) made(token, entry.lease);
    const status = hasFailed ? OutcomeStatus.FAILED : OutcomeStatus.SUCCEEDED;
    const outcome = { lease: entry.lease, status, edgeServerId: this.id, isRetryable: true, isLost: false, token };
    if (entry.lease.baseStationId === this.id) {
      this.#receive(this.id, outcome, () => undefined);
      this.#edge.taken(entry.lease);
      return;
    }
    this.#finished.set(leaseKey(entry.lease), { outcome, isOnDisk: false });
    this.#deliver(outcome, 0);
  }

  #deliver(outcome: Outcome, attempt: number): void {
    const { world } = this.#settings;
    const peer = this.#peer(outcome.lease.baseStationId);
    world.call<true>(
      this.#to(peer, DELIVER_TIMEOUT_MS),
      (respond) => peer.deliver(this.id, outcome, respond),
      (answer) => {
        const isTaken = answer !== null && ('said' in answer || answer.refused === 'not-offered');
        const key = leaseKey(outcome.lease);
        if (isTaken || !this.#edge.isFinished(outcome.lease)) {
          this.#edge.taken(outcome.lease);
          this.#finished.delete(key);
          return;
        }
        this.#finished.set(key, { outcome, isOnDisk: true });
        world.in(this.party, Math.min(5_000, 100 * 2 ** attempt), () => this.#deliver(outcome, attempt + 1));
      },
    );
  }

  #edgeWithdraw(leases: readonly Lease[], keepRunning: boolean): Lease[] {
    // The computation that was withdrawn continues until its next step here, as it does on a node.
    return this.#edge.withdraw(leases, { keepRunning }).kept;
  }

  #peer(id: string): SimulatedAgent {
    const peer = this.#settings.peers().find((candidate) => candidate.id === id);
    if (!peer) throw new Error(`no peer ${id}`);
    return peer;
  }

  #to(peer: SimulatedAgent, timeoutMs: number): { from: Party; to: Party; timeoutMs: number } {
    return { from: this.party, to: peer.party, timeoutMs };
  }
}
