// A paused run stands still once nothing of it is under way, and its clock with it: what it lay idle is no delay of its tasks.
import type { Migration } from '../migration.js';

export const runPausesMigration: Migration = {
  version: 11,
  name: 'run pauses',
  sql: `
ALTER TABLE runs ADD COLUMN clock_stopped_at_ms INTEGER;
ALTER TABLE runs ADD COLUMN clock_stopped_ms INTEGER NOT NULL DEFAULT 0 CHECK (clock_stopped_ms >= 0);
ALTER TABLE tasks ADD COLUMN waited_ms REAL NOT NULL DEFAULT 0 CHECK (waited_ms >= 0);
`,
};
