// Reports that are kept: of which blocks they are composed. A block names its record, and outlives it: no reference holds either.
import type { Migration } from '../migration.js';

export const reportsMigration: Migration = {
  version: 23,
  name: 'reports',
  sql: `
CREATE TABLE reports (
  id TEXT PRIMARY KEY,
  title TEXT NOT NULL CHECK (title <> ''),
  template TEXT CHECK (template IN ('run', 'table-v', 'series', 'training', 'study')),
  blocks_json TEXT NOT NULL CHECK (json_valid(blocks_json)),
  revision INTEGER NOT NULL CHECK (revision >= 1),
  created_at_ms INTEGER NOT NULL,
  updated_at_ms INTEGER NOT NULL
) STRICT;
`,
};
