// The rows of tasks and attempts, with the promises of the database: a result counts once, under the current lease, while the task is out.
import type { AcceptedResult, TaskRows } from '../../../src/main/domain/runs/run-store.js';
import type { TaskRecord } from '../../../src/shared/run.js';

export class MemoryRows implements TaskRows {
  readonly rows = new Map<string, TaskRecord>();
  /** Attempts that have not ended, by task and epoch. */
  readonly openAttempts = new Set<string>();
  readonly #resent = new Set<string>();
  isStopping = false;
  /** What the next write throws instead of being made. */
  failsNext: Error | null = null;

  constructor(tasks: { id: string; baseStationId: string }[]) {
    tasks.forEach(({ id, baseStationId }, ordinal) => {
      const planned = {
        id,
        ordinal,
        prompt: id,
        seed: ordinal,
        qualitySteps: 10,
        computedSteps: 10,
        picture: null,
        arrivalMs: 0,
        baseStationId,
      };
      const measured = { delays: null, computeStartMs: null, computeEndMs: null, acceptedMs: null, imageSha256: null, errorMessage: null };
      const unsent = { edgeServerId: null, state: 'pending', attempts: 0, leaseEpoch: 0, isSimulated: true } as const;
      this.rows.set(id, { runId: 'run', ...planned, ...measured, ...unsent });
    });
  }

  listTasks(): TaskRecord[] {
    return [...this.rows.values()].map((row) => ({ ...row }));
  }

  getTask(_runId: string, taskId: string): TaskRecord | null {
    const row = this.rows.get(taskId);
    return row ? { ...row } : null;
  }

  listResent(): string[] {
    return [...this.#resent];
  }

  markSent(_runId: string, sends: readonly { taskId: string; baseStationId: string }[]): Map<string, number> {
    this.#write();
    const epochs = new Map<string, number>();
    for (const { taskId, baseStationId } of sends) {
      const row = this.rows.get(taskId);
      if (!row || (row.state !== 'pending' && row.state !== 'sent')) continue;
      this.#endAttempts(taskId);
      Object.assign(row, { state: 'sent', attempts: row.attempts + 1, leaseEpoch: row.leaseEpoch + 1, baseStationId });
      if (row.attempts > 1) this.#resent.add(taskId);
      this.openAttempts.add(`${taskId}#${row.leaseEpoch}`);
      epochs.set(taskId, row.leaseEpoch);
    }
    return epochs;
  }

  acceptResults(results: readonly AcceptedResult[]): boolean[] {
    this.#write();
    return results.map((result) => this.#accept(result));
  }

  #accept({ taskId, leaseEpoch, edgeServerId }: AcceptedResult): boolean {
    const row = this.rows.get(taskId);
    if (row?.state !== 'sent' || row.leaseEpoch !== leaseEpoch) return false;
    Object.assign(row, { state: 'succeeded', edgeServerId });
    this.#endAttempts(taskId);
    return true;
  }

  recordFailure({ taskId, leaseEpoch, isFinal }: { taskId: string; leaseEpoch: number; isFinal: boolean }): boolean {
    this.#write();
    const row = this.rows.get(taskId);
    if (row?.state !== 'sent' || row.leaseEpoch !== leaseEpoch) return false;
    row.state = isFinal ? 'failed' : 'pending';
    this.#endAttempts(taskId);
    return true;
  }

  takeBack(_runId: string, taskIds: readonly string[]): number {
    this.#write();
    let count = 0;
    for (const taskId of taskIds) {
      const row = this.rows.get(taskId);
      if (row?.state !== 'sent') continue;
      Object.assign(row, { state: 'pending', attempts: row.attempts - 1 });
      this.#endAttempts(taskId);
      count += 1;
    }
    return count;
  }

  cancelTasks(_runId: string, taskIds: readonly string[] | 'all'): number {
    this.#write();
    let count = 0;
    for (const taskId of taskIds === 'all' ? this.rows.keys() : taskIds) {
      const row = this.rows.get(taskId);
      if (!row || (row.state !== 'pending' && row.state !== 'sent')) continue;
      row.state = 'cancelled';
      this.#endAttempts(taskId);
      count += 1;
    }
    return count;
  }

  #write(): void {
    const failure = this.failsNext;
    this.failsNext = null;
    if (failure) throw failure;
  }

  #endAttempts(taskId: string): void {
    for (const attempt of this.openAttempts) if (attempt.startsWith(`${taskId}#`)) this.openAttempts.delete(attempt);
  }
}
