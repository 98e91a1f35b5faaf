// Where a dataset of pairs was imported from, so that a lost picture can be copied back from there. Null: not a folder, or an earlier version.
import type { Migration } from '../migration.js';

export const pictureSourcesMigration: Migration = {
  version: 25,
  name: 'picture-sources',
  sql: `ALTER TABLE datasets ADD COLUMN source_folder TEXT CHECK (source_folder <> '');`,
};
