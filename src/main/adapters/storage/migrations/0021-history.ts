// What people put on records of the history: tags, notes, stars, the bin, saved views; and the words of every run's prompts, for searches.
// Marks are by kind and id, because records lie in several tables; they go by triggers when their record goes. A run's words are one document
// of a full-text index without the texts themselves: a search reads what it needs of 1,000 runs instead of 1,000,000 tasks.
import type { Migration } from '../migration.js';

const MARKS = `
CREATE TABLE history_marks (
  kind TEXT NOT NULL CHECK (kind <> ''),
  id TEXT NOT NULL,
  is_starred INTEGER NOT NULL DEFAULT 0 CHECK (is_starred IN (0, 1)),
  note TEXT CHECK (note <> ''),
  binned_at_ms INTEGER,
  PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX history_bin ON history_marks (kind, id) WHERE binned_at_ms IS NOT NULL;

CREATE TABLE history_tags (
  kind TEXT NOT NULL CHECK (kind <> ''),
  id TEXT NOT NULL,
  tag TEXT NOT NULL CHECK (tag <> ''),
  PRIMARY KEY (kind, id, tag)
) STRICT, WITHOUT ROWID;
CREATE INDEX history_tags_by_tag ON history_tags (tag, kind, id);

CREATE TABLE history_views (
  name TEXT PRIMARY KEY CHECK (name <> ''),
  view_json TEXT NOT NULL CHECK (json_valid(view_json))
) STRICT, WITHOUT ROWID;
`;

/** Where each kind has its row. Of a calibration there is only its job. */
const RECORDS = [
  { kind: 'run', table: 'runs' },
  { kind: 'series', table: 'series' },
  { kind: 'training', table: 'trainings' },
  { kind: 'study', table: 'study_runs' },
  { kind: 'provisioning', table: 'provisioning_runs' },
  { kind: 'calibration', table: 'jobs' },
] as const;

const TRIGGERS = RECORDS.map(
  ({ kind, table }) => `
CREATE TRIGGER marks_go_with_${kind} AFTER DELETE ON ${table}${table === 'jobs' ? ` WHEN OLD.kind = '${kind}'` : ''}
BEGIN
  DELETE FROM history_marks WHERE kind = '${kind}' AND id = OLD.id;
  DELETE FROM history_tags WHERE kind = '${kind}' AND id = OLD.id;
END;
`,
);

/** What is resumed while it is in the bin is no longer in it. */
const RESUMED = `
CREATE TRIGGER resumed_jobs_leave_the_bin AFTER UPDATE OF state ON jobs WHEN NEW.state IN ('queued', 'running')
BEGIN
  UPDATE history_marks SET binned_at_ms = NULL WHERE kind = NEW.kind AND id = NEW.id;
END;
`;

/** Lists take the figures of ended runs as they were kept, so those that rest on something else must not be there. */
const FIGURES = `
CREATE TRIGGER figures_go_with_their_basis
AFTER UPDATE OF state, axis, time_scale, lower_bound_ms, lower_bound_rule, host_delay_json, invalid_reasons_json ON runs
BEGIN
  DELETE FROM run_figures WHERE run_id = NEW.id;
END;
`;

const WORDS = `
CREATE TABLE searched_runs (
  number INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL UNIQUE REFERENCES runs (id) ON DELETE CASCADE
) STRICT;
CREATE VIRTUAL TABLE run_words USING fts5 (prompts, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2');
CREATE TRIGGER words_go_with_their_runs AFTER DELETE ON searched_runs
BEGIN
  DELETE FROM run_words WHERE rowid = OLD.number;
END;

INSERT INTO searched_runs (run_id) SELECT id FROM runs ORDER BY created_at_ms, id;
INSERT INTO run_words (rowid, prompts)
SELECT number, (
  SELECT coalesce(group_concat(prompt, ' ' || char(0xE000) || ' '), '')
  FROM (SELECT DISTINCT prompt FROM tasks WHERE tasks.run_id = searched_runs.run_id)
) FROM searched_runs;
`;

export const historyMigration: Migration = {
  version: 21,
  name: 'history',
  sql: [MARKS, ...TRIGGERS, RESUMED, FIGURES, WORDS].join('\n'),
};
