// Series of runs: what they are, their cells in the order of execution, and of a run the cell that it was started for. A run that is removed
// leaves its cell empty; a series that is removed leaves its runs. Jobs may be series now; a check of a table can only be changed by making the
// table again.
import type { Migration } from '../migration.js';

const SERIES = `
CREATE TABLE series (
  id TEXT PRIMARY KEY,
  spec_json TEXT NOT NULL CHECK (json_valid(spec_json)),
  testbed_name TEXT NOT NULL,
  dataset_name TEXT NOT NULL,
  program_version TEXT NOT NULL
) STRICT;

CREATE TABLE series_cells (
  series_id TEXT NOT NULL REFERENCES series (id) ON DELETE CASCADE,
  condition_index INTEGER NOT NULL CHECK (condition_index >= 0),
  scheduler_index INTEGER NOT NULL CHECK (scheduler_index >= 0),
  repetition INTEGER NOT NULL CHECK (repetition >= 1),
  position INTEGER NOT NULL CHECK (position >= 0),
  PRIMARY KEY (series_id, condition_index, scheduler_index, repetition)
) STRICT, WITHOUT ROWID;

ALTER TABLE runs ADD COLUMN series_id TEXT REFERENCES series (id) ON DELETE SET NULL;
ALTER TABLE runs ADD COLUMN series_condition INTEGER CHECK (series_condition >= 0);
ALTER TABLE runs ADD COLUMN series_scheduler INTEGER CHECK (series_scheduler >= 0);
ALTER TABLE runs ADD COLUMN series_repetition INTEGER CHECK (series_repetition >= 0);
CREATE INDEX runs_by_series ON runs (series_id) WHERE series_id IS NOT NULL;
`;

const KEPT_ELSEWHERE = ['provisioning_runs', 'trainings', 'study_runs'] as const;
const COLUMNS =
  'id, kind, title, subject_kind, subject_id, subject_name, state, outcome, error_json, created_at_ms, started_at_ms, finished_at_ms, detail_json, log_json';

const JOBS = `
${KEPT_ELSEWHERE.map((table) => `DROP TRIGGER ${table}_go_with_their_jobs;\nDROP TRIGGER jobs_go_with_their_${table};`).join('\n')}
CREATE TABLE wider_jobs (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL
    CHECK (kind IN ('provisioning', 'model-push', 'model-job', 'wheels', 'calibration', 'training', 'study', 'series', 'data-care')),
  title TEXT NOT NULL CHECK (title <> ''),
  subject_kind TEXT NOT NULL CHECK (subject_kind IN ('testbed', 'model', 'model-file', 'wheels', 'training', 'study', 'series', 'data-folder')),
  subject_id TEXT,
  subject_name TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'paused', 'succeeded', 'failed', 'cancelled')),
  outcome TEXT,
  error_json TEXT CHECK (error_json IS NULL OR json_valid(error_json)),
  created_at_ms INTEGER NOT NULL,
  started_at_ms INTEGER,
  finished_at_ms INTEGER,
  detail_json TEXT CHECK (detail_json IS NULL OR json_valid(detail_json)),
  log_json TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(log_json))
) STRICT;
INSERT INTO wider_jobs (${COLUMNS}) SELECT ${COLUMNS} FROM jobs ORDER BY rowid;
DROP TABLE jobs;
ALTER TABLE wider_jobs RENAME TO jobs;
CREATE INDEX jobs_by_kind ON jobs (kind, created_at_ms);
`;

/** As in migrations 15 and 17: what a kind keeps beside its job goes with it, and the other way round. */
const TRIGGERS = [...KEPT_ELSEWHERE, 'series'].map(
  (table) => `
CREATE TRIGGER ${table}_go_with_their_jobs AFTER DELETE ON jobs
BEGIN
  DELETE FROM ${table} WHERE id = OLD.id;
END;
CREATE TRIGGER jobs_go_with_their_${table} AFTER DELETE ON ${table}
BEGIN
  DELETE FROM jobs WHERE id = OLD.id;
END;
`,
);

export const seriesMigration: Migration = {
  version: 19,
  name: 'series',
  sql: [SERIES, JOBS, ...TRIGGERS].join('\n'),
};
