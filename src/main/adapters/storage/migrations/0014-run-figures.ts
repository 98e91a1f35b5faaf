// The figures of ended runs, kept beside what they rest on: a list of runs need not read every task that ever was. They can be computed
// again from the rows at any time, and are where the basis does not fit.
import type { Migration } from '../migration.js';

export const runFiguresMigration: Migration = {
  version: 14,
  name: 'run-figures',
  sql: `
CREATE TABLE run_figures (
  run_id TEXT PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
  basis TEXT NOT NULL,
  figures_json TEXT NOT NULL CHECK (json_valid(figures_json))
) STRICT, WITHOUT ROWID;
`,
};
