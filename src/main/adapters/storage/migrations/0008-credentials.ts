// How each node is logged in to, and which secrets are kept where. The secrets themselves never are in the database, not even encrypted:
// backups of it and copies for a colleague hold none.
import type { Migration } from '../migration.js';

export const credentialsMigration: Migration = {
  version: 8,
  name: 'credentials',
  sql: `
ALTER TABLE nodes ADD COLUMN auth TEXT NOT NULL DEFAULT 'program-key'
  CHECK (auth IN ('program-key', 'key-file', 'agent', 'password', 'ssh-config'));
UPDATE nodes SET auth = 'ssh-config' WHERE ssh_route_json IS NOT NULL;
UPDATE nodes SET auth = 'key-file' WHERE key_file IS NOT NULL;

CREATE TABLE credentials (
  kind TEXT NOT NULL CHECK (kind IN ('password', 'sudo-password', 'passphrase')),
  subject TEXT NOT NULL,
  holder TEXT NOT NULL CHECK (holder IN ('system', 'vault')),
  stored_at_ms INTEGER NOT NULL,
  PRIMARY KEY (kind, subject)
) STRICT, WITHOUT ROWID;
`,
};
