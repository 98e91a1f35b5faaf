// The life of every job in one table. Until here provisionings, trainings and study runs kept it each in columns of its own, and pushes,
// calibrations, work on models and on the data folder kept none: they were forgotten when the program ended. What a kind keeps beside it
// (steps, curves, cells) stays where it is, under the job's id, and goes when the job goes.
import type { Migration } from '../migration.js';

const JOBS = `
CREATE TABLE jobs (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL
    CHECK (kind IN ('provisioning', 'model-push', 'model-job', 'calibration', 'training', 'study', 'data-care')),
  title TEXT NOT NULL CHECK (title <> ''),
  subject_kind TEXT NOT NULL CHECK (subject_kind IN ('testbed', 'model', 'model-file', 'training', 'study', 'data-folder')),
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
CREATE INDEX jobs_by_kind ON jobs (kind, created_at_ms);
`;

const COLUMNS = `(id, kind, title, subject_kind, subject_id, subject_name, state, error_json, created_at_ms, started_at_ms, finished_at_ms)`;

const PROVISIONING = `
INSERT INTO jobs ${COLUMNS}
SELECT r.id, 'provisioning', CASE r.kind WHEN 'apply' THEN 'Provision' ELSE 'Remove what was installed' END, 'testbed', r.testbed_id, t.name,
  r.state, NULL, r.started_at_ms, r.started_at_ms, r.finished_at_ms
FROM provisioning_runs r JOIN testbeds t ON t.id = r.testbed_id
ORDER BY r.started_at_ms, r.id;

DROP INDEX provisioning_runs_by_testbed;
ALTER TABLE provisioning_runs DROP COLUMN state;
ALTER TABLE provisioning_runs DROP COLUMN started_at_ms;
ALTER TABLE provisioning_runs DROP COLUMN finished_at_ms;
CREATE INDEX provisioning_runs_by_testbed ON provisioning_runs (testbed_id);
`;

const TRAININGS = `
INSERT INTO jobs ${COLUMNS}
SELECT id, 'training', 'Train', 'training', id,
  spec_json ->> '$.method' || ', ' || coalesce(spec_json ->> '$.twin.testbedName', spec_json ->> '$.preset') || ', seed ' || (spec_json ->> '$.seed'),
  state, error_json, created_at_ms, started_at_ms, finished_at_ms
FROM trainings
ORDER BY created_at_ms, id;

ALTER TABLE trainings DROP COLUMN state;
ALTER TABLE trainings DROP COLUMN error_json;
ALTER TABLE trainings DROP COLUMN created_at_ms;
ALTER TABLE trainings DROP COLUMN started_at_ms;
ALTER TABLE trainings DROP COLUMN finished_at_ms;
`;

const STUDIES = `
INSERT INTO jobs ${COLUMNS}
SELECT id, 'study', 'Run study', 'study', id, study_json ->> '$.name', state, error_json, created_at_ms, created_at_ms, finished_at_ms
FROM study_runs
ORDER BY created_at_ms, id;

ALTER TABLE study_runs DROP COLUMN state;
ALTER TABLE study_runs DROP COLUMN error_json;
ALTER TABLE study_runs DROP COLUMN created_at_ms;
ALTER TABLE study_runs DROP COLUMN finished_at_ms;
`;

/** A provisioning goes with its testbed, by a foreign key; its job has to follow. */
const TRIGGERS = ['provisioning_runs', 'trainings', 'study_runs'].map(
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

export const jobsMigration: Migration = {
  version: 15,
  name: 'jobs',
  sql: [JOBS, PROVISIONING, TRAININGS, STUDIES, ...TRIGGERS].join('\n'),
};
