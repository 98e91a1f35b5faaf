// Models on record. Their bytes stay where the user has them; a path is on record once.
import type { Migration } from '../migration.js';

export const modelsMigration: Migration = {
  version: 2,
  name: 'models',
  sql: `
CREATE TABLE models (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL CHECK (name <> ''),
  path TEXT NOT NULL UNIQUE,
  layout TEXT NOT NULL CHECK (layout IN ('all-in-one', 'split', 'diffusers')),
  family TEXT NOT NULL CHECK (family IN ('sd3-medium', 'sd3-other')),
  size_bytes INTEGER NOT NULL CHECK (size_bytes >= 0),
  sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
  added_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE model_parts (
  model_id TEXT NOT NULL REFERENCES models (id) ON DELETE CASCADE,
  ordinal INTEGER NOT NULL,
  name TEXT NOT NULL CHECK (name IN ('transformer', 'vae', 'clip-l', 'clip-g', 't5', 'other')),
  tensor_count INTEGER NOT NULL CHECK (tensor_count >= 0),
  size_bytes INTEGER NOT NULL CHECK (size_bytes >= 0),
  dtypes_json TEXT NOT NULL,
  PRIMARY KEY (model_id, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE model_files (
  model_id TEXT NOT NULL REFERENCES models (id) ON DELETE CASCADE,
  ordinal INTEGER NOT NULL,
  path TEXT NOT NULL,
  size_bytes INTEGER NOT NULL CHECK (size_bytes >= 0),
  sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
  PRIMARY KEY (model_id, ordinal),
  UNIQUE (model_id, path)
) STRICT, WITHOUT ROWID;
`,
};
