// Trainings in the simulator and their learning curves. Checkpoints are files of their own.
import type { Migration } from '../migration.js';

export const trainingsMigration: Migration = {
  version: 5,
  name: 'trainings',
  sql: `
CREATE TABLE trainings (
  id TEXT PRIMARY KEY,
  spec_json TEXT NOT NULL CHECK (json_valid(spec_json)),
  environment_json TEXT NOT NULL CHECK (json_valid(environment_json)),
  state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'paused', 'succeeded', 'failed', 'cancelled')),
  program_version TEXT NOT NULL,
  checkpoint_episodes INTEGER NOT NULL DEFAULT 0 CHECK (checkpoint_episodes >= 0),
  error_json TEXT CHECK (error_json IS NULL OR json_valid(error_json)),
  created_at_ms INTEGER NOT NULL,
  started_at_ms INTEGER,
  finished_at_ms INTEGER
) STRICT;

CREATE TABLE training_episodes (
  training_id TEXT NOT NULL REFERENCES trainings (id) ON DELETE CASCADE,
  episode INTEGER NOT NULL CHECK (episode >= 1),
  mean_delay_sec REAL NOT NULL,
  opt_ts_delay_sec REAL NOT NULL,
  ratio_to_opt_ts REAL NOT NULL,
  critic_loss REAL,
  actor_loss REAL,
  entropy_nats REAL,
  temperature REAL,
  mean_q REAL,
  cpu_ms REAL NOT NULL,
  PRIMARY KEY (training_id, episode)
) STRICT, WITHOUT ROWID;
`,
};
