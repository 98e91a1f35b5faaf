// What held a run up: nodes that could not be reached, and when it stood still. Of earlier runs it is not known.
import type { Migration } from '../migration.js';

export const runInterruptionsMigration: Migration = {
  version: 33,
  name: 'run-interruptions',
  sql: 'ALTER TABLE runs ADD COLUMN interruptions_json TEXT CHECK (json_valid(interruptions_json));',
};
