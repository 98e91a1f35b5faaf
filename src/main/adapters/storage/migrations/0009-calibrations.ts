// What was measured of a node's speed. JSON, written by this program only: one value, never searched.
import type { Migration } from '../migration.js';

export const calibrationsMigration: Migration = {
  version: 9,
  name: 'calibrations',
  sql: `
ALTER TABLE nodes ADD COLUMN calibration_json TEXT CHECK (json_valid(calibration_json));
`,
};
