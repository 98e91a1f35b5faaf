// Datasets, models, reports and testbeds can be in the bin too: their marks go when their rows do.
import type { Migration } from '../migration.js';

const TABLES = { dataset: 'datasets', model: 'models', report: 'reports', testbed: 'testbeds' } as const;

const TRIGGERS = Object.entries(TABLES).map(
  ([kind, table]) => `
CREATE TRIGGER marks_go_with_${kind} AFTER DELETE ON ${table}
BEGIN
  DELETE FROM history_marks WHERE kind = '${kind}' AND id = OLD.id;
END;
`,
);

export const binOfEverythingMigration: Migration = { version: 28, name: 'bin-of-everything', sql: TRIGGERS.join('\n') };
