// The learned policies that runs are scheduled by, one a base station: frozen with the run, since a training may go on or be removed.
import type { Migration } from '../migration.js';

export const runPoliciesMigration: Migration = {
  version: 10,
  name: 'run policies',
  sql: `
CREATE TABLE run_policies (
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  node_id TEXT NOT NULL,
  policy_json TEXT NOT NULL CHECK (json_valid(policy_json)),
  PRIMARY KEY (run_id, node_id)
) STRICT, WITHOUT ROWID;
`,
};
