// The tasks of one run in memory: a mirror of their rows, kept in step by whoever changes the rows. No I/O.
import type { TaskRecord, TaskState } from '../../../shared/run.js';

export interface BoardTask {
  readonly id: string;
  readonly ordinal: number;
  readonly prompt: string;
  readonly seed: number;
  readonly qualitySteps: number;
  readonly arrivalMs: number;
  baseStationId: string;
  state: TaskState;
  attempts: number;
  leaseEpoch: number;
  /** Failures of the task itself since the program began. */
  failureCount: number;
}

export class TaskBoard {
  readonly #tasks = new Map<string, BoardTask>();
  readonly #pending = new Set<BoardTask>();
  readonly #sent = new Set<BoardTask>();
  /** Executed tasks per edge server. */
  readonly executedByNode = new Map<string, number>();

  constructor(records: readonly TaskRecord[]) {
    for (const record of records) {
      const task: BoardTask = {
        id: record.id,
        ordinal: record.ordinal,
        prompt: record.prompt,
        seed: record.seed,
        qualitySteps: record.qualitySteps,
        arrivalMs: record.arrivalMs,
        baseStationId: record.baseStationId,
        state: record.state,
        attempts: record.attempts,
        leaseEpoch: record.leaseEpoch,
        failureCount: 0,
      };
      this.#tasks.set(task.id, task);
      this.#index(task);
      if (record.state === 'succeeded' && record.edgeServerId) this.#countExecuted(record.edgeServerId);
    }
  }

  get(taskId: string): BoardTask | undefined {
    return this.#tasks.get(taskId);
  }

  all(): IterableIterator<BoardTask> {
    return this.#tasks.values();
  }

  pending(): BoardTask[] {
    return [...this.#pending];
  }

  sent(): BoardTask[] {
    return [...this.#sent];
  }

  get openCount(): number {
    return this.#pending.size + this.#sent.size;
  }

  get sentCount(): number {
    return this.#sent.size;
  }

  /** A lease begins. */
  markSent(task: BoardTask, baseStationId: string, leaseEpoch: number): void {
    task.baseStationId = baseStationId;
    task.leaseEpoch = leaseEpoch;
    task.attempts += 1;
    this.#move(task, 'sent');
  }

  markSucceeded(task: BoardTask, edgeServerId: string): void {
    this.#countExecuted(edgeServerId);
    this.#move(task, 'succeeded');
  }

  /** The other ends: back to pending, failed for good, or cancelled. */
  move(task: BoardTask, state: 'pending' | 'failed' | 'cancelled'): void {
    this.#move(task, state);
  }

  /** The lease never was; its epoch stays, so that the next one is a new one. */
  takeBack(task: BoardTask): void {
    task.attempts -= 1;
    this.#move(task, 'pending');
  }

  #move(task: BoardTask, state: TaskState): void {
    this.#pending.delete(task);
    this.#sent.delete(task);
    task.state = state;
    this.#index(task);
  }

  #index(task: BoardTask): void {
    if (task.state === 'pending') this.#pending.add(task);
    if (task.state === 'sent') this.#sent.add(task);
  }

  #countExecuted(nodeId: string): void {
    this.executedByNode.set(nodeId, (this.executedByNode.get(nodeId) ?? 0) + 1);
  }
}
