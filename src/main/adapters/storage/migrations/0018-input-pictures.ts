// Datasets of pairs, a picture and a caption, and image-to-image tasks made of them. Pictures are files by the hash of their bytes, and stay while
// a prompt or a task names them. Which steps were computed is the work of a task; before, all that were asked for.
import type { Migration } from '../migration.js';

export const inputPicturesMigration: Migration = {
  version: 18,
  name: 'input-pictures',
  sql: `
CREATE TABLE pictures (
  sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64),
  size_bytes INTEGER NOT NULL CHECK (size_bytes > 0),
  media_type TEXT NOT NULL CHECK (media_type IN ('image/png', 'image/jpeg'))
) STRICT, WITHOUT ROWID;
ALTER TABLE datasets ADD COLUMN picture_count INTEGER NOT NULL DEFAULT 0 CHECK (picture_count >= 0);
ALTER TABLE prompts ADD COLUMN picture_sha256 TEXT;
ALTER TABLE tasks ADD COLUMN picture_sha256 TEXT;
ALTER TABLE tasks ADD COLUMN computed_steps INTEGER NOT NULL DEFAULT 1 CHECK (computed_steps > 0);
UPDATE tasks SET computed_steps = quality_steps;
CREATE INDEX prompts_by_picture ON prompts (picture_sha256) WHERE picture_sha256 IS NOT NULL;
CREATE INDEX tasks_by_picture ON tasks (picture_sha256) WHERE picture_sha256 IS NOT NULL;
`,
};
