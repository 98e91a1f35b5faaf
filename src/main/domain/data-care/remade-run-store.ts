// The tasks of images that are made again, in memory: they belong to no run, are in no table and count in no figure. Gives the run
// executor what it asks of durable storage; what is lost when the program ends is only the wish to make them again.
import type { TaskRecord, TaskState } from '../../../shared/run.js';
import type { AcceptedResult, ExecutionStore, NewTask, TaskFailure } from '../runs/run-store.js';

export class RemadeRunStore implements ExecutionStore {
  readonly #tasks = new Map<string, TaskRecord>();

  constructor(
    runId: string,
    tasks: readonly NewTask[],
    private readonly onAccepted: (result: AcceptedResult) => void,
    private readonly onFailed: (taskId: string, message: string) => void,
  ) {
    for (const task of tasks) this.#tasks.set(task.id, toRecord(runId, task));
  }

  learnedPolicyOf(): null {
    return null;
  }

  updateRun(): void {
    // Its state is the executor's alone.
  }

  addInvalidReason(): void {
    // It has no figures that could be invalid.
  }

  getTask(_runId: string, taskId: string): TaskRecord | null {
    return this.#tasks.get(taskId) ?? null;
  }

  listTasks(): TaskRecord[] {
    return [...this.#tasks.values()];
  }

  listResent(): string[] {
    return [...this.#tasks.values()].filter(({ attempts }) => attempts > 1).map(({ id }) => id);
  }

  markSent(_runId: string, sends: readonly { taskId: string; baseStationId: string }[]): Map<string, number> {
    return new Map(
      sends.flatMap(({ taskId, baseStationId }) => {
        const task = this.#tasks.get(taskId);
        if (!task) return [];
        const leaseEpoch = task.leaseEpoch + 1;
        this.#tasks.set(taskId, { ...task, state: 'sent', baseStationId, leaseEpoch, attempts: task.attempts + 1 });
        return [[taskId, leaseEpoch] as const];
      }),
    );
  }

  acceptResults(results: readonly AcceptedResult[]): boolean[] {
    return results.map((result) => {
      if (!this.#move(result.taskId, result.leaseEpoch, 'succeeded')) return false;
      this.onAccepted(result);
      return true;
    });
  }

  recordFailure(failure: Pick<TaskFailure, 'taskId' | 'leaseEpoch' | 'message' | 'isFinal'>): boolean {
    if (!this.#move(failure.taskId, failure.leaseEpoch, failure.isFinal ? 'failed' : 'pending')) return false;
    if (failure.isFinal) this.onFailed(failure.taskId, failure.message);
    return true;
  }

  takeBack(_runId: string, taskIds: readonly string[]): number {
    let takenBack = 0;
    for (const taskId of taskIds) {
      const task = this.#tasks.get(taskId);
      if (task?.state !== 'sent') continue;
      this.#tasks.set(taskId, { ...task, state: 'pending', attempts: task.attempts - 1 });
      takenBack += 1;
    }
    return takenBack;
  }

  cancelTasks(_runId: string, taskIds: readonly string[] | 'all'): number {
    let cancelled = 0;
    for (const taskId of taskIds === 'all' ? [...this.#tasks.keys()] : taskIds) {
      const task = this.#tasks.get(taskId);
      if (!task || (task.state !== 'pending' && task.state !== 'sent')) continue;
      this.#tasks.set(taskId, { ...task, state: 'cancelled' });
      cancelled += 1;
    }
    return cancelled;
  }

  #move(taskId: string, leaseEpoch: number, state: TaskState): boolean {
    const task = this.#tasks.get(taskId);
    if (task?.state !== 'sent' || task.leaseEpoch !== leaseEpoch) return false;
    this.#tasks.set(taskId, { ...task, state });
    return true;
  }
}

function toRecord(runId: string, task: NewTask): TaskRecord {
  const { id, ordinal, prompt, seed, qualitySteps, computedSteps, picture, arrivalMs, baseStationId } = task;
  return {
    ...{ id, runId, ordinal, prompt, seed, qualitySteps, computedSteps, picture, arrivalMs, baseStationId },
    edgeServerId: null,
    state: 'pending',
    attempts: 0,
    leaseEpoch: 0,
    delays: null,
    computeStartMs: null,
    computeEndMs: null,
    acceptedMs: null,
    imageSha256: null,
    isSimulated: false,
    errorMessage: null,
  };
}
