// What the gallery looks through: of each image one narrow row of numbers, so that a search or an order reads no task, and of all prompts
// that have an image the words, each text once. Filled where an image gets its row, whoever writes it; emptied where that row goes.
import type { Migration } from '../migration.js';

const TABLES = `
CREATE TABLE image_prompts (
  number INTEGER PRIMARY KEY,
  text TEXT NOT NULL UNIQUE
) STRICT;
CREATE VIRTUAL TABLE image_words USING fts5 (
  text, content = 'image_prompts', content_rowid = 'number', tokenize = 'unicode61 remove_diacritics 2'
);

CREATE TABLE gallery_images (
  number INTEGER PRIMARY KEY,
  task_id TEXT NOT NULL UNIQUE REFERENCES task_images (task_id) ON DELETE CASCADE,
  run_id TEXT NOT NULL,
  prompt_number INTEGER NOT NULL REFERENCES image_prompts (number),
  node_id TEXT NOT NULL,
  ordinal INTEGER NOT NULL,
  seed INTEGER NOT NULL,
  quality_steps INTEGER NOT NULL,
  service_ms REAL NOT NULL,
  is_simulated INTEGER NOT NULL CHECK (is_simulated IN (0, 1)),
  created_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX gallery_images_by_prompt ON gallery_images (prompt_number);
CREATE INDEX gallery_images_by_age ON gallery_images (created_at_ms, number, run_id);
CREATE INDEX gallery_images_by_run ON gallery_images (run_id, created_at_ms);
`;

const FILL = `
INSERT INTO image_prompts (text)
SELECT DISTINCT t.prompt FROM task_images ti JOIN tasks t ON t.id = ti.task_id;
INSERT INTO image_words (image_words) VALUES ('rebuild');
`;

/** Of the rows of task_images that a condition names, `ti`. */
const rowsOf = (condition: string): string => `
INSERT INTO gallery_images (task_id, run_id, prompt_number, node_id, ordinal, seed, quality_steps, service_ms, is_simulated, created_at_ms)
SELECT ti.task_id, ti.run_id, p.number, coalesce(t.edge_server_id, ''), t.ordinal, t.seed, t.quality_steps,
  coalesce(t.service_ms, 0), i.is_simulated, ti.created_at_ms
FROM task_images ti JOIN tasks t ON t.id = ti.task_id JOIN images i ON i.sha256 = ti.sha256 JOIN image_prompts p ON p.text = t.prompt
WHERE ${condition}`;

const TRIGGERS = `
CREATE TRIGGER gallery_takes_images AFTER INSERT ON task_images
BEGIN
  INSERT INTO image_prompts (text) SELECT prompt FROM tasks WHERE id = NEW.task_id ON CONFLICT (text) DO NOTHING;
  ${rowsOf('ti.task_id = NEW.task_id')};
END;
CREATE TRIGGER words_of_image_prompts AFTER INSERT ON image_prompts
BEGIN
  INSERT INTO image_words (rowid, text) VALUES (NEW.number, NEW.text);
END;
CREATE TRIGGER image_prompts_go_with_their_images AFTER DELETE ON gallery_images
BEGIN
  DELETE FROM image_prompts WHERE number = OLD.prompt_number
    AND NOT EXISTS (SELECT 1 FROM gallery_images WHERE prompt_number = OLD.prompt_number);
END;
CREATE TRIGGER image_words_go_with_their_prompts AFTER DELETE ON image_prompts
BEGIN
  INSERT INTO image_words (image_words, rowid, text) VALUES ('delete', OLD.number, OLD.text);
END;
`;

export const galleryMigration: Migration = {
  version: 27,
  name: 'gallery',
  sql: [TABLES, FILL, `${rowsOf('true ORDER BY ti.created_at_ms, ti.task_id')};`, TRIGGERS].join('\n'),
};
