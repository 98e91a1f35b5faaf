// What is known of models beyond their bytes: weights that nothing loads, the license that was accepted, what a refined one was made of, and
// what it took of a node's memory; and with which worker and settings a node makes images, also of the nodes of each run. Jobs may fetch wheels now; a check of a table can only be
// changed by making the table again.
import type { Migration } from '../migration.js';

const MODELS = `
ALTER TABLE models ADD COLUMN left_out_json TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(left_out_json));
ALTER TABLE models ADD COLUMN license_json TEXT CHECK (json_valid(license_json));
ALTER TABLE models ADD COLUMN refined_from_sha256 TEXT CHECK (length(refined_from_sha256) = 64);

ALTER TABLE nodes ADD COLUMN worker_json TEXT CHECK (json_valid(worker_json));
ALTER TABLE run_nodes ADD COLUMN worker_json TEXT CHECK (json_valid(worker_json));

CREATE TABLE memory_comparisons (
  node_id TEXT NOT NULL REFERENCES nodes (id) ON DELETE CASCADE,
  measured_at_ms INTEGER NOT NULL,
  comparison_json TEXT NOT NULL CHECK (json_valid(comparison_json)),
  PRIMARY KEY (node_id, measured_at_ms)
) STRICT, WITHOUT ROWID;
`;

const KEPT_ELSEWHERE = ['provisioning_runs', 'trainings', 'study_runs'] as const;
const COLUMNS =
  'id, kind, title, subject_kind, subject_id, subject_name, state, outcome, error_json, created_at_ms, started_at_ms, finished_at_ms, detail_json, log_json';

const JOBS = `
${KEPT_ELSEWHERE.map((table) => `DROP TRIGGER ${table}_go_with_their_jobs;\nDROP TRIGGER jobs_go_with_their_${table};`).join('\n')}
CREATE TABLE wider_jobs (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL
    CHECK (kind IN ('provisioning', 'model-push', 'model-job', 'wheels', 'calibration', 'training', 'study', 'data-care')),
  title TEXT NOT NULL CHECK (title <> ''),
  subject_kind TEXT NOT NULL CHECK (subject_kind IN ('testbed', 'model', 'model-file', 'wheels', 'training', 'study', 'data-folder')),
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

/** As in migration 15: what a kind keeps beside its job goes with it, and the other way round. */
const TRIGGERS = KEPT_ELSEWHERE.map(
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

export const modelsCaredForMigration: Migration = {
  version: 17,
  name: 'models-cared-for',
  sql: [MODELS, JOBS, ...TRIGGERS].join('\n'),
};
