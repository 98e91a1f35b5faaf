// The control center around the real board and keeper of leases: it does with the network of the world what the run executor does with RPC.
import type { Lease } from '../../../src/shared/task-life/lease.js';
import { LEASE_TIMEOUT_MS, LIST_LEASES_INTERVAL_MS } from '../../../src/shared/task-life/patience.js';
import type { LeaseKeeper, LeaseKeeperOptions } from '../../../src/main/domain/runs/lease-keeper.js';
import type { TaskBoard, TaskBoardOptions } from '../../../src/main/domain/runs/task-board.js';
import type { MemoryRows } from './memory-rows.js';
import type { SimulatedAgent } from './simulated-agent.js';
import { SimulatedConnection } from './simulated-connection.js';
import { SimulatedIntake } from './simulated-intake.js';
import { type Outcome, RUN_ID } from './simulated-tasks.js';
import type { Party, World } from './world.js';

const CHECK_INTERVAL_MS = 500;
const WATCH_INTERVAL_MS = 300;
const SILENCE_LIMIT_MS = 5_000;

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

export class SimulatedControlCenter {
  readonly party: Party;
  readonly #settings: ControlCenterSettings;
  board!: TaskBoard;
  #keeper!: LeaseKeeper;
  #connections: SimulatedConnection[] = [];
  #lost = new Set<string>();
  #intake!: SimulatedIntake;
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
    if (connection?.isConnected) connection.cancel([lease as Lease], false, () => undefined);
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
    const { world, rows, agents, makeBoard, makeKeeper, accepted } = this.#settings;
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
    this.#lost.clear();
    this.#isDispatching = false;
    this.#keeper = makeKeeper({
      ...{ runId: RUN_ID, board: this.board },
      isStopping: () => this.#isStopping,
      isHolding: (lease) => this.#intake.isHolding(lease),
    });
    this.#intake = new SimulatedIntake({ board: this.board, keeper: this.#keeper, accepted });
    this.#connections = agents.map((agent) => new SimulatedConnection(world, this.party, agent));
    this.#anyReadyAtMs = world.nowMs;
    this.#lastCheckMs = world.nowMs;
    this.#isCutOff = false;
    if (this.#isStopping) this.board.cancel(this.board.pending());
    world.every(this.party, CHECK_INTERVAL_MS, () => this.#check());
    for (const connection of this.#connections) world.every(this.party, WATCH_INTERVAL_MS, () => this.#watch(connection));
  }

  // --- nodes ---

  #watch(connection: SimulatedConnection): void {
    const { agent } = connection;
    if (!connection.isConnected) {
      if (connection.isConnecting) return;
      connection.isConnecting = true;
      connection.call<true>(
        () => ({ said: true }),
        (answer) => {
          connection.isConnecting = false;
          if (!answer) return;
          connection.isConnected = true;
          connection.life = agent.party.life;
          this.#configure(connection);
        },
        SILENCE_LIMIT_MS,
      );
      return;
    }
    connection.call<Outcome[]>(
      () => ({ said: [...agent.outcomes(), ...this.#settings.forged(agent)] }),
      (answer) => {
        if (answer && 'said' in answer && connection.life === agent.party.life)
          for (const outcome of answer.said) this.#intake.take(connection, outcome);
        else {
          connection.isConnected = false;
          connection.isConfigured = false;
        }
      },
      SILENCE_LIMIT_MS,
    );
  }

  #configure(connection: SimulatedConnection): void {
    connection.isConfigured = false;
    const asked = this.#keeper.leasesAt(connection.agent.id);
    connection.say((next) => {
      connection.call<Lease[]>(
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

  #reconcile(connection: SimulatedConnection, said: { asked: Lease[]; known: Lease[] }, done: () => void): void {
    const stale = this.#keeper.reconcile(connection.agent.id, said);
    if (stale.length === 0) done();
    else connection.cancel(stale, false, done);
  }

  #check(): void {
    const now = this.#settings.world.nowMs;
    for (const connection of this.#connections)
      if (connection.isConnected && !connection.isConfigured && !connection.isTalking) this.#configure(connection);
    if (now - this.#lastCheckMs > 3_000) this.#giveAllTime(now);
    this.#lastCheckMs = now;
    const standing = this.#standing();
    for (const connection of standing) {
      connection.readyAtMs = now;
      if (!connection.isTalking && connection.saidHold !== this.#isPaused) this.#hold(connection);
      const asked = this.#keeper.leasesAt(connection.agent.id);
      if (connection.isTalking || asked.length === 0 || now - connection.listedAtMs < LIST_LEASES_INTERVAL_MS) continue;
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

  #list(connection: SimulatedConnection, asked: Lease[]): void {
    connection.say((next) => {
      connection.call<Lease[]>(
        () => ({ said: connection.agent.knownLeases() }),
        (answer) => (answer && 'said' in answer ? this.#reconcile(connection, { asked, known: answer.said }, next) : next()),
      );
    });
  }

  #lose(connection: SimulatedConnection): void {
    const ended = this.#keeper.endAllOf(connection.agent.id, 'lost');
    if (ended.length > 0) for (const other of this.#connections) if (other.isConnected) other.cancel(ended, false, () => undefined);
    this.#lost.add(connection.agent.id);
  }

  #giveAllTime(now: number): void {
    this.#anyReadyAtMs = now;
    for (const connection of this.#connections) connection.readyAtMs = now;
  }

  #standing(): SimulatedConnection[] {
    return this.#connections.filter((connection) => connection.isReady);
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
      connection.say((next) => {
        connection.call<true>(
          () => connection.agent.submit(leases),
          (answer) => {
            if (!answer || 'refused' in answer) connection.isConfigured = false;
            next();
          },
        );
      });
    }
  }

  /** Says to a node whether to start anything new, and takes back what it has not started. */
  #hold(connection: SimulatedConnection): void {
    if (!connection.isConnected) return;
    connection.say((next) => {
      const isHeld = this.#isPaused;
      connection.saidHold = null;
      connection.call<true>(
        () => ({ said: connection.agent.setHold(isHeld) }),
        (answer) => {
          if (answer) connection.saidHold = isHeld;
          if (answer && isHeld && this.#isPaused) this.#takeBack(connection, next);
          else next();
        },
      );
    });
  }

  #takeBack(connection: SimulatedConnection, next: () => void): void {
    const leases = this.#keeper.askBack(connection.agent.id);
    connection.cancel(this.#settings.takesBackAll ? null : leases, true, (answer) => {
      if (answer && 'said' in answer) this.board.takeBack(answer.said);
      next();
    });
  }

  #withdrawWaiting(connection: SimulatedConnection, done: () => void): void {
    connection.cancel(null, true, (answer) => {
      if (answer && 'said' in answer) this.board.cancelLeases(answer.said);
      done();
    });
  }
}
