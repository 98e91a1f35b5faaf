// What each node is wanted to be, where somebody has said so, and provisionings that take away what others have installed.
import type { Migration } from '../migration.js';

export const wantedStatesMigration: Migration = {
  version: 7,
  name: 'wanted states',
  sql: `
CREATE TABLE wanted_states (
  node_id TEXT PRIMARY KEY REFERENCES nodes (id) ON DELETE CASCADE,
  worker TEXT NOT NULL CHECK (worker IN ('simulated', 'resd3-m')),
  model_id TEXT,
  service TEXT NOT NULL CHECK (service IN ('auto', 'systemd-user', 'systemd-system', 'supervised')),
  CHECK ((worker = 'resd3-m') = (model_id IS NOT NULL))
) STRICT, WITHOUT ROWID;

ALTER TABLE provisioning_runs ADD COLUMN kind TEXT NOT NULL DEFAULT 'apply' CHECK (kind IN ('apply', 'remove', 'remove-with-models'));
`,
};
