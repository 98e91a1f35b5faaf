// Nodes that new runs leave out or limit, and what each run made of the nodes of its testbed.
import type { Migration } from '../migration.js';

export const nodeUseMigration: Migration = {
  version: 30,
  name: 'node-use',
  sql: `
ALTER TABLE nodes ADD COLUMN is_excluded INTEGER NOT NULL DEFAULT 0 CHECK (is_excluded IN (0, 1));
ALTER TABLE nodes ADD COLUMN held_limit INTEGER CHECK (held_limit >= 1);
ALTER TABLE run_nodes ADD COLUMN held_limit INTEGER CHECK (held_limit >= 1);
ALTER TABLE runs ADD COLUMN excluded_nodes_json TEXT CHECK (json_valid(excluded_nodes_json));
`,
};
