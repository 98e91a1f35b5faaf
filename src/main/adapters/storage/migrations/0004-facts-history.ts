// What a device is, beside the facts of the first schema, and every reading that is kept. Both as JSON: a fact more is no migration.
import type { Migration } from '../migration.js';

export const factsHistoryMigration: Migration = {
  version: 4,
  name: 'facts history',
  sql: `
ALTER TABLE node_facts ADD COLUMN device_json TEXT CHECK (device_json IS NULL OR json_valid(device_json));

CREATE TABLE facts_history (
  id INTEGER PRIMARY KEY,
  node_id TEXT NOT NULL REFERENCES nodes (id) ON DELETE CASCADE,
  moment TEXT NOT NULL CHECK (moment <> ''),
  provisioning_run_id TEXT,
  facts_json TEXT NOT NULL CHECK (json_valid(facts_json)),
  read_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX facts_history_by_node ON facts_history (node_id, id);
`,
};
