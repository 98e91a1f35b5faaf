// One clock axis for a run, and what its figures rest on. Until here an attempt's begin was model time since the run's begin and its end,
// by how it ended, either that or the wall clock; a task's service delay began at its last sending; and the instants of computations were on
// axes of the nodes' own. What can be computed from the rows is computed; what can't be known any more is marked.
import type { Migration } from '../migration.js';

/** A pause took these back; what their task had waited stood in a column of its own. */
const STATE = "CASE WHEN a.state = 'superseded' AND t.waited_ms > 0 THEN 'withdrawn' ELSE a.state END";

/** In model ms since the run's begin; null where only the wall clock was recorded and the run's begin was not. */
const ENDED_MS = `
  CASE
    WHEN a.state = 'sent' THEN NULL
    WHEN a.state = 'succeeded' THEN t.accepted_ms
    WHEN a.state = 'cancelled' THEN MAX(a.sent_at_ms, (a.ended_at_ms - r.started_at_ms - r.clock_stopped_ms) * r.time_scale)
    ELSE a.ended_at_ms
  END`;

const ATTEMPTS = `
CREATE TABLE attempts_on_axis (
  task_id TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
  lease_epoch INTEGER NOT NULL CHECK (lease_epoch > 0),
  base_station_id TEXT NOT NULL,
  edge_server_id TEXT,
  state TEXT NOT NULL CHECK (state IN ('sent', 'succeeded', 'failed', 'superseded', 'withdrawn', 'cancelled')),
  sent_ms REAL NOT NULL,
  ended_ms REAL,
  station_service_ms REAL CHECK (station_service_ms >= 0),
  axis_shift_ms REAL,
  error_message TEXT,
  PRIMARY KEY (task_id, lease_epoch),
  CHECK (state <> 'sent' OR ended_ms IS NULL)
) STRICT, WITHOUT ROWID;

INSERT INTO attempts_on_axis
  (task_id, lease_epoch, base_station_id, edge_server_id, state, sent_ms, ended_ms, station_service_ms, axis_shift_ms, error_message)
SELECT a.task_id, a.lease_epoch, a.base_station_id, a.edge_server_id, ${STATE}, a.sent_at_ms, ${ENDED_MS},
  CASE WHEN a.state = 'succeeded' THEN t.service_ms - t.waited_ms END, NULL, a.error_message
FROM attempts a JOIN tasks t ON t.id = a.task_id JOIN runs r ON r.id = t.run_id;

DROP TABLE attempts;
ALTER TABLE attempts_on_axis RENAME TO attempts;
`;

/** As measure-from-arrival.ts does it, for tasks that were accepted before. */
const DELAYS = `
ALTER TABLE tasks ADD COLUMN resend_ms REAL;

UPDATE tasks SET
  waiting_ms = waiting_ms - waited_ms + s.taken_back_ms,
  resend_ms = s.last_ms - s.first_ms - s.taken_back_ms,
  control_ms = control_ms + MAX(0, s.first_ms - arrival_ms),
  service_ms = service_ms - waited_ms + MAX(0, s.first_ms - arrival_ms) + (s.last_ms - s.first_ms)
FROM (
  SELECT task_id, MIN(sent_ms) AS first_ms, MAX(sent_ms) AS last_ms, SUM(taken_back_ms) AS taken_back_ms
  FROM (
    SELECT task_id, sent_ms,
      CASE WHEN state = 'withdrawn' THEN LEAD(sent_ms, 1, sent_ms) OVER (PARTITION BY task_id ORDER BY lease_epoch) - sent_ms ELSE 0 END
        AS taken_back_ms
    FROM attempts
  )
  GROUP BY task_id
) AS s
WHERE s.task_id = tasks.id AND tasks.state = 'succeeded';

UPDATE tasks SET resend_ms = 0 WHERE state = 'succeeded' AND resend_ms IS NULL;
ALTER TABLE tasks DROP COLUMN waited_ms;
`;

/** A virtual node always has a link; a real one that has exactly the paper's figures was never measured. */
const TIMING_SOURCES = `
ALTER TABLE run_nodes ADD COLUMN timing_source TEXT NOT NULL DEFAULT 'assumed' CHECK (timing_source IN ('setting', 'calibration', 'assumed'));
ALTER TABLE run_nodes ADD COLUMN jitter_fraction REAL NOT NULL DEFAULT 0 CHECK (jitter_fraction BETWEEN 0 AND 0.5);
UPDATE run_nodes SET timing_source = CASE
  WHEN link_mbps IS NOT NULL THEN 'setting'
  WHEN fixed_sec = 3.8 AND sec_per_step = 1.0 AND speed_factor = 1.0 THEN 'assumed'
  ELSE 'calibration'
END;
`;

const RUNS = `
ALTER TABLE runs ADD COLUMN host_delay_json TEXT CHECK (json_valid(host_delay_json));
ALTER TABLE runs ADD COLUMN axis TEXT NOT NULL DEFAULT 'run' CHECK (axis IN ('run', 'nodes'));
UPDATE runs SET axis = 'nodes' WHERE started_at_ms IS NOT NULL;
`;

export const oneAxisMigration: Migration = {
  version: 13,
  name: 'one axis',
  sql: [ATTEMPTS, DELAYS, TIMING_SOURCES, RUNS].join('\n'),
};
