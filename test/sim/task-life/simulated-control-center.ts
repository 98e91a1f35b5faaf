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

interface Connection {
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
  #connections: Connection[] = [];
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
    this.#startUp();
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
      this.#startUp();
    });
  }

  /** By the user: one task, or all that does not compute. */
  cancelTask(taskId: string): void {
    const task = this.board.get(taskId);
    if (this.party.isDown || !task || (task.state !== 'pending' && task.state !== 'sent')) return;
    const lease = task.state === 'sent' ? this.board.leaseOf(task) : null;
    this.board.cancel([task]);
    const connection = lease && this.#connections.find(({ agent }) => agent.id === lease.baseStationId);
    if (connection?.isConnected) this.#cancelAt(connection, [lease as Lease], false, () => undefined);
  }

  cancelRemaining(): void {
    if (this.party.isDown) return;
    this.#isStopping = true;
    this.#settings.rows.isStopping = true;
    this.board.cancel(this.board.pending());
    for (const connection of this.#connections) if (connection.isConnected) this.#withdrawWaiting(connection, () => undefined);
  }

  pause(): void {
    if (this.party.isDown || this.#isStopping) return;
    this.#isPaused = true;
    for (const connection of this.#connections) this.#hold(connection);
  }

  goOn(): void {
    if (this.party.isDown || !this.#isPaused) return;
    this.#isPaused = false;
    for (const connection of this.#connections) this.#hold(connection);
    this.#dispatchSoon();
  }

  #startUp(): void {
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
    this.#connections = agents.map((agent) => ({ ...never, agent, talks: [] }));
    this.#anyReadyAtMs = world.nowMs;
    this.#lastCheckMs = world.nowMs;
    this.#isCutOff = false;
    if (this.#isStopping) this.board.cancel(this.board.pending());
    world.every(this.party, CHECK_INTERVAL_MS, () => this.#check());
    for (const connection of this.#connections) world.every(this.party, WATCH_INTERVAL_MS, () => this.#watch(connection));
  }

  // --- nodes ---

  #watch(connection: Connection): void {
    const { agent } = connection;
    if (!connection.isConnected) {
      if (connection.isConnecting) return;
      connection.isConnecting = true;
      this.#call<true>(
        connection,
        SILENCE_LIMIT_MS,
        () => ({ said: true }),
        (answer) => {
          connection.isConnecting = false;
          if (!answer) return;
          connection.isConnected = true;
          connection.life = agent.party.life;
          this.#configure(connection);
        },
      );
      return;
    }
    this.#call<Outcome[]>(
      connection,
      SILENCE_LIMIT_MS,
      () => ({ said: [...agent.outcomes(), ...this.#settings.forged(agent)] }),
      (answer) => {
        if (answer && 'said' in answer && connection.life === agent.party.life)
          for (const outcome of answer.said) this.#take(connection, outcome);
        else {
          connection.isConnected = false;
          connection.isConfigured = false;
        }
      },
    );
  }

  #configure(connection: Connection): void {
    connection.isConfigured = false;
    const asked = this.#keeper.leasesAt(connection.agent.id);
    this.#say(connection, (next) => {
      this.#call<Lease[]>(
        connection,
        CALL_TIMEOUT_MS,
        () => ({ said: connection.agent.configure() }),
        (answer) => {
          if (!answer || !('said' in answer)) {
            next();
            return;
          }
          const known = answer.said;
          const settle = (): void => {
            this.#reconcile(connection, { asked, known }, () => {
              connection.isConfigured = true;
              connection.readyAtMs = this.#settings.world.nowMs;
              this.#lost.delete(connection.agent.id);
              this.#dispatchSoon();
              this.#hold(connection);
              next();
            });
          };
          if (this.#isStopping) this.#withdrawWaiting(connection, settle);
          else settle();
        },
      );
    });
  }

  #reconcile(connection: Connection, said: { asked: Lease[]; known: Lease[] }, done: () => void): void {
    const stale = this.#keeper.reconcile(connection.agent.id, said);
    if (stale.length === 0) done();
    else this.#cancelAt(connection, stale, false, done);
  }

  #check(): void {
    const now = this.#settings.world.nowMs;
    for (const connection of this.#connections)
      if (connection.isConnected && !connection.isConfigured && connection.talks.length === 0) this.#configure(connection);
    if (now - this.#lastCheckMs > 3_000) this.#giveAllTime(now);
    this.#lastCheckMs = now;
    const standing = this.#standing();
    for (const connection of standing) {
      connection.readyAtMs = now;
      if (connection.talks.length === 0 && connection.saidHold !== this.#isPaused) this.#hold(connection);
      const asked = this.#keeper.leasesAt(connection.agent.id);
      if (connection.talks.length > 0 || asked.length === 0 || now - connection.listedAtMs < LIST_LEASES_INTERVAL_MS) continue;
      connection.listedAtMs = now;
      this.#list(connection, asked);
    }
    if (standing.length > 0) {
      if (this.#isCutOff) this.#giveAllTime(now);
      this.#isCutOff = false;
      this.#anyReadyAtMs = now;
      for (const connection of this.#connections)
        if (this.#lost.has(connection.agent.id) || now - connection.readyAtMs > LEASE_TIMEOUT_MS) this.#lose(connection);
    } else if (now - this.#anyReadyAtMs > LEASE_TIMEOUT_MS) this.#isCutOff = true;
    this.#dispatchSoon();
  }

  #list(connection: Connection, asked: Lease[]): void {
    this.#say(connection, (next) => {
      this.#call<Lease[]>(
        connection,
        CALL_TIMEOUT_MS,
        () => ({ said: connection.agent.knownLeases() }),
        (answer) => (answer && 'said' in answer ? this.#reconcile(connection, { asked, known: answer.said }, next) : next()),
      );
    });
  }

  #lose(connection: Connection): void {
    const ended = this.#keeper.endAllOf(connection.agent.id, 'lost');
    if (ended.length > 0)
      for (const other of this.#connections) if (other.isConnected) this.#cancelAt(other, ended, false, () => undefined);
    this.#lost.add(connection.agent.id);
  }

  #giveAllTime(now: number): void {
    this.#anyReadyAtMs = now;
    for (const connection of this.#connections) connection.readyAtMs = now;
  }

  #standing(): Connection[] {
    return this.#connections.filter((connection) => connection.isConnected && connection.isConfigured);
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
      const connection = own ?? (this.#lost.has(task.baseStationId) ? standing[task.ordinal % standing.length] : undefined);
      if (!connection) continue;
      const leases = this.board.send(connection.agent.id, [task]).map(({ lease }) => lease);
      this.#say(connection, (next) => {
        this.#call<true>(
          connection,
          CALL_TIMEOUT_MS,
          () => connection.agent.submit(leases),
          (answer) => {
            if (!answer || 'refused' in answer) connection.isConfigured = false;
            next();
          },
        );
      });
    }
  }

  #take(connection: Connection, outcome: Outcome): void {
    const { lease } = outcome;
    const key = leaseKey(lease);
    if (this.#holding.has(key)) return;
    const acknowledge = (): void => {
      this.#call<true>(
        connection,
        CALL_TIMEOUT_MS,
        () => {
          connection.agent.acknowledge([lease]);
          return { said: true };
        },
        () => undefined,
      );
    };
    if (!this.#keeper.hears(connection.agent.id, lease)) {
      acknowledge();
      return;
    }
    if (outcome.status === OutcomeStatus.SUCCEEDED) {
      this.#holding.add(key);
      this.#fetch(connection, outcome, (isSettled) => {
        this.#holding.delete(key);
        if (isSettled) acknowledge();
      });
      return;
    }
    if (outcome.status === OutcomeStatus.CANCELLED) this.#keeper.givenBack(lease);
    else this.board.end(lease, { message: 'failed', countsAsFailure: !outcome.isLost, isRetryable: outcome.isRetryable });
    acknowledge();
  }

  #fetch(connection: Connection, outcome: Outcome, done: (isSettled: boolean) => void): void {
    const { lease, token, edgeServerId } = outcome;
    this.#call<true>(
      connection,
      CALL_TIMEOUT_MS,
      () => (token !== null && connection.agent.hasImage(token) ? { said: true } : { refused: 'no image' }),
      (answer) => {
        if (answer && 'said' in answer) {
          const delays = { uploadMs: 0, waitingMs: 0, computeMs: 0, downloadMs: 0, controlMs: 0, serviceMs: 0 };
          const image = { sha256: token ?? '', sizeBytes: 1, widthPx: 1, heightPx: 1, mediaType: 'image/png', isSimulated: true };
          const instants = { computeStartMs: 0, computeEndMs: 0, acceptedMs: 0 };
          const result = { taskId: lease.taskId, leaseEpoch: lease.epoch, edgeServerId, delays, ...instants, image };
          if (this.#keeper.hears(connection.agent.id, lease) && this.board.accept([{ result, lease }])[0])
            this.#settings.accepted(lease, outcome);
          done(true);
        } else if (connection.isConnected) {
          this.board.end(lease, { message: 'not fetched', countsAsFailure: false });
          done(true);
        } else done(false);
      },
    );
  }

  /** Tells a node whether to start anything new, and takes back what it has not started. */
  #hold(connection: Connection): void {
    if (!connection.isConnected) return;
    this.#say(connection, (next) => {
      const isHeld = this.#isPaused;
      connection.saidHold = null;
      this.#call<true>(
        connection,
        CALL_TIMEOUT_MS,
        () => ({ said: connection.agent.setHold(isHeld) }),
        (answer) => {
          if (answer) connection.saidHold = isHeld;
          if (answer && isHeld && this.#isPaused) this.#takeBack(connection, next);
          else next();
        },
      );
    });
  }

  #takeBack(connection: Connection, next: () => void): void {
    const leases = this.#keeper.askBack(connection.agent.id);
    this.#call<Lease[]>(
      connection,
      CALL_TIMEOUT_MS,
      null,
      (answer) => {
        if (answer && 'said' in answer) this.board.takeBack(answer.said);
        next();
      },
      (respond) => connection.agent.cancel({ leases: this.#settings.takesBackAll ? null : leases, keepRunning: true }, respond),
    );
  }

  #withdrawWaiting(connection: Connection, done: () => void): void {
    this.#call<Lease[]>(
      connection,
      CALL_TIMEOUT_MS,
      null,
      (answer) => {
        if (answer && 'said' in answer) this.board.cancelLeases(answer.said);
        done();
      },
      (respond) => connection.agent.cancel({ leases: null, keepRunning: true }, respond),
    );
  }

  #cancelAt(connection: Connection, leases: Lease[], keepRunning: boolean, done: () => void): void {
    this.#call<Lease[]>(connection, CALL_TIMEOUT_MS, null, done, (respond) => connection.agent.cancel({ leases, keepRunning }, respond));
  }

  #say(connection: Connection, talk: (next: () => void) => void): void {
    const next = (): void => {
      connection.talks.shift();
      connection.talks[0]?.(next);
    };
    connection.talks.push(talk);
    if (connection.talks.length === 1) talk(next);
  }

  #call<T>(
    connection: Connection,
    timeoutMs: number,
    handle: (() => Answer<T>) | null,
    done: (answer: Answer<T>) => void,
    handleLater?: (respond: (answer: Answer<T>) => void) => void,
  ): void {
    const way = { from: this.party, to: connection.agent.party, timeoutMs };
    this.#settings.world.call<T>(way, (respond) => (handle ? respond(handle()) : handleLater?.(respond)), done);
  }
}
