// Figures of platforms that stand in place of the paper's, rows of one's own, what a cost is computed with, and what runs took in energy.
import type { Migration } from '../migration.js';

export const pricesAndEnergyMigration: Migration = {
  version: 22,
  name: 'prices-and-energy',
  sql: `CREATE TABLE own_platforms (
  id TEXT PRIMARY KEY,
  platform TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  removed_at_ms INTEGER
) STRICT;

CREATE TABLE platform_figures (
  platform_id TEXT NOT NULL,
  field TEXT NOT NULL CHECK (field IN ('model', 'delay', 'price')),
  task_count INTEGER NOT NULL CHECK (task_count >= 0 AND (task_count > 0) = (field = 'delay')),
  number_value REAL CHECK (number_value >= 0),
  text_value TEXT,
  source TEXT NOT NULL CHECK (source <> ''),
  dated TEXT NOT NULL CHECK (dated GLOB '????-??-??'),
  note TEXT,
  changed_at_ms INTEGER NOT NULL,
  PRIMARY KEY (platform_id, field, task_count),
  CHECK ((text_value IS NOT NULL) = (field = 'model') AND (number_value IS NOT NULL) = (field <> 'model'))
) STRICT, WITHOUT ROWID;

CREATE TABLE cost_settings (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  settings_json TEXT NOT NULL
) STRICT;

CREATE TABLE run_energy (
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  node_id TEXT NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('rails', 'nvidia-smi')),
  measured_json TEXT NOT NULL,
  covered_ms REAL NOT NULL CHECK (covered_ms >= 0),
  joules REAL NOT NULL CHECK (joules >= 0),
  load_known_ms REAL NOT NULL CHECK (load_known_ms >= 0),
  idle_ms REAL NOT NULL CHECK (idle_ms >= 0),
  PRIMARY KEY (run_id, node_id)
) STRICT, WITHOUT ROWID;
`,
};
