// How the tasks of a run stand, counted of their rows.
import type { TaskState } from '../../../shared/run.js';
import type { TaskCounts } from '../../domain/runs/run-store.js';
import type { Database, Statement } from './database.js';

/**
 * A sending follows one that counts (see TaskCounts). The attempts are read only where their number does not tell: with one that counts, a task
 * was re-sent if a pause took the later one back, and then it is pending, or was canceled before it was sent again.
 */
const IS_RESENT = `(t.attempt_count > 1 OR (t.attempt_count = 1 AND t.state IN ('pending', 'cancelled') AND EXISTS (
  SELECT 1 FROM attempts a WHERE a.task_id = t.id AND a.lease_epoch < t.lease_epoch AND a.state <> 'withdrawn')))`;

export class TaskCounting {
  readonly #selectCounts: Statement<{ runId: string }, { state: TaskState; count: number; resent: number }>;
  readonly #selectResent: Statement<{ runId: string }, { id: string }>;

  constructor(database: Database) {
    this.#selectCounts = database.prepare(
      `SELECT t.state, COUNT(*) AS count, SUM(${IS_RESENT}) AS resent FROM tasks t WHERE t.run_id = @runId GROUP BY t.state`,
    );
    this.#selectResent = database.prepare(`SELECT t.id FROM tasks t WHERE t.run_id = @runId AND ${IS_RESENT}`);
  }

  count(runId: string): TaskCounts {
    const counts = { pending: 0, sent: 0, succeeded: 0, failed: 0, cancelled: 0, resent: 0 };
    for (const row of this.#selectCounts.all({ runId })) {
      counts[row.state] = row.count;
      counts.resent += row.resent;
    }
    return counts;
  }

  listResent(runId: string): string[] {
    return this.#selectResent.all({ runId }).map(({ id }) => id);
  }
}
