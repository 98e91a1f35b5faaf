// Runs and series that wait for a time: at which instant each is to start. A row goes when its wait is over.
import type { Migration } from '../migration.js';

export const plannedStartsMigration: Migration = {
  version: 31,
  name: 'planned-starts',
  sql: `
CREATE TABLE planned_starts (
  id TEXT PRIMARY KEY,
  start_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`,
};
