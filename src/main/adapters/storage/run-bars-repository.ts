// The rows of a run as its timeline is drawn of them: what came since the last look, and what went wrong.
import {
  MAX_BARS_PER_PAGE,
  MAX_FAILED_SENDINGS,
  type BarCursor,
  type FailedSending,
  type RunBars,
  type TaskBar,
} from '../../../shared/run-board.js';
import { column, Columns, type RawRow } from './columns.js';
import type { Database, RawStatement } from './database.js';
import { DELAYS } from './run-rows.js';

const BAR = new Columns<Omit<TaskBar, 'delays'>>({
  ordinal: column('ordinal'),
  qualitySteps: column('quality_steps'),
  baseStationId: column('base_station_id'),
  edgeServerId: column('edge_server_id'),
  arrivalMs: column('arrival_ms'),
  computeStartMs: column('compute_start_ms'),
  computeEndMs: column('compute_end_ms'),
  acceptedMs: column('accepted_ms'),
  attempts: column('attempt_count'),
}).and(new Columns<Pick<TaskBar, 'delays'>>({ delays: DELAYS }));

const SENDING = new Columns<FailedSending>({
  ordinal: column('ordinal'),
  baseStationId: column('base_station_id'),
  edgeServerId: column('edge_server_id'),
  sentMs: column('sent_ms'),
  endedMs: column('ended_ms'),
  message: { ...column<string>('error_message'), read: (row, at) => String(row[at] ?? 'Another sending took its place.') },
});

export class RunBarsRepository {
  readonly #selectBars: RawStatement<BarCursor & { runId: string; limit: number }, RawRow>;
  readonly #selectSendings: RawStatement<{ runId: string; limit: number }, RawRow>;

  constructor(database: Database) {
    this.#selectBars = database.prepareRaw(
      `SELECT ${BAR.list()} FROM tasks WHERE run_id = @runId AND state = 'succeeded'
         AND (accepted_ms > @acceptedMs OR (accepted_ms = @acceptedMs AND ordinal > @ordinal))
       ORDER BY accepted_ms, ordinal LIMIT @limit`,
    );
    this.#selectSendings = database.prepareRaw(
      `SELECT t.ordinal, a.base_station_id, a.edge_server_id, a.sent_ms, COALESCE(a.ended_ms, a.sent_ms), a.error_message
       FROM tasks t JOIN attempts a ON a.task_id = t.id
       WHERE t.run_id = @runId AND a.state IN ('failed', 'superseded') AND (t.lease_epoch > 1 OR t.state = 'failed')
       ORDER BY a.sent_ms DESC, t.ordinal LIMIT @limit`,
    );
  }

  /** Everything from the start where `after` is null. Instants are whole at least to the row: a cursor is never between two of one. */
  list(runId: string, after: BarCursor | null): RunBars {
    const { acceptedMs, ordinal } = after ?? { acceptedMs: -Infinity, ordinal: -1 };
    const rows = this.#selectBars.all({
      runId,
      acceptedMs: Math.max(acceptedMs, -Number.MAX_VALUE),
      ordinal,
      limit: MAX_BARS_PER_PAGE + 1,
    });
    const sendings = this.#selectSendings.all({ runId, limit: MAX_FAILED_SENDINGS });
    return {
      bars: rows.slice(0, MAX_BARS_PER_PAGE).map((row) => BAR.read(row)),
      hasMore: rows.length > MAX_BARS_PER_PAGE,
      failedSendings: sendings.map((row) => SENDING.read(row)),
    };
  }
}
