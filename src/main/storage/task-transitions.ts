// The life of a task in the database: pending -> sent -> succeeded | failed | cancelled, each transition committed before it returns.
//
//   pending --markSent--> sent (epoch + 1) --acceptResult--> succeeded        A result or a failure counts only under the task's
//      ^                   |    \--recordFailure(final)----> failed           CURRENT epoch and only while it is `sent`; so a result
//      +--recordFailure----+                                                  is accepted once, whatever arrives twice or late.
//      +--takeBack---------+
import type { AcceptedResult, NewTask } from '../workload/run-store.js';
import type { Database, Statement } from './database.js';
import { insertSql } from './insert-sql.js';

/** Longer messages of agents are cut: they come from other machines. */
const MAX_ERROR_LENGTH = 2000;

interface Failure {
  taskId: string;
  leaseEpoch: number;
  message: string;
  atMs: number;
  isFinal: boolean;
}

type Parameters = Record<string, string | number | null>;

export class TaskTransitions {
  private readonly insertTask: Statement<Parameters, never>;
  private readonly send: Statement<Parameters, { lease_epoch: number }>;
  private readonly supersede: Statement<Parameters, never>;
  private readonly insertAttempt: Statement<Parameters, never>;
  private readonly succeed: Statement<Parameters, { run_id: string }>;
  private readonly endAttempt: Statement<Parameters, never>;
  private readonly insertImage: Statement<Parameters, never>;
  private readonly insertTaskImage: Statement<Parameters, never>;
  private readonly fail: Statement<Parameters, never>;
  private readonly unsend: Statement<Parameters, { lease_epoch: number }>;
  private readonly endTakenBack: Statement<Parameters, never>;
  private readonly cancelOne: Statement<Parameters, never>;
  private readonly cancelAttempt: Statement<Parameters, never>;
  private readonly cancelAll: Statement<Parameters, never>;
  private readonly cancelAllAttempts: Statement<Parameters, never>;

  constructor(
    private readonly database: Database,
    private readonly now: () => number,
  ) {
    this.insertTask = database.prepare(
      insertSql('tasks', ['id', 'run_id', 'ordinal', 'prompt_id', 'prompt', 'seed', 'quality_steps', 'arrival_ms', 'base_station_id']),
    );
    this.send = database.prepare(
      `UPDATE tasks SET state = 'sent', lease_epoch = lease_epoch + 1, attempt_count = attempt_count + 1, base_station_id = @baseStationId
       WHERE id = @taskId AND run_id = @runId AND state IN ('pending', 'sent') RETURNING lease_epoch`,
    );
    this.supersede = database.prepare(
      "UPDATE attempts SET state = 'superseded', ended_at_ms = @atMs WHERE task_id = @taskId AND lease_epoch < @epoch AND state = 'sent'",
    );
    this.insertAttempt = database.prepare(
      `INSERT INTO attempts (task_id, lease_epoch, base_station_id, state, sent_at_ms)
       VALUES (@taskId, @epoch, @baseStationId, 'sent', @atMs)`,
    );
    this.succeed = database.prepare(
      `UPDATE tasks SET state = 'succeeded', edge_server_id = @edgeServerId, upload_ms = @uploadMs, waiting_ms = @waitingMs + waited_ms,
         compute_ms = @computeMs, download_ms = @downloadMs, control_ms = @controlMs, service_ms = @serviceMs + waited_ms,
         compute_start_ms = @computeStartMs, compute_end_ms = @computeEndMs, accepted_ms = @acceptedMs, error_message = NULL
       WHERE id = @taskId AND lease_epoch = @leaseEpoch AND state = 'sent' RETURNING run_id`,
    );
    this.endAttempt = database.prepare(
      `UPDATE attempts SET state = @state, edge_server_id = @edgeServerId, ended_at_ms = @atMs, error_message = @message
       WHERE task_id = @taskId AND lease_epoch = @leaseEpoch`,
    );
    this.insertImage = database.prepare(
      `INSERT INTO images (sha256, size_bytes, width_px, height_px, media_type, is_simulated, created_at_ms)
       VALUES (@sha256, @sizeBytes, @widthPx, @heightPx, @mediaType, @isSimulated, @atMs) ON CONFLICT (sha256) DO NOTHING`,
    );
    this.insertTaskImage = database.prepare(
      'INSERT INTO task_images (task_id, run_id, sha256, created_at_ms) VALUES (@taskId, @runId, @sha256, @atMs)',
    );
    this.fail = database.prepare(
      `UPDATE tasks SET state = @state, error_message = @message WHERE id = @taskId AND lease_epoch = @leaseEpoch AND state = 'sent'`,
    );
    // The lease stays counted, so that nothing of it is ever taken for the next one; the attempt does not.
    this.unsend = database.prepare(
      `UPDATE tasks SET state = 'pending', attempt_count = attempt_count - 1, waited_ms = waited_ms + MAX(0, @atMs -
         (SELECT a.sent_at_ms FROM attempts a WHERE a.task_id = tasks.id AND a.lease_epoch = tasks.lease_epoch))
       WHERE id = @taskId AND run_id = @runId AND state = 'sent' RETURNING lease_epoch`,
    );
    this.endTakenBack = database.prepare(
      "UPDATE attempts SET state = 'superseded', ended_at_ms = @atMs WHERE task_id = @taskId AND lease_epoch = @leaseEpoch",
    );
    this.cancelOne = database.prepare(
      "UPDATE tasks SET state = 'cancelled' WHERE id = @taskId AND run_id = @runId AND state IN ('pending', 'sent')",
    );
    this.cancelAttempt = database.prepare(
      "UPDATE attempts SET state = 'cancelled', ended_at_ms = @atMs WHERE task_id = @taskId AND state = 'sent'",
    );
    this.cancelAllAttempts = database.prepare(
      `UPDATE attempts SET state = 'cancelled', ended_at_ms = @atMs
       WHERE state = 'sent' AND task_id IN (SELECT id FROM tasks WHERE run_id = @runId AND state = 'sent')`,
    );
    this.cancelAll = database.prepare("UPDATE tasks SET state = 'cancelled' WHERE run_id = @runId AND state IN ('pending', 'sent')");
  }

  insert(runId: string, task: NewTask): void {
    this.insertTask.run({
      id: task.id,
      run_id: runId,
      ordinal: task.ordinal,
      prompt_id: task.promptId,
      prompt: task.prompt,
      seed: task.seed,
      quality_steps: task.qualitySteps,
      arrival_ms: task.arrivalMs,
      base_station_id: task.baseStationId,
    });
  }

  /** The new epoch of each task that could be sent; a finished or unknown task is not in the map. `atMs` is wall-clock. */
  markSent(runId: string, sends: readonly { taskId: string; baseStationId: string; atMs: number }[]): Map<string, number> {
    return this.database.transaction(() => {
      const epochs = new Map<string, number>();
      for (const { taskId, baseStationId, atMs } of sends) {
        const epoch = this.send.get({ taskId, runId, baseStationId })?.lease_epoch;
        if (epoch === undefined) continue;
        if (epoch > 1) this.supersede.run({ taskId, epoch, atMs: Math.round(atMs) });
        this.insertAttempt.run({ taskId, epoch, baseStationId, atMs: Math.round(atMs) });
        epochs.set(taskId, epoch);
      }
      return epochs;
    });
  }

  acceptResult(result: AcceptedResult): boolean {
    const { taskId, leaseEpoch, edgeServerId, delays, image } = result;
    return this.database.transaction(() => {
      const { computeStartMs, computeEndMs, acceptedMs } = result;
      const task = this.succeed.get({ taskId, leaseEpoch, edgeServerId, ...delays, computeStartMs, computeEndMs, acceptedMs });
      if (!task) return false;
      const atMs = Math.round(this.now());
      this.endAttempt.run({ taskId, leaseEpoch, edgeServerId, state: 'succeeded', atMs, message: null });
      this.insertImage.run({ ...image, isSimulated: image.isSimulated ? 1 : 0, atMs });
      this.insertTaskImage.run({ taskId, runId: task.run_id, sha256: image.sha256, atMs });
      return true;
    });
  }

  recordFailure(failure: Failure): boolean {
    const { taskId, leaseEpoch, isFinal } = failure;
    const message = failure.message.slice(0, MAX_ERROR_LENGTH);
    return this.database.transaction(() => {
      if (this.fail.run({ taskId, leaseEpoch, message, state: isFinal ? 'failed' : 'pending' }) === 0) return false;
      const atMs = Math.round(failure.atMs);
      this.endAttempt.run({ taskId, leaseEpoch, edgeServerId: null, state: 'failed', atMs, message });
      return true;
    });
  }

  takeBack(runId: string, taskIds: readonly string[], atMs: number): void {
    this.database.transaction(() => {
      for (const taskId of taskIds) {
        const leaseEpoch = this.unsend.get({ runId, taskId, atMs })?.lease_epoch;
        if (leaseEpoch !== undefined) this.endTakenBack.run({ taskId, leaseEpoch, atMs: Math.round(atMs) });
      }
    });
  }

  cancel(runId: string, taskIds: readonly string[] | 'all'): number {
    const atMs = Math.round(this.now());
    return this.database.transaction(() => {
      if (taskIds === 'all') {
        this.cancelAllAttempts.run({ runId, atMs });
        return this.cancelAll.run({ runId });
      }
      let cancelled = 0;
      for (const taskId of taskIds) {
        if (this.cancelOne.run({ taskId, runId }) === 0) continue;
        this.cancelAttempt.run({ taskId, atMs });
        cancelled++;
      }
      return cancelled;
    });
  }
}
