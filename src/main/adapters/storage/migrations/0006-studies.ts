// Runs of studies and the cells that are done or failed. Checkpoints of cells under way are files of their own.
import type { Migration } from '../migration.js';

export const studiesMigration: Migration = {
  version: 6,
  name: 'studies',
  sql: `
CREATE TABLE study_runs (
  id TEXT PRIMARY KEY,
  study_json TEXT NOT NULL CHECK (json_valid(study_json)),
  first_seed INTEGER NOT NULL CHECK (first_seed >= 0),
  seeds INTEGER NOT NULL CHECK (seeds >= 1),
  state TEXT NOT NULL CHECK (state IN ('running', 'paused', 'succeeded', 'failed')),
  error_json TEXT CHECK (error_json IS NULL OR json_valid(error_json)),
  program_version TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  finished_at_ms INTEGER
) STRICT;

CREATE TABLE study_cells (
  run_id TEXT NOT NULL REFERENCES study_runs (id) ON DELETE CASCADE,
  point_index INTEGER NOT NULL CHECK (point_index >= 0),
  method TEXT NOT NULL,
  seed INTEGER NOT NULL CHECK (seed >= 0),
  mean_delay_sec REAL NOT NULL,
  opt_ts_delay_sec REAL NOT NULL,
  ratio_to_opt_ts REAL NOT NULL,
  convergence_episode INTEGER,
  cpu_sec REAL NOT NULL,
  episode_cpu_sec REAL NOT NULL,
  curve_sec_json TEXT CHECK (curve_sec_json IS NULL OR json_valid(curve_sec_json)),
  origin TEXT NOT NULL CHECK (origin IN ('here', 'imported')),
  program_version TEXT NOT NULL,
  PRIMARY KEY (run_id, point_index, method, seed)
) STRICT, WITHOUT ROWID;

CREATE TABLE study_failures (
  run_id TEXT NOT NULL REFERENCES study_runs (id) ON DELETE CASCADE,
  point_index INTEGER NOT NULL CHECK (point_index >= 0),
  method TEXT NOT NULL,
  seed INTEGER NOT NULL CHECK (seed >= 0),
  error_json TEXT NOT NULL CHECK (json_valid(error_json)),
  PRIMARY KEY (run_id, point_index, method, seed)
) STRICT, WITHOUT ROWID;
`,
};
