// Gives the run's tasks out under leases and takes them back: rows first, then the board. What may be believed of whom is decided by
// shared/task-life/control-center-rules.ts; talking to nodes is the executor's part.
import type { OutcomeStatus } from '../../../shared/rpc/gen/agent_pb.js';
import {
  isCurrent,
  isLastFailure,
  judgeKnownLeases,
  judgeOutcome,
  type OutcomeVerdict,
} from '../../../shared/task-life/control-center-rules.js';
import { type Lease, leaseKey } from '../../../shared/task-life/lease.js';
import type { AcceptedResult, RunStore } from './run-store.js';
import type { BoardTask, TaskBoard } from './task-board.js';

export interface LeaseKeeperOptions {
  runId: string;
  maxAttempts: number;
  board: TaskBoard;
  store: Pick<RunStore, 'markSent' | 'recordFailure' | 'takeBack' | 'cancelTasks' | 'acceptResults'>;
  /** Model ms since the run's begin. */
  elapsedMs(): number;
  /** The user wants no more tasks to begin: what comes back is cancelled. */
  isStopping(): boolean;
  /** This lease's outcome is on its way in. */
  isHolding(lease: Lease): boolean;
  /** A task left `sent`. */
  settled(task: BoardTask, failure: string | null): void;
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
}

export class LeaseKeeper {
  readonly #options: LeaseKeeperOptions;
  /** Leases that their base station was asked to give back, if nothing had begun. */
  readonly #askedBack = new Set<string>();

  constructor(options: LeaseKeeperOptions) {
    this.#options = options;
  }

  leaseOf(task: BoardTask): Lease {
    return { runId: this.#options.runId, taskId: task.id, baseStationId: task.baseStationId, epoch: task.leaseEpoch };
  }

  /** On disk before it is on the wire: a crash in between sends it again, under a higher lease. */
  send(baseStationId: string, tasks: readonly BoardTask[]): { task: BoardTask; lease: Lease }[] {
    const { runId, board, store, elapsedMs } = this.#options;
    const atMs = elapsedMs();
    const epochs = store.markSent(
      runId,
      tasks.map((task) => ({ taskId: task.id, baseStationId, atMs })),
    );
    return tasks.flatMap((task) => {
      const epoch = epochs.get(task.id);
      if (epoch === undefined) return [];
      board.markSent(task, baseStationId, epoch);
      return [{ task, lease: this.leaseOf(task) }];
    });
  }

  judge(fromId: string, said: { lease: Lease; status: OutcomeStatus }): OutcomeVerdict {
    const { board, runId, isStopping } = this.#options;
    return judgeOutcome(board.get(said.lease.taskId), { ...said, fromId, runId, isStopping: isStopping() });
  }

  /** All in one commit, each once: false for each whose lease is not the current one any more. */
  accept(acceptances: readonly Acceptance[]): boolean[] {
    const { board, store, settled } = this.#options;
    const current = acceptances.filter(({ lease }) => isCurrent(board.get(lease.taskId), lease));
    const isStored = store.acceptResults(current.map(({ result }) => result));
    const accepted = new Set(current.filter((_, place) => isStored[place]));
    const tasks = [...accepted].flatMap(({ lease, result }) => {
      const task = board.get(lease.taskId);
      if (task) board.markSucceeded(task, result.edgeServerId);
      return task ? [task] : [];
    });
    for (const task of tasks) settled(task, null);
    return acceptances.map((acceptance) => accepted.has(acceptance));
  }

  /** Ends a lease that is still the current one; the task is pending again, or failed for good. */
  end(lease: Lease, { message, countsAsFailure, isRetryable = true }: LeaseEnd): void {
    const { board, store, maxAttempts, elapsedMs, settled } = this.#options;
    const task = board.get(lease.taskId);
    if (!isCurrent(task, lease)) return;
    const isFinal = isLastFailure(task, { countsAsFailure, isRetryable, maxAttempts });
    store.recordFailure({ taskId: task.id, leaseEpoch: lease.epoch, message, atMs: elapsedMs(), isFinal });
    if (countsAsFailure) task.failureCount += 1;
    board.move(task, isFinal ? 'failed' : 'pending');
    settled(task, message);
  }

  /** The leases that are with a base station, or on their way there. */
  leasesAt(baseStationId: string): Lease[] {
    const tasks = this.#options.board.sent().filter((task) => task.baseStationId === baseStationId);
    return tasks.map((task) => this.leaseOf(task));
  }

  /**
   * What a base station says it has: leases that it lost are ended here; those that it should not have are returned. `asked` are the leases
   * that had been sent to it before it was asked.
   */
  reconcile(fromId: string, { asked, known }: { asked: readonly Lease[]; known: readonly Lease[] }): Lease[] {
    const { board, runId } = this.#options;
    const { lost, stale } = judgeKnownLeases((taskId) => board.get(taskId), { fromId, runId, asked, known });
    for (const lease of lost) {
      if (!this.#options.isHolding(lease)) this.end(lease, { message: 'Its base station no longer had the task.', countsAsFailure: false });
    }
    return stale;
  }

  /** Ends all leases of a base station. Returns them: edge servers may still have them. */
  endAllOf(baseStationId: string, message: string): Lease[] {
    const leases = this.leasesAt(baseStationId).filter((lease) => !this.#options.isHolding(lease));
    for (const lease of leases) this.end(lease, { message, countsAsFailure: false });
    return leases;
  }

  /** Note before a base station is asked to give back what has not begun: it may say so in two ways, one of them late. */
  askBack(baseStationId: string): void {
    for (const lease of this.leasesAt(baseStationId)) this.#askedBack.add(leaseKey(lease));
  }

  /** What base stations gave back because they were asked to: as if it had never been sent. Its epoch stays used. */
  takeBack(leases: readonly Lease[]): void {
    const tasks = this.#current(leases);
    if (tasks.length === 0) return;
    const { board, store, runId, elapsedMs } = this.#options;
    store.takeBack(
      runId,
      tasks.map((task) => task.id),
      elapsedMs(),
    );
    for (const task of tasks) board.takeBack(task);
  }

  /** A base station gave a task back, maybe when the pause that it was asked in is over already. */
  givenBack(lease: Lease): void {
    const { board, settled } = this.#options;
    const task = board.get(lease.taskId);
    if (!task || !this.#askedBack.has(leaseKey(lease)))
      this.end(lease, { message: 'Its base station gave the task back.', countsAsFailure: false });
    else {
      this.takeBack([lease]);
      settled(task, null);
    }
  }

  /** By the user's wish, or what a base station gave back while the run stops. */
  cancel(tasks: readonly BoardTask[], message?: string): void {
    if (tasks.length === 0) return;
    const { board, store, runId } = this.#options;
    store.cancelTasks(
      runId,
      tasks.map((task) => task.id),
      message,
    );
    for (const task of tasks) board.move(task, 'cancelled');
  }

  /** Cancels what a base station says it has cancelled, as far as that is still out under those very leases. */
  cancelLeases(leases: readonly Lease[]): void {
    this.cancel(this.#current(leases));
  }

  #current(leases: readonly Lease[]): BoardTask[] {
    return leases.flatMap((lease) => {
      const task = this.#options.board.get(lease.taskId);
      return lease.runId === this.#options.runId && isCurrent(task, lease) ? [task] : [];
    });
  }
}
