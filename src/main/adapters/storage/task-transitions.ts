// The life of a task in the database: pending -> sent -> succeeded | failed | cancelled, each transition committed before it returns.
//
//   pending --markSent--> sent (epoch + 1) --acceptResult--> succeeded        A result or a failure counts only under the task's
//      ^                   |    \--recordFailure(final)----> failed           CURRENT epoch and only while it is `sent`; so a result
//      +--recordFailure----+                                                  is accepted once, whatever arrives twice or late.
//      +--takeBack---------+
//
// Instants named `..._ms` are model time since the run's start, on the control center's clock: the one axis of a run.
import { measureFromArrival, placeOnRunAxis } from '../../../scheduling/metrics/measure-from-arrival.js';
import type { AttemptState } from '../../../shared/run.js';
import type { AcceptedResult, NewTask, TaskFailure } from '../../domain/runs/run-store.js';
import type { Database, Statement } from './database.js';
import { insertSql } from './insert-sql.js';
import { NEW_TASK } from './run-rows.js';

/** Longer messages of agents are cut: they come from other machines. */
const MAX_ERROR_LENGTH = 2000;

type Parameters = Record<string, string | number | null>;

interface SendRow {
  run_id: string;
  arrival_ms: number;
  sent_ms: number;
  state: AttemptState;
}

/** Where the run's axis is at the wall clock's `@nowMs`. */
const MODEL_NOW =
  '(SELECT (COALESCE(r.clock_stopped_at_ms, @nowMs) - r.started_at_ms - r.clock_stopped_ms) * r.time_scale FROM runs r WHERE r.id = @runId)';

export class TaskTransitions {
  private readonly insertTask: Statement<Parameters, never>;
  private readonly send: Statement<Parameters, { lease_epoch: number }>;
  private readonly supersede: Statement<Parameters, never>;
  private readonly insertAttempt: Statement<Parameters, never>;
  private readonly selectSends: Statement<{ taskId: string; leaseEpoch: number }, SendRow>;
  private readonly succeed: Statement<Parameters, never>;
  private readonly endAttempt: Statement<Parameters, never>;
  private readonly completeAttempt: Statement<Parameters, never>;
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
    this.insertTask = database.prepare(insertSql('tasks', ['run_id', ...NEW_TASK.names]));
    this.send = database.prepare(
      `UPDATE tasks SET state = 'sent', lease_epoch = lease_epoch + 1, attempt_count = attempt_count + 1, base_station_id = @baseStationId
       WHERE id = @taskId AND run_id = @runId AND state IN ('pending', 'sent') RETURNING lease_epoch`,
    );
    this.supersede = database.prepare(
      "UPDATE attempts SET state = 'superseded', ended_ms = @atMs WHERE task_id = @taskId AND lease_epoch < @epoch AND state = 'sent'",
    );
    this.insertAttempt = database.prepare(
      `INSERT INTO attempts (task_id, lease_epoch, base_station_id, state, sent_ms)
       VALUES (@taskId, @epoch, @baseStationId, 'sent', @atMs)`,
    );
    this.selectSends = database.prepare(
      `SELECT t.run_id, t.arrival_ms, a.sent_ms, a.state FROM tasks t JOIN attempts a ON a.task_id = t.id
       WHERE t.id = @taskId AND t.lease_epoch = @leaseEpoch AND t.state = 'sent' ORDER BY a.lease_epoch`,
    );
    this.succeed = database.prepare(
      `UPDATE tasks SET state = 'succeeded', edge_server_id = @edgeServerId, upload_ms = @uploadMs, waiting_ms = @waitingMs,
         compute_ms = @computeMs, download_ms = @downloadMs, resend_ms = @resendMs, control_ms = @controlMs, service_ms = @serviceMs,
         compute_start_ms = @computeStartMs, compute_end_ms = @computeEndMs, accepted_ms = @acceptedMs, error_message = NULL,
         computed_steps = COALESCE(NULLIF(@computedSteps, 0), computed_steps)
       WHERE id = @taskId AND lease_epoch = @leaseEpoch AND state = 'sent'`,
    );
    this.endAttempt = database.prepare(
      `UPDATE attempts SET state = @state, edge_server_id = @edgeServerId, ended_ms = @atMs, error_message = @message
       WHERE task_id = @taskId AND lease_epoch = @leaseEpoch`,
    );
    this.completeAttempt = database.prepare(
      `UPDATE attempts SET state = 'succeeded', edge_server_id = @edgeServerId, ended_ms = @acceptedMs,
         station_service_ms = @stationServiceMs, axis_shift_ms = @axisShiftMs, error_message = NULL
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
      `UPDATE tasks SET state = 'pending', attempt_count = attempt_count - 1
       WHERE id = @taskId AND run_id = @runId AND state = 'sent' RETURNING lease_epoch`,
    );
    this.endTakenBack = database.prepare(
      "UPDATE attempts SET state = 'withdrawn', ended_ms = @atMs WHERE task_id = @taskId AND lease_epoch = @leaseEpoch",
    );
    this.cancelOne = database.prepare(
      "UPDATE tasks SET state = 'cancelled', error_message = @message WHERE id = @taskId AND run_id = @runId AND state IN ('pending', 'sent')",
    );
    this.cancelAttempt = database.prepare(
      `UPDATE attempts SET state = 'cancelled', ended_ms = MAX(sent_ms, ${MODEL_NOW}) WHERE task_id = @taskId AND state = 'sent'`,
    );
    this.cancelAllAttempts = database.prepare(
      `UPDATE attempts SET state = 'cancelled', ended_ms = MAX(sent_ms, ${MODEL_NOW})
       WHERE state = 'sent' AND task_id IN (SELECT id FROM tasks WHERE run_id = @runId AND state = 'sent')`,
    );
    this.cancelAll = database.prepare(
      "UPDATE tasks SET state = 'cancelled', error_message = @message WHERE run_id = @runId AND state IN ('pending', 'sent')",
    );
  }

  insert(runId: string, task: NewTask): void {
    this.insertTask.run({ run_id: runId, ...NEW_TASK.toRow(task) });
  }

  /** The new epoch of each task that could be sent; a finished or unknown task is not in the map. */
  markSent(runId: string, sends: readonly { taskId: string; baseStationId: string; atMs: number }[]): Map<string, number> {
    return this.database.transaction(() => {
      const epochs = new Map<string, number>();
      for (const { taskId, baseStationId, atMs } of sends) {
        const epoch = this.send.get({ taskId, runId, baseStationId })?.lease_epoch;
        if (epoch === undefined) continue;
        if (epoch > 1) this.supersede.run({ taskId, epoch, atMs });
        this.insertAttempt.run({ taskId, epoch, baseStationId, atMs });
        epochs.set(taskId, epoch);
      }
      return epochs;
    });
  }

  acceptResult(result: AcceptedResult): boolean {
    const { taskId, leaseEpoch, edgeServerId, acceptedMs, image } = result;
    return this.database.transaction(() => {
      const sends = this.selectSends.all({ taskId, leaseEpoch });
      const [first] = sends;
      if (!first) return false;
      const sendings = sends.map(({ sent_ms, state }) => ({ sentMs: sent_ms, wasTakenBack: state === 'withdrawn' }));
      const delays = measureFromArrival(result.delays, { arrivalMs: first.arrival_ms, sendings });
      const { axisShiftMs, ...interval } = placeOnRunAxis(result, { firstSentMs: first.sent_ms, acceptedMs });
      this.succeed.run({ taskId, leaseEpoch, edgeServerId, ...delays, ...interval, acceptedMs, computedSteps: result.computedSteps });
      const stationServiceMs = result.delays.serviceMs;
      this.completeAttempt.run({ taskId, leaseEpoch, edgeServerId, acceptedMs, stationServiceMs, axisShiftMs });
      const atMs = Math.round(this.now());
      this.insertImage.run({ ...image, isSimulated: image.isSimulated ? 1 : 0, atMs });
      this.insertTaskImage.run({ taskId, runId: first.run_id, sha256: image.sha256, atMs });
      return true;
    });
  }

  recordFailure(failure: TaskFailure): boolean {
    const { taskId, leaseEpoch, isFinal, edgeServerId = null } = failure;
    const message = failure.message.slice(0, MAX_ERROR_LENGTH);
    return this.database.transaction(() => {
      if (this.fail.run({ taskId, leaseEpoch, message, state: isFinal ? 'failed' : 'pending' }) === 0) return false;
      this.endAttempt.run({ taskId, leaseEpoch, edgeServerId, state: 'failed', atMs: failure.atMs, message });
      return true;
    });
  }

  takeBack(runId: string, taskIds: readonly string[], atMs: number): number {
    return this.database.transaction(() => {
      let takenBack = 0;
      for (const taskId of taskIds) {
        const leaseEpoch = this.unsend.get({ runId, taskId })?.lease_epoch;
        if (leaseEpoch === undefined) continue;
        this.endTakenBack.run({ taskId, leaseEpoch, atMs });
        takenBack++;
      }
      return takenBack;
    });
  }

  cancel(runId: string, taskIds: readonly string[] | 'all', message: string | null): number {
    const nowMs = this.now();
    return this.database.transaction(() => {
      if (taskIds === 'all') {
        this.cancelAllAttempts.run({ runId, nowMs });
        return this.cancelAll.run({ runId, message });
      }
      let cancelled = 0;
      for (const taskId of taskIds) {
        if (this.cancelOne.run({ taskId, runId, message }) === 0) continue;
        this.cancelAttempt.run({ taskId, runId, nowMs });
        cancelled++;
      }
      return cancelled;
    });
  }
}
