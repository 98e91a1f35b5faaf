// Learning on the job: on which testbeds, what their runs have to learn from, and what became of each attempt. Experience goes with its run.
import type { Migration } from '../migration.js';

export const onTheJobMigration: Migration = {
  version: 29,
  name: 'on-the-job',
  sql: `
CREATE TABLE learning_testbeds (
  testbed_id TEXT PRIMARY KEY REFERENCES testbeds (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TABLE learning_experience (
  run_id TEXT PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
  testbed_id TEXT NOT NULL REFERENCES testbeds (id) ON DELETE CASCADE,
  at_ms INTEGER NOT NULL,
  decisions INTEGER NOT NULL CHECK (decisions >= 0),
  experience_json TEXT NOT NULL CHECK (json_valid(experience_json))
) STRICT;
CREATE INDEX learning_experience_by_testbed ON learning_experience (testbed_id, at_ms, decisions);

CREATE TABLE learning_attempts (
  training_id TEXT PRIMARY KEY REFERENCES trainings (id) ON DELETE CASCADE,
  testbed_id TEXT NOT NULL REFERENCES testbeds (id) ON DELETE CASCADE,
  from_training_id TEXT NOT NULL,
  started_at_ms INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('learning', 'deployed', 'not-deployed', 'ended')),
  decisions INTEGER NOT NULL,
  runs INTEGER NOT NULL,
  comparison_json TEXT CHECK (json_valid(comparison_json)),
  reasons_json TEXT NOT NULL CHECK (json_valid(reasons_json))
) STRICT;
CREATE INDEX learning_attempts_by_testbed ON learning_attempts (testbed_id, started_at_ms);
`,
};
