// Images that were made again because the file of the first was lost. Rows of tasks and images stay as they were: no figure is of these.
import type { Migration } from '../migration.js';

export const remadeImagesMigration: Migration = {
  version: 12,
  name: 'remade-images',
  sql: `
CREATE TABLE remade_images (
  sha256 TEXT PRIMARY KEY REFERENCES images (sha256) ON DELETE CASCADE,
  remade_sha256 TEXT NOT NULL CHECK (length(remade_sha256) = 64),
  size_bytes INTEGER NOT NULL CHECK (size_bytes > 0),
  media_type TEXT NOT NULL CHECK (media_type IN ('image/png', 'image/jpeg')),
  node_name TEXT NOT NULL,
  made_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX remade_images_by_image ON remade_images (remade_sha256);
`,
};
