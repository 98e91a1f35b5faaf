// The tasks of one run and the only owner of their states, attempts and leases while it executes. A transition is held to
// shared/task-life/control-center-rules.ts, written to the rows, and then made here, all in one synchronous step: what can't be written has
// not happened, and a program that ends in between finds it in the rows. All counts are made of the tasks as they are here.
import type { TaskRecord, TaskState } from '../../../shared/run.js';
import type { InputPicture } from '../../../shared/service.js';
import { isCurrent, isLastFailure, isOpen, mayBecome } from '../../../shared/task-life/control-center-rules.js';
import type { Lease } from '../../../shared/task-life/lease.js';
import type { AcceptedResult, TaskCounts, TaskRows } from './run-store.js';

interface MutableBoardTask {
  readonly id: string;
  readonly ordinal: number;
  readonly prompt: string;
  readonly seed: number;
  readonly qualitySteps: number;
  readonly computedSteps: number;
  readonly picture: InputPicture | null;
  readonly arrivalMs: number;
  baseStationId: string;
  state: TaskState;
  attempts: number;
  leaseEpoch: number;
  /** Failures of the task itself since the program started. */
  failureCount: number;
}

export type BoardTask = Readonly<MutableBoardTask>;

export interface TasksMoved {
  tasks: readonly BoardTask[];
  /** Why their leases ended; null when nothing went wrong. */
  failure: string | null;
}

export interface TaskBoardOptions {
  runId: string;
  maxAttempts: number;
  rows: TaskRows;
  /** Model ms since the run's start. */
  elapsedMs(): number;
  /** These tasks are in other states now, and their rows say so. */
  moved(move: TasksMoved): void;
  /** A result is on record. */
  accepted?(task: BoardTask, edgeServerId: string): void;
}

export interface Acceptance {
  lease: Lease;
  result: AcceptedResult;
}

export interface LeaseEnd {
  message: string;
  /** The task itself went wrong, as opposed to a node or a line. */
  countsAsFailure: boolean;
  isRetryable?: boolean;
  /** Where it went wrong; absent where it is not known. */
  edgeServerId?: string | null;
}

export class TaskBoard {
  readonly #options: TaskBoardOptions;
  readonly #tasks = new Map<string, MutableBoardTask>();
  readonly #byState: Record<TaskState, Set<MutableBoardTask>> = {
    pending: new Set(),
    sent: new Set(),
    succeeded: new Set(),
    failed: new Set(),
    cancelled: new Set(),
  };
  /** Ids. None leaves it: see `TaskCounts`. */
  readonly #resent: Set<string>;
  readonly #executedByNode = new Map<string, number>();

  constructor(options: TaskBoardOptions) {
    this.#options = options;
    this.#resent = new Set(options.rows.listResent(options.runId));
    for (const record of options.rows.listTasks(options.runId)) {
      const { id, ordinal, prompt, seed, qualitySteps, computedSteps, picture, arrivalMs } = record;
      const { baseStationId, state, attempts, leaseEpoch } = record;
      const plan = { id, ordinal, prompt, seed, qualitySteps, computedSteps, picture, arrivalMs };
      const task: MutableBoardTask = { ...plan, baseStationId, state, attempts, leaseEpoch, failureCount: 0 };
      this.#tasks.set(id, task);
      this.#index(task);
      this.#countExecuted(record);
    }
  }

  get(taskId: string): BoardTask | undefined {
    return this.#tasks.get(taskId);
  }

  all(): IterableIterator<BoardTask> {
    return this.#tasks.values();
  }

  pending(): BoardTask[] {
    return [...this.#byState.pending];
  }

  sent(): BoardTask[] {
    return [...this.#byState.sent];
  }

  get openCount(): number {
    return this.#byState.pending.size + this.#byState.sent.size;
  }

  get sentCount(): number {
    return this.#byState.sent.size;
  }

  get counts(): TaskCounts {
    const { pending, sent, succeeded, failed, cancelled } = this.#byState;
    return {
      ...{ pending: pending.size, sent: sent.size, succeeded: succeeded.size, failed: failed.size, cancelled: cancelled.size },
      resent: this.#resent.size,
    };
  }

  /** Executed tasks per edge server. */
  get executedByNode(): ReadonlyMap<string, number> {
    return this.#executedByNode;
  }

  leaseOf({ id, baseStationId, leaseEpoch }: BoardTask): Lease {
    return { runId: this.#options.runId, taskId: id, baseStationId, epoch: leaseEpoch };
  }

  /** Leases that start now. On disk before they are on the wire: a crash in between sends the tasks again, under higher leases. */
  send(baseStationId: string, tasks: readonly BoardTask[]): { task: BoardTask; lease: Lease }[] {
    const { runId, rows, elapsedMs } = this.#options;
    const own = this.#able(tasks, 'sent');
    const atMs = elapsedMs();
    const epochs = rows.markSent(
      runId,
      own.map((task) => ({ taskId: task.id, baseStationId, atMs })),
    );
    const sent = own.filter((task) => {
      const leaseEpoch = epochs.get(task.id);
      if (leaseEpoch === undefined) this.#adopt(task);
      else this.#move(task, 'sent', { baseStationId, leaseEpoch, attempts: task.attempts + 1 });
      return leaseEpoch !== undefined;
    });
    this.#announce(own, null);
    return sent.map((task) => ({ task, lease: this.leaseOf(task) }));
  }

  /** All in one commit, each once: false for each whose lease is not the current one any more. */
  accept(acceptances: readonly Acceptance[]): boolean[] {
    const current = acceptances.flatMap((acceptance) => {
      const task = this.#current(acceptance.lease);
      return task ? [{ acceptance, task }] : [];
    });
    const areStored = this.#options.rows.acceptResults(current.map(({ acceptance }) => acceptance.result));
    const accepted = new Set<Acceptance>();
    current.forEach(({ acceptance, task }, index) => {
      if (areStored[index] === true) {
        accepted.add(acceptance);
        this.#move(task, 'succeeded');
        const { edgeServerId } = acceptance.result;
        this.#countExecuted({ state: task.state, edgeServerId });
        this.#options.accepted?.(task, edgeServerId);
      } else if (task.state === 'sent') {
        this.#adopt(task);
      }
    });
    this.#announce(
      current.map(({ task }) => task),
      null,
    );
    return acceptances.map((acceptance) => accepted.has(acceptance));
  }

  /** Ends a lease that is still the current one; the task is pending again, or failed for good. */
  end(lease: Lease, { message, countsAsFailure, isRetryable = true, edgeServerId = null }: LeaseEnd): void {
    const { rows, maxAttempts, elapsedMs } = this.#options;
    const task = this.#current(lease);
    if (!task) return;
    const isFinal = isLastFailure(task, { countsAsFailure, isRetryable, maxAttempts });
    const isWritten = rows.recordFailure({ taskId: task.id, leaseEpoch: lease.epoch, edgeServerId, message, atMs: elapsedMs(), isFinal });
    if (isWritten) this.#move(task, isFinal ? 'failed' : 'pending', { failureCount: task.failureCount + (countsAsFailure ? 1 : 0) });
    else this.#adopt(task);
    this.#announce([task], message);
  }

  /** Current leases that nothing came of, as if their tasks had never been sent. Their epochs stay used, so that the next ones are new. */
  takeBack(leases: readonly Lease[]): void {
    const { runId, rows, elapsedMs } = this.#options;
    const tasks = [...new Set(leases.flatMap((lease) => this.#current(lease) ?? []))];
    if (tasks.length === 0) return;
    const ids = tasks.map(({ id }) => id);
    const isWritten = rows.takeBack(runId, ids, elapsedMs()) === tasks.length;
    for (const task of tasks) {
      if (isWritten) this.#move(task, 'pending', { attempts: task.attempts - 1 });
      else this.#adopt(task);
    }
    this.#announce(tasks, null);
  }

  /** `message` says on whose account. Tasks that have ended stay as they are. */
  cancel(tasks: readonly BoardTask[], message?: string): void {
    const { runId, rows } = this.#options;
    const own = this.#able(tasks, 'cancelled');
    if (own.length === 0) return;
    const ids = own.map(({ id }) => id);
    const isWritten = rows.cancelTasks(runId, ids, message) === own.length;
    for (const task of own) {
      if (isWritten) this.#move(task, 'cancelled');
      else this.#adopt(task);
    }
    this.#announce(own, null);
  }

  /** Cancels what is still out under these very leases. */
  cancelLeases(leases: readonly Lease[]): void {
    this.cancel(leases.flatMap((lease) => this.#current(lease) ?? []));
  }

  #current(lease: Lease): MutableBoardTask | undefined {
    const task = this.#tasks.get(lease.taskId);
    return lease.runId === this.#options.runId && isCurrent(task, lease) ? task : undefined;
  }

  #able(tasks: readonly BoardTask[], state: TaskState): MutableBoardTask[] {
    const own = tasks.flatMap(({ id }) => this.#tasks.get(id) ?? []);
    return [...new Set(own)].filter((task) => mayBecome(task.state, state));
  }

  #move(task: MutableBoardTask, state: TaskState, change: Partial<MutableBoardTask> = {}): void {
    if (!mayBecome(task.state, state)) throw new Error(`Task ${task.id} is ${task.state} and can't become ${state}`);
    this.#put(task, { ...change, state });
  }

  /** The row is not what was thought of it; it is right. */
  #adopt(task: MutableBoardTask): void {
    const row = this.#options.rows.getTask(this.#options.runId, task.id);
    if (!row) throw new Error(`Task ${task.id} of run ${this.#options.runId} has no row`);
    const { baseStationId, state, attempts, leaseEpoch } = row;
    if (isOpen(task.state)) this.#countExecuted(row);
    this.#put(task, { baseStationId, state, attempts, leaseEpoch });
  }

  #put(task: MutableBoardTask, change: Partial<MutableBoardTask>): void {
    this.#byState[task.state].delete(task);
    Object.assign(task, change);
    this.#index(task);
  }

  #index(task: MutableBoardTask): void {
    this.#byState[task.state].add(task);
    if (task.attempts > 1) this.#resent.add(task.id);
  }

  #countExecuted({ state, edgeServerId }: Pick<TaskRecord, 'state' | 'edgeServerId'>): void {
    if (state !== 'succeeded' || edgeServerId === null) return;
    this.#executedByNode.set(edgeServerId, (this.#executedByNode.get(edgeServerId) ?? 0) + 1);
  }

  #announce(tasks: readonly BoardTask[], failure: string | null): void {
    if (tasks.length > 0) this.#options.moved({ tasks, failure });
  }
}
