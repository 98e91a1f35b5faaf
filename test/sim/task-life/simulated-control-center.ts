// The control center around the real board and keeper of leases: it does with the network of the world what the run executor does with RPC.
import { OutcomeStatus } from '../../../src/shared/rpc/gen/agent_pb.js';
import { type Lease, leaseKey } from '../../../src/shared/task-life/lease.js';
import { LEASE_TIMEOUT_MS, LIST_LEASES_INTERVAL_MS } from '../../../src/shared/task-life/patience.js';
import type { LeaseKeeper, LeaseKeeperOptions } from '../../../src/main/domain/runs/lease-keeper.js';
import type { TaskBoard, TaskBoardOptions } from '../../../src/main/domain/runs/task-board.js';
import type { MemoryRows } from './memory-rows.js';
import type { Outcome, SimulatedAgent } from './simulated-agent.js';
import type { Answer, Party, World } from './world.js';

const CHECK_INTERVAL_MS = 500;
const WATCH_INTERVAL_MS = 300;
const CALL_TIMEOUT_MS = 10_000;
const SILENCE_LIMIT_MS = 5_000;

export const RUN_ID = 'run';

export interface ControlCenterSettings {
  world: World;
  party: Party;
  rows: MemoryRows;
  agents: readonly SimulatedAgent[];
  makeBoard: (options: TaskBoardOptions) => TaskBoard;
  makeKeeper: (options: LeaseKeeperOptions) => LeaseKeeper;
  /** What a node that forges says beside its own outcomes. */
  forged: (agent: SimulatedAgent) => Outcome[];
  /** The old fault: in a pause a node is asked for all of a run instead of for its own leases. */
  takesBackAll?: boolean | undefined;
  /** An image was accepted for a task. */
  accepted: (lease: Lease, outcome: Outcome) => void;
}

interface Line {
  agent: SimulatedAgent;
  isConnected: boolean;
  isConfigured: boolean;
  isConnecting: boolean;
  /** The agent's process at the other end: its end breaks the line. */
  life: number;
  readyAtMs: number;
  listedAtMs: number;
  /** What it was told last about holding; null when it is not known whether it heard. */
  saidHold: boolean | null;
  /** What is said to a node, one after the other; the first is under way. */
  talks: ((next: () => void) => void)[];
}

export class SimulatedControlCenter {
  readonly party: Party;
  readonly #settings: ControlCenterSettings;
  board!: TaskBoard;
  #keeper!: LeaseKeeper;
  #lines: Line[] = [];
  #lost = new Set<string>();
  #holding = new Set<string>();
  #isStopping = false;
  #isPaused = false;
  #isCutOff = false;
  #anyReadyAtMs = 0;
  #lastCheckMs = 0;
  #isDispatching = false;

  constructor(settings: ControlCenterSettings) {
    this.#settings = settings;
    this.party = settings.party;
    this.#begin();
  }

  get openCount(): number {
    return this.board.openCount;
  }

  restart(downForMs: number): void {
    const { world } = this.#settings;
    this.party.life += 1;
    this.party.isDown = true;
    this.party.suspendedUntilMs = 0;
    world.at(downForMs, () => {
      this.party.isDown = false;
      this.#begin();
    });
  }

  /** By the user: one task, or all that does not compute. */
  cancelTask(taskId: string): void {
    const task = this.board.get(taskId);
    if (this.party.isDown || !task || (task.state !== 'pending' && task.state !== 'sent')) return;
    const lease = task.state === 'sent' ? this.board.leaseOf(task) : null;
    this.board.cancel([task]);
    const line = lease && this.#lines.find(({ agent }) => agent.id === lease.baseStationId);
    if (line?.isConnected) this.#cancelAt(line, [lease as Lease], false, () => undefined);
  }

  cancelRest(): void {
    if (this.party.isDown) return;
    this.#isStopping = true;
    this.#settings.rows.isStopping = true;
    this.board.cancel(this.board.pending());
    for (const line of this.#lines) if (line.isConnected) this.#withdrawWaiting(line, () => undefined);
  }

  pause(): void {
    if (this.party.isDown || this.#isStopping) return;
    this.#isPaused = true;
    for (const line of this.#lines) this.#hold(line);
  }

  goOn(): void {
    if (this.party.isDown || !this.#isPaused) return;
    this.#isPaused = false;
    for (const line of this.#lines) this.#hold(line);
    this.#dispatchSoon();
  }

  #begin(): void {
    const { world, rows, agents, makeBoard, makeKeeper } = this.#settings;
    this.board = makeBoard({
      ...{ runId: RUN_ID, maxAttempts: 20, rows },
      elapsedMs: () => world.nowMs,
      moved: ({ tasks }) => {
        const pending = tasks.filter((task) => task.state === 'pending');
        if (pending.length === 0) return;
        if (this.#isStopping) this.board.cancel(pending);
        else this.#dispatchSoon();
      },
    });
    this.#isPaused = false;
    this.#isStopping = rows.isStopping;
    this.#holding.clear();
    this.#lost.clear();
    this.#isDispatching = false;
    this.#keeper = makeKeeper({
      ...{ runId: RUN_ID, board: this.board },
      isStopping: () => this.#isStopping,
      isHolding: (lease) => this.#holding.has(leaseKey(lease)),
    });
    const never = {
      isConnected: false,
      isConfigured: false,
      isConnecting: false,
      life: 0,
      readyAtMs: world.nowMs,
      listedAtMs: 0,
      saidHold: null,
    };
    this.#lines = agents.map((agent) => ({ ...never, agent, talks: [] }));
    this.#anyReadyAtMs = world.nowMs;
    this.#lastCheckMs = world.nowMs;
    this.#isCutOff = false;
    if (this.#isStopping) this.board.cancel(this.board.pending());
    world.every(this.party, CHECK_INTERVAL_MS, () => this.#check());
    for (const line of this.#lines) world.every(this.party, WATCH_INTERVAL_MS, () => this.#watch(line));
  }

  // --- nodes ---

  #watch(line: Line): void {
    const { agent } = line;
    if (!line.isConnected) {
      if (line.isConnecting) return;
      line.isConnecting = true;
      this.#call<true>(
        line,
        SILENCE_LIMIT_MS,
        () => ({ said: true }),
        (answer) => {
          line.isConnecting = false;
          if (!answer) return;
          line.isConnected = true;
          line.life = agent.party.life;
          this.#configure(line);
        },
      );
      return;
    }
    this.#call<Outcome[]>(
      line,
      SILENCE_LIMIT_MS,
      () => ({ said: [...agent.outcomes(), ...this.#settings.forged(agent)] }),
      (answer) => {
        if (answer && 'said' in answer && line.life === agent.party.life) for (const outcome of answer.said) this.#take(line, outcome);
        else {
          line.isConnected = false;
          line.isConfigured = false;
        }
      },
    );
  }

  #configure(line: Line): void {
    line.isConfigured = false;
    const asked = this.#keeper.leasesAt(line.agent.id);
    this.#say(line, (next) => {
      this.#call<Lease[]>(
        line,
        CALL_TIMEOUT_MS,
        () => ({ said: line.agent.configure() }),
        (answer) => {
          if (!answer || !('said' in answer)) {
            next();
            return;
          }
          const known = answer.said;
          const settle = (): void => {
            this.#reconcile(line, { asked, known }, () => {
              line.isConfigured = true;
              line.readyAtMs = this.#settings.world.nowMs;
              this.#lost.delete(line.agent.id);
              this.#dispatchSoon();
              this.#hold(line);
              next();
            });
          };
          if (this.#isStopping) this.#withdrawWaiting(line, settle);
          else settle();
        },
      );
    });
  }

  #reconcile(line: Line, said: { asked: Lease[]; known: Lease[] }, done: () => void): void {
    const stale = this.#keeper.reconcile(line.agent.id, said);
    if (stale.length === 0) done();
    else this.#cancelAt(line, stale, false, done);
  }

  #check(): void {
    const now = this.#settings.world.nowMs;
    for (const line of this.#lines) if (line.isConnected && !line.isConfigured && line.talks.length === 0) this.#configure(line);
    if (now - this.#lastCheckMs > 3_000) this.#giveAllTime(now);
    this.#lastCheckMs = now;
    const standing = this.#standing();
    for (const line of standing) {
      line.readyAtMs = now;
      if (line.talks.length === 0 && line.saidHold !== this.#isPaused) this.#hold(line);
      const asked = this.#keeper.leasesAt(line.agent.id);
      if (line.talks.length > 0 || asked.length === 0 || now - line.listedAtMs < LIST_LEASES_INTERVAL_MS) continue;
      line.listedAtMs = now;
      this.#list(line, asked);
    }
    if (standing.length > 0) {
      if (this.#isCutOff) this.#giveAllTime(now);
      this.#isCutOff = false;
      this.#anyReadyAtMs = now;
      for (const line of this.#lines) if (this.#lost.has(line.agent.id) || now - line.readyAtMs > LEASE_TIMEOUT_MS) this.#lose(line);
    } else if (now - this.#anyReadyAtMs > LEASE_TIMEOUT_MS) this.#isCutOff = true;
    this.#dispatchSoon();
  }

  #list(line: Line, asked: Lease[]): void {
    this.#say(line, (next) => {
      this.#call<Lease[]>(
        line,
        CALL_TIMEOUT_MS,
        () => ({ said: line.agent.knownLeases() }),
        (answer) => (answer && 'said' in answer ? this.#reconcile(line, { asked, known: answer.said }, next) : next()),
      );
    });
  }

  #lose(line: Line): void {
    const ended = this.#keeper.endAllOf(line.agent.id, 'lost');
    if (ended.length > 0) for (const other of this.#lines) if (other.isConnected) this.#cancelAt(other, ended, false, () => undefined);
    this.#lost.add(line.agent.id);
  }

  #giveAllTime(now: number): void {
    this.#anyReadyAtMs = now;
    for (const line of this.#lines) line.readyAtMs = now;
  }

  #standing(): Line[] {
    return this.#lines.filter((line) => line.isConnected && line.isConfigured);
  }

  // --- tasks ---

  #dispatchSoon(): void {
    if (this.#isDispatching) return;
    this.#isDispatching = true;
    this.#settings.world.in(this.party, 1, () => {
      this.#isDispatching = false;
      if (!this.#isStopping && !this.#isPaused) this.#dispatch();
    });
  }

  #dispatch(): void {
    const standing = this.#standing();
    for (const task of this.board.pending()) {
      const own = standing.find(({ agent }) => agent.id === task.baseStationId);
      const line = own ?? (this.#lost.has(task.baseStationId) ? standing[task.ordinal % standing.length] : undefined);
      if (!line) continue;
      const leases = this.board.send(line.agent.id, [task]).map(({ lease }) => lease);
      this.#say(line, (next) => {
        this.#call<true>(
          line,
          CALL_TIMEOUT_MS,
          () => line.agent.submit(leases),
          (answer) => {
            if (!answer || 'refused' in answer) line.isConfigured = false;
            next();
          },
        );
      });
    }
  }

  #take(line: Line, outcome: Outcome): void {
    const { lease } = outcome;
    const key = leaseKey(lease);
    if (this.#holding.has(key)) return;
    const acknowledge = (): void => {
      this.#call<true>(
        line,
        CALL_TIMEOUT_MS,
        () => {
          line.agent.acknowledge([lease]);
          return { said: true };
        },
        () => undefined,
      );
    };
    if (!this.#keeper.hears(line.agent.id, lease)) {
      acknowledge();
      return;
    }
    if (outcome.status === OutcomeStatus.SUCCEEDED) {
      this.#holding.add(key);
      this.#fetch(line, outcome, (isSettled) => {
        this.#holding.delete(key);
        if (isSettled) acknowledge();
      });
      return;
    }
    if (outcome.status === OutcomeStatus.CANCELLED) this.#keeper.givenBack(lease);
    else this.board.end(lease, { message: 'failed', countsAsFailure: !outcome.isLost, isRetryable: outcome.isRetryable });
    acknowledge();
  }

  #fetch(line: Line, outcome: Outcome, done: (isSettled: boolean) => void): void {
    const { lease, token, edgeServerId } = outcome;
    this.#call<true>(
      line,
      CALL_TIMEOUT_MS,
      () => (token !== null && line.agent.hasImage(token) ? { said: true } : { refused: 'no image' }),
      (answer) => {
        if (answer && 'said' in answer) {
          const delays = { uploadMs: 0, waitingMs: 0, computeMs: 0, downloadMs: 0, controlMs: 0, serviceMs: 0 };
          const image = { sha256: token ?? '', sizeBytes: 1, widthPx: 1, heightPx: 1, mediaType: 'image/png', isSimulated: true };
          const instants = { computeStartMs: 0, computeEndMs: 0, acceptedMs: 0 };
          const result = { taskId: lease.taskId, leaseEpoch: lease.epoch, edgeServerId, delays, ...instants, image };
          if (this.#keeper.hears(line.agent.id, lease) && this.board.accept([{ result, lease }])[0])
            this.#settings.accepted(lease, outcome);
          done(true);
        } else if (line.isConnected) {
          this.board.end(lease, { message: 'not fetched', countsAsFailure: false });
          done(true);
        } else done(false);
      },
    );
  }

  /** Tells a node whether to begin anything new, and takes back what it has not begun. */
  #hold(line: Line): void {
    if (!line.isConnected) return;
    this.#say(line, (next) => {
      const isHeld = this.#isPaused;
      line.saidHold = null;
      this.#call<true>(
        line,
        CALL_TIMEOUT_MS,
        () => ({ said: line.agent.setHold(isHeld) }),
        (answer) => {
          if (answer) line.saidHold = isHeld;
          if (answer && isHeld && this.#isPaused) this.#takeBack(line, next);
          else next();
        },
      );
    });
  }

  #takeBack(line: Line, next: () => void): void {
    const leases = this.#keeper.askBack(line.agent.id);
    this.#call<Lease[]>(
      line,
      CALL_TIMEOUT_MS,
      null,
      (answer) => {
        if (answer && 'said' in answer) this.board.takeBack(answer.said);
        next();
      },
      (respond) => line.agent.cancel({ leases: this.#settings.takesBackAll ? null : leases, keepRunning: true }, respond),
    );
  }

  #withdrawWaiting(line: Line, done: () => void): void {
    this.#call<Lease[]>(
      line,
      CALL_TIMEOUT_MS,
      null,
      (answer) => {
        if (answer && 'said' in answer) this.board.cancelLeases(answer.said);
        done();
      },
      (respond) => line.agent.cancel({ leases: null, keepRunning: true }, respond),
    );
  }

  #cancelAt(line: Line, leases: Lease[], keepRunning: boolean, done: () => void): void {
    this.#call<Lease[]>(line, CALL_TIMEOUT_MS, null, done, (respond) => line.agent.cancel({ leases, keepRunning }, respond));
  }

  #say(line: Line, talk: (next: () => void) => void): void {
    const next = (): void => {
      line.talks.shift();
      line.talks[0]?.(next);
    };
    line.talks.push(talk);
    if (line.talks.length === 1) talk(next);
  }

  #call<T>(
    line: Line,
    timeoutMs: number,
    handle: (() => Answer<T>) | null,
    done: (answer: Answer<T>) => void,
    handleLater?: (respond: (answer: Answer<T>) => void) => void,
  ): void {
    const way = { from: this.party, to: line.agent.party, timeoutMs };
    this.#settings.world.call<T>(way, (respond) => (handle ? respond(handle()) : handleLater?.(respond)), done);
  }
}
