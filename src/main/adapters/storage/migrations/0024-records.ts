// What runs, series, trainings and study runs were made in, which were made again from the record of which, and which came from another
// machine. Of those from before nothing is written down here: it is not known. Each row goes with what it is about.
import type { Migration } from '../migration.js';

const KINDS = "('run', 'series', 'training', 'study')";
const TABLES = { run: 'runs', series: 'series', training: 'trainings', study: 'study_runs' } as const;

export const recordsMigration: Migration = {
  version: 24,
  name: 'records',
  sql: `
CREATE TABLE environment_records (
  kind TEXT NOT NULL CHECK (kind IN ${KINDS}),
  id TEXT NOT NULL,
  environment_json TEXT NOT NULL CHECK (json_valid(environment_json)),
  PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE reproductions (
  kind TEXT NOT NULL CHECK (kind IN ${KINDS}),
  id TEXT NOT NULL,
  original_id TEXT NOT NULL,
  PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX reproductions_by_original ON reproductions (kind, original_id);

CREATE TABLE record_origins (
  kind TEXT NOT NULL CHECK (kind IN ${KINDS}),
  id TEXT NOT NULL,
  from_machine TEXT,
  exported_at_ms INTEGER NOT NULL,
  program_version TEXT NOT NULL,
  imported_at_ms INTEGER NOT NULL,
  PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
${Object.entries(TABLES)
  .map(
    ([kind, table]) => `
CREATE TRIGGER records_go_with_their_${table} AFTER DELETE ON ${table}
BEGIN
  DELETE FROM environment_records WHERE kind = '${kind}' AND id = OLD.id;
  DELETE FROM reproductions WHERE kind = '${kind}' AND id = OLD.id;
  DELETE FROM record_origins WHERE kind = '${kind}' AND id = OLD.id;
END;
`,
  )
  .join('')}`,
};
