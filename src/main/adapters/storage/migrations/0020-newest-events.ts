// The newest event of a kind for each subject, such as the last check of every node, without reading all events.
import type { Migration } from '../migration.js';

export const newestEventsMigration: Migration = {
  version: 20,
  name: 'newest-events',
  sql: `CREATE INDEX events_by_kind_and_subject ON events (kind, subject_id);
`,
};
