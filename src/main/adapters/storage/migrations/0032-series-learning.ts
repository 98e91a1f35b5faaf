// Attempts to learn on the job that a series made: after which of its runs. They stay when the run goes.
import type { Migration } from '../migration.js';

export const seriesLearningMigration: Migration = {
  version: 32,
  name: 'series-learning',
  sql: `
ALTER TABLE learning_attempts ADD COLUMN after_run_id TEXT REFERENCES runs (id) ON DELETE SET NULL;
CREATE INDEX learning_attempts_by_run ON learning_attempts (after_run_id, started_at_ms);
`,
};
