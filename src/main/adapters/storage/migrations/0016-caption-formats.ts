// Datasets of any format: which there are is the program's to say, so that the next one needs no migration. And datasets that are being
// imported: large ones come in many transactions, and are not seen before the last. A column of a table that others refer to can be replaced,
// the table can't.
import type { Migration } from '../migration.js';

export const captionFormatsMigration: Migration = {
  version: 16,
  name: 'caption-formats',
  sql: `
ALTER TABLE datasets RENAME COLUMN format TO old_format;
ALTER TABLE datasets ADD COLUMN format TEXT NOT NULL DEFAULT 'plain-text' CHECK (format <> '');
UPDATE datasets SET format = old_format;
ALTER TABLE datasets DROP COLUMN old_format;
ALTER TABLE datasets ADD COLUMN is_complete INTEGER NOT NULL DEFAULT 1 CHECK (is_complete IN (0, 1));
`,
};
