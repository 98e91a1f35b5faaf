// One exploration: a run of a few tasks over three agents, faults from a plan, and then peace, in which everything has to end. A plan is made
// from a seed and is smaller or shorter without anything but that changing, so that a failure can be told in few words.
import { createRandom } from '../../../src/random/random.js';
import { OutcomeStatus } from '../../../src/shared/rpc/gen/agent_pb.js';
import { type Lease, leaseKey, MAX_LEASE_EPOCH } from '../../../src/shared/task-life/lease.js';
import { LeaseKeeper, type LeaseKeeperOptions } from '../../../src/main/domain/runs/lease-keeper.js';
import { TaskBoard, type TaskBoardOptions } from '../../../src/main/domain/runs/task-board.js';
import { MemoryRows } from './memory-rows.js';
import { SimulatedAgent } from './simulated-agent.js';
import { SimulatedControlCenter } from './simulated-control-center.js';
import { type Outcome, REAL_RULES, RUN_ID, type Rules } from './simulated-tasks.js';
import { FAIR, type Party, type Weather, World } from './world.js';

const NODES = ['n1', 'n2', 'n3'];
/** Its certificate is in wrong hands; beside that it is a node like the others. */
const FORGER = 'n2';
const FAULTS_UNTIL_MS = 20_000;
/** Every task has ended, and nothing is left of any, so long after the last fault. */
export const PEACE_MS = 90_000;

export type Fault =
  | { kind: 'weather'; atMs: number; forMs: number; weather: Weather }
  | { kind: 'cut' | 'block'; atMs: number; forMs: number; ways: [string, string][] }
  /** One that never heals: what can be done without it is to be done. */
  | { kind: 'cut-for-good' | 'block-for-good'; atMs: number; forMs: 0; ways: [string, string][] }
  | { kind: 'restart' | 'suspend'; atMs: number; forMs: number; partyId: string }
  | { kind: 'forge'; atMs: number; forMs: number }
  | { kind: 'broken-worker'; atMs: number; forMs: number; share: number }
  | { kind: 'pause'; atMs: number; forMs: number }
  | { kind: 'cancel-task'; atMs: number; forMs: 0; taskId: string }
  | { kind: 'cancel-rest'; atMs: number; forMs: 0 };

export interface Plan {
  seed: number;
  taskCount: number;
  faults: Fault[];
}

export interface Mutation {
  rules?: Partial<Rules>;
  makeBoard?: (options: TaskBoardOptions) => TaskBoard;
  makeKeeper?: (options: LeaseKeeperOptions) => LeaseKeeper;
  takesBackAll?: boolean;
}

export function makePlan(seed: number): Plan {
  const random = createRandom(seed);
  const int = (below: number): number => Math.floor(random.nextFloat() * below);
  const parties = ['cc', ...NODES];
  const one = <T>(items: readonly T[]): T => items[int(items.length)] as T;
  const taskCount = 4 + int(24);
  const makeFault = (): Fault => {
    const atMs = int(FAULTS_UNTIL_MS - 1_000);
    const forMs = 200 + int(one([1_000, 8_000, FAULTS_UNTIL_MS]));
    const node = one(NODES);
    const everybody = parties.flatMap((a) => parties.filter((b) => b !== a).map((b): [string, string] => [a, b]));
    switch (int(11)) {
      case 0:
        return { kind: 'weather', atMs, forMs, weather: { lossShare: random.nextFloat() * 0.5, repeatShare: 0, maxDelayMs: 20 } };
      case 1:
        return { kind: 'weather', atMs, forMs, weather: { lossShare: 0.05, repeatShare: 0.5, maxDelayMs: one([100, 1_000, 6_000]) } };
      case 2:
        return { kind: 'cut', atMs, forMs, ways: everybody };
      case 3:
        return { kind: one(['cut', 'block']), atMs, forMs, ways: everybody.filter(([, to]) => to === node) };
      case 4:
        return { kind: one(['cut', 'block']), atMs, forMs, ways: everybody.filter(([from]) => from === node) };
      case 5:
        return { kind: 'cut', atMs, forMs, ways: everybody.filter(([from, to]) => from === 'cc' || to === 'cc') };
      case 6:
        return { kind: 'cut', atMs, forMs, ways: [one(everybody), one(everybody)] };
      case 7:
        return { kind: 'restart', atMs, forMs: 10 + int(6_000), partyId: one(parties) };
      case 8:
        return { kind: 'suspend', atMs, forMs, partyId: one(parties) };
      case 9:
        return { kind: 'forge', atMs, forMs };
      default:
        if (int(2) === 0) return { kind: 'broken-worker', atMs, forMs, share: random.nextFloat() * 0.5 };
        if (int(4) === 0) return { kind: 'cancel-rest', atMs, forMs: 0 };
        return { kind: 'cancel-task', atMs, forMs: 0, taskId: `t${int(taskCount)}` };
    }
  };
  const faults = Array.from({ length: 1 + int(6) }, makeFault);
  if (int(3) === 0) {
    const [gone, atMs] = [one(NODES), int(6_000)];
    const into = parties.filter((id) => id !== gone).map((id): [string, string] => [id, gone]);
    const out = into.map(([id]): [string, string] => [gone, id]);
    const isPeers = ([from, to]: [string, string]): boolean => from !== 'cc' && to !== 'cc';
    faults.push(
      one<Fault>([
        { kind: 'cut-for-good', atMs, forMs: 0, ways: [...into, ...out] },
        { kind: 'block-for-good', atMs, forMs: 0, ways: into },
        { kind: 'block-for-good', atMs, forMs: 0, ways: out },
        { kind: 'block-for-good', atMs, forMs: 0, ways: into.filter(isPeers) },
      ]),
    );
  }
  if (int(4) === 0) faults.push({ kind: 'pause', atMs: int(FAULTS_UNTIL_MS - 1_000), forMs: 200 + int(8_000) });
  return { seed, taskCount, faults };
}

/** Nothing goes wrong, but that messages take their time: then a task that was given back is the only one that is re-sent. */
export function makePausePlan(seed: number): Plan {
  const random = createRandom(seed);
  const int = (below: number): number => Math.floor(random.nextFloat() * below);
  const weather = { lossShare: 0, repeatShare: 0, maxDelayMs: [20, 100, 400][int(3)] ?? 20 };
  const pauses = Array.from({ length: 1 + int(3) }, (): Fault => ({ kind: 'pause', atMs: 500 + int(15_000), forMs: 1_000 + int(4_000) }));
  return { seed, taskCount: 4 + int(24), faults: [{ kind: 'weather', atMs: 0, forMs: FAULTS_UNTIL_MS, weather }, ...pauses] };
}

/** What is wrong after the plan, in one sentence; null when every promise was kept. */
export function explore(plan: Plan, mutation: Mutation = {}): { problem: string | null; log: string[] } {
  return new Exploration(plan, mutation).run();
}

/** The smallest plan that still goes wrong, by leaving out faults and tasks one after the other. */
export function shrink(plan: Plan, mutation: Mutation = {}): Plan {
  const isWrong = (candidate: Plan): boolean => explore(candidate, mutation).problem !== null;
  for (let index = 0; index < plan.faults.length; index++) {
    const without = { ...plan, faults: plan.faults.filter((_, other) => other !== index) };
    if (isWrong(without)) return shrink(without, mutation);
  }
  const fewer = { ...plan, taskCount: plan.taskCount - 1 };
  return fewer.taskCount > 0 && isWrong(fewer) ? shrink(fewer, mutation) : plan;
}

class Exploration {
  readonly #plan: Plan;
  readonly #world: World;
  readonly #rows: MemoryRows;
  readonly #agents: SimulatedAgent[] = [];
  readonly #controlCenter: SimulatedControlCenter;
  readonly #made = new Map<string, Lease>();
  readonly #accepted: string[] = [];
  readonly #canceled = new Set<string>();
  #problem: string | null = null;
  #isForging = 0;
  #failShare = 0;

  constructor(plan: Plan, { rules, makeBoard, makeKeeper, takesBackAll }: Mutation) {
    this.#plan = plan;
    this.#world = new World(plan.seed);
    const tasks = Array.from({ length: plan.taskCount }, (_, index) => ({
      id: `t${index}`,
      baseStationId: NODES[index % NODES.length] as string,
    }));
    this.#rows = new MemoryRows(tasks);
    for (const id of NODES) {
      const agent = new SimulatedAgent({
        world: this.#world,
        party: this.#party(id),
        rules: { ...REAL_RULES, ...rules },
        peers: () => this.#agents.filter((other) => other.id !== id),
        made: (token, lease) => this.#made.set(token, lease),
        failShare: () => this.#failShare,
      });
      this.#agents.push(agent);
    }
    this.#controlCenter = new SimulatedControlCenter({
      world: this.#world,
      party: this.#party('cc'),
      rows: this.#rows,
      agents: this.#agents,
      makeBoard: makeBoard ?? ((options) => new TaskBoard(options)),
      takesBackAll,
      makeKeeper: makeKeeper ?? ((options) => new LeaseKeeper(options)),
      forged: (agent) => (agent.id === FORGER && this.#isForging > 0 ? [this.#forgedOutcome()] : []),
      accepted: (lease, outcome) => this.#accept(lease, outcome),
    });
  }

  run(): { problem: string | null; log: string[] } {
    let lastFaultMs = 0;
    for (const fault of this.#plan.faults) {
      lastFaultMs = Math.max(lastFaultMs, fault.atMs + fault.forMs);
      this.#world.at(fault.atMs, () => this.#start(fault));
    }
    const world = this.#world;
    while (this.#problem === null && world.nowMs < lastFaultMs + PEACE_MS && world.step()) {
      if (world.nowMs > lastFaultMs && this.#controlCenter.openCount === 0 && this.#leftovers().length === 0) break;
    }
    return { problem: this.#problem ?? this.#check(), log: world.log };
  }

  #check(): string | null {
    for (const row of this.#rows.rows.values()) {
      if (row.state === 'cancelled' && (this.#canceled.has(row.id) || this.#rows.isStopping)) continue;
      if (row.state !== 'succeeded') return `task ${row.id} ended as ${row.state} (lease ${row.leaseEpoch} at ${row.baseStationId})`;
    }
    const isCalm = this.#plan.faults.every(({ kind }) => kind === 'pause' || kind === 'weather');
    const resent = isCalm && this.#isLossless() && [...this.#rows.rows.values()].find((row) => row.attempts > 1);
    if (resent) return `task ${resent.id} was sent ${resent.attempts} times, and nothing was lost`;
    if (this.#rows.openAttempts.size > 0) return `attempts did not end: ${[...this.#rows.openAttempts].join(', ')}`;
    if (new Set(this.#accepted).size < this.#accepted.length) return `accepted twice: ${this.#accepted.join(', ')}`;
    const succeeded = [...this.#rows.rows.values()].filter((row) => row.state === 'succeeded').length;
    if (succeeded !== this.#accepted.length) return `${succeeded} succeeded, ${this.#accepted.length} accepted`;
    const [left] = this.#leftovers();
    return left === undefined ? null : `something is left over: ${left}`;
  }

  #isLossless(): boolean {
    return this.#plan.faults.every(
      (fault) => fault.kind !== 'weather' || (fault.weather.lossShare === 0 && fault.weather.maxDelayMs <= 400),
    );
  }

  #leftovers(): string[] {
    // What no one can reach any more, no one can tidy up.
    const isWhole = !this.#plan.faults.some((fault) => fault.kind === 'cut-for-good' || fault.kind === 'block-for-good');
    return isWhole ? this.#agents.flatMap((agent) => agent.leftovers()) : [];
  }

  #accept(lease: Lease, outcome: Outcome): void {
    this.#world.note(`accepted ${leaseKey(lease)}`);
    this.#accepted.push(lease.taskId);
    const made = outcome.token === null ? undefined : this.#made.get(outcome.token);
    if (made?.taskId !== lease.taskId) this.#problem = `accepted for ${leaseKey(lease)} what was never made: ${outcome.token}`;
  }

  #start(fault: Fault): void {
    const world = this.#world;
    world.note(JSON.stringify(fault));
    const later = (end: () => void): void => world.at(fault.forMs, end);
    switch (fault.kind) {
      case 'weather':
        world.weather = fault.weather;
        later(() => (world.weather = FAIR));
        return;
      case 'cut':
        for (const [from, to] of fault.ways) world.cut(from, to, 1);
        later(() => fault.ways.forEach(([from, to]) => world.cut(from, to, -1)));
        return;
      case 'block':
        for (const [from, to] of fault.ways) world.block(from, to, 1);
        later(() => fault.ways.forEach(([from, to]) => world.block(from, to, -1)));
        return;
      case 'cut-for-good':
      case 'block-for-good':
        for (const [from, to] of fault.ways) world[fault.kind === 'cut-for-good' ? 'cut' : 'block'](from, to, 1);
        return;
      case 'restart':
        this.#restart(fault.partyId, fault.forMs);
        return;
      case 'suspend':
        this.#partyOf(fault.partyId).suspendedUntilMs = world.nowMs + fault.forMs;
        return;
      case 'forge':
        this.#isForging += 1;
        this.#forgeOn();
        later(() => (this.#isForging -= 1));
        return;
      case 'broken-worker':
        this.#failShare = fault.share;
        later(() => (this.#failShare = 0));
        return;
      case 'pause':
        this.#controlCenter.pause();
        later(() => this.#controlCenter.goOn());
        return;
      case 'cancel-task':
        this.#canceled.add(fault.taskId);
        this.#controlCenter.cancelTask(fault.taskId);
        return;
      case 'cancel-rest':
        this.#controlCenter.cancelRemaining();
    }
  }

  #restart(partyId: string, downForMs: number): void {
    const process = partyId === 'cc' ? this.#controlCenter : this.#agents.find((agent) => agent.id === partyId);
    if (process && !process.party.isDown) process.restart(downForMs);
  }

  // --- forgeries: whatever one certificate allows, about whatever task ---

  #forgeOn(): void {
    const world = this.#world;
    if (this.#isForging === 0) return;
    const target = world.pick(this.#agents.filter((agent) => agent.id !== FORGER));
    const own = this.#forgedLease(FORGER);
    switch (world.int(4)) {
      case 0: {
        const outcome = this.#forgedOutcome();
        if (!target.party.isDown && !target.mayHaveOffered(FORGER, outcome.lease)) target.deliver(FORGER, outcome, () => undefined);
        break;
      }
      case 1:
        if (!target.party.isDown) target.offer(FORGER, own);
        break;
      case 2:
        if (!target.party.isDown) target.withdraw(FORGER, [own], world.isIn(0.5));
        break;
      default:
        if (!target.party.isDown) target.check(FORGER, [own], [own]);
    }
    world.at(50 + world.int(400), () => this.#forgeOn());
  }

  /** Of another base station's lease, or of one that the forger does not have: about its own it is believed. */
  #forgedOutcome(): Outcome {
    const world = this.#world;
    const lease = this.#forgedLease(world.pick(NODES));
    const row = this.#rows.rows.get(lease.taskId);
    const isOfForger = row?.baseStationId === FORGER && lease.baseStationId === FORGER && row.leaseEpoch === lease.epoch;
    const status = world.pick([OutcomeStatus.SUCCEEDED, OutcomeStatus.FAILED, OutcomeStatus.CANCELLED]);
    const forged = { status, edgeServerId: FORGER, isRetryable: false, isLost: false, token: 'forged' };
    return { ...forged, lease: isOfForger ? { ...lease, epoch: lease.epoch + 1_000 } : lease };
  }

  #forgedLease(baseStationId: string): Lease {
    const world = this.#world;
    const taskId = `t${world.int(this.#plan.taskCount)}`;
    const epoch = this.#rows.rows.get(taskId)?.leaseEpoch ?? 1;
    const epochs = [epoch, epoch, epoch + 1, Math.max(1, epoch - 1), MAX_LEASE_EPOCH];
    return { runId: RUN_ID, taskId, baseStationId, epoch: world.pick(epochs) };
  }

  #party(id: string): Party {
    const party = { id, life: 0, isDown: false, suspendedUntilMs: 0 };
    this.#world.parties.set(id, party);
    return party;
  }

  #partyOf(id: string): Party {
    const party = this.#world.parties.get(id);
    if (!party) throw new Error(`no party ${id}`);
    return party;
  }
}
