// The first schema. Instants named `..._at_ms` are wall-clock epoch milliseconds; every other `..._ms` of a task is MODEL time
// (src/shared/run.ts). Runs keep their own copy of names, nodes and prompts, on purpose without a foreign key to testbeds and datasets:
// a run outlives both.
import type { Migration } from '../migration.js';

const TESTBEDS = `
CREATE TABLE testbeds (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL CHECK (name <> ''),
  kind TEXT NOT NULL CHECK (kind IN ('virtual', 'real')),
  time_scale REAL NOT NULL CHECK (time_scale > 0),
  created_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE nodes (
  id TEXT PRIMARY KEY,
  testbed_id TEXT NOT NULL REFERENCES testbeds (id) ON DELETE CASCADE,
  ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
  name TEXT NOT NULL CHECK (name <> ''),
  kind TEXT NOT NULL CHECK (kind IN ('virtual', 'ssh')),
  host TEXT NOT NULL CHECK (host <> ''),
  port INTEGER NOT NULL CHECK (port BETWEEN 0 AND 65535),
  user TEXT NOT NULL,
  key_file TEXT,
  agent_port INTEGER CHECK (agent_port BETWEEN 0 AND 65535),
  speed_factor REAL CHECK (speed_factor > 0),
  link_mbps REAL CHECK (link_mbps > 0),
  jitter_fraction REAL CHECK (jitter_fraction BETWEEN 0 AND 0.5),
  fixed_sec REAL CHECK (fixed_sec >= 0),
  sec_per_step REAL CHECK (sec_per_step >= 0),
  provision_state TEXT NOT NULL CHECK (provision_state IN ('new', 'provisioning', 'ready', 'failed')),
  agent_version TEXT,
  created_at_ms INTEGER NOT NULL,
  UNIQUE (testbed_id, ordinal),
  CHECK (
    (kind = 'ssh' AND speed_factor IS NULL)
    OR (kind = 'virtual' AND speed_factor IS NOT NULL AND link_mbps IS NOT NULL AND jitter_fraction IS NOT NULL
        AND fixed_sec IS NOT NULL AND sec_per_step IS NOT NULL)
  )
) STRICT;

CREATE TABLE node_facts (
  node_id TEXT PRIMARY KEY REFERENCES nodes (id) ON DELETE CASCADE,
  hostname TEXT,
  operating_system TEXT,
  kernel TEXT,
  architecture TEXT,
  device_model TEXT,
  l4t_version TEXT,
  cpu_count INTEGER,
  memory_total_bytes INTEGER,
  memory_available_bytes INTEGER,
  disk_free_bytes INTEGER,
  node_version TEXT,
  read_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE host_keys (
  host TEXT NOT NULL,
  port INTEGER NOT NULL CHECK (port BETWEEN 1 AND 65535),
  key_type TEXT NOT NULL,
  fingerprint TEXT NOT NULL CHECK (fingerprint LIKE 'SHA256:%'),
  key_base64 TEXT NOT NULL,
  node_id TEXT REFERENCES nodes (id) ON DELETE SET NULL,
  source TEXT NOT NULL,
  recorded_at_ms INTEGER NOT NULL,
  PRIMARY KEY (host, port)
) STRICT, WITHOUT ROWID;
CREATE INDEX host_keys_by_node ON host_keys (node_id);
`;

const PROVISIONING = `
CREATE TABLE provisioning_runs (
  id TEXT PRIMARY KEY,
  testbed_id TEXT NOT NULL REFERENCES testbeds (id) ON DELETE CASCADE,
  state TEXT NOT NULL CHECK (state IN ('running', 'succeeded', 'failed', 'cancelled')),
  started_at_ms INTEGER NOT NULL,
  finished_at_ms INTEGER
) STRICT;
CREATE INDEX provisioning_runs_by_testbed ON provisioning_runs (testbed_id, started_at_ms);

CREATE TABLE provisioning_nodes (
  provisioning_run_id TEXT NOT NULL REFERENCES provisioning_runs (id) ON DELETE CASCADE,
  node_id TEXT NOT NULL,
  ordinal INTEGER NOT NULL,
  node_name TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  host_key_question_json TEXT CHECK (host_key_question_json IS NULL OR json_valid(host_key_question_json)),
  output_json TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(output_json)),
  PRIMARY KEY (provisioning_run_id, node_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE provisioning_steps (
  provisioning_run_id TEXT NOT NULL,
  node_id TEXT NOT NULL,
  ordinal INTEGER NOT NULL,
  name TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'changed', 'unchanged', 'failed', 'skipped', 'cancelled')),
  detail TEXT,
  started_at_ms INTEGER,
  finished_at_ms INTEGER,
  error_code TEXT,
  error_message TEXT,
  error_hint TEXT,
  PRIMARY KEY (provisioning_run_id, node_id, ordinal),
  FOREIGN KEY (provisioning_run_id, node_id) REFERENCES provisioning_nodes (provisioning_run_id, node_id) ON DELETE CASCADE,
  CHECK ((error_code IS NULL) = (error_message IS NULL))
) STRICT, WITHOUT ROWID;
`;

const DATASETS = `
CREATE TABLE datasets (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL CHECK (name <> ''),
  format TEXT NOT NULL CHECK (format IN ('flickr8k-token', 'captions-csv', 'plain-text')),
  source_name TEXT NOT NULL,
  sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
  counts_json TEXT NOT NULL CHECK (json_valid(counts_json)),
  options_json TEXT NOT NULL CHECK (json_valid(options_json)),
  prompt_count INTEGER NOT NULL CHECK (prompt_count >= 0),
  created_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE prompts (
  id INTEGER PRIMARY KEY,
  dataset_id TEXT NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
  ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
  text TEXT NOT NULL CHECK (text <> ''),
  image_name TEXT,
  UNIQUE (dataset_id, ordinal)
) STRICT;
`;

const RUNS = `
CREATE TABLE runs (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  spec_json TEXT NOT NULL CHECK (json_valid(spec_json)),
  spec_sha256 TEXT NOT NULL CHECK (length(spec_sha256) = 64),
  testbed_id TEXT NOT NULL,
  testbed_name TEXT NOT NULL,
  dataset_id TEXT NOT NULL,
  dataset_name TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'paused', 'stopping', 'stopped', 'succeeded', 'failed')),
  time_scale REAL NOT NULL CHECK (time_scale > 0),
  is_simulated INTEGER NOT NULL CHECK (is_simulated IN (0, 1)),
  program_version TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  started_at_ms INTEGER,
  finished_at_ms INTEGER,
  lower_bound_ms REAL CHECK (lower_bound_ms >= 0),
  lower_bound_rule TEXT,
  invalid_reasons_json TEXT NOT NULL DEFAULT '[]' CHECK (json_type(invalid_reasons_json) = 'array')
) STRICT;
CREATE INDEX runs_by_testbed ON runs (testbed_id, state);
CREATE INDEX runs_by_dataset ON runs (dataset_id, state);

CREATE TABLE run_nodes (
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  node_id TEXT NOT NULL,
  ordinal INTEGER NOT NULL,
  name TEXT NOT NULL,
  fixed_sec REAL NOT NULL CHECK (fixed_sec >= 0),
  sec_per_step REAL NOT NULL CHECK (sec_per_step >= 0),
  speed_factor REAL NOT NULL CHECK (speed_factor > 0),
  link_mbps REAL,
  agent_version TEXT,
  facts_json TEXT NOT NULL CHECK (json_valid(facts_json)),
  PRIMARY KEY (run_id, node_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE tasks (
  id TEXT PRIMARY KEY,
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
  prompt_id INTEGER NOT NULL,
  prompt TEXT NOT NULL,
  seed INTEGER NOT NULL CHECK (seed BETWEEN 0 AND 4294967295),
  quality_steps INTEGER NOT NULL CHECK (quality_steps > 0),
  arrival_ms REAL NOT NULL CHECK (arrival_ms >= 0),
  base_station_id TEXT NOT NULL,
  edge_server_id TEXT,
  state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sent', 'succeeded', 'failed', 'cancelled')),
  attempt_count INTEGER NOT NULL DEFAULT 0 CHECK (attempt_count >= 0),
  lease_epoch INTEGER NOT NULL DEFAULT 0 CHECK (lease_epoch >= 0),
  upload_ms REAL,
  waiting_ms REAL,
  compute_ms REAL,
  download_ms REAL,
  control_ms REAL,
  service_ms REAL,
  compute_start_ms REAL,
  compute_end_ms REAL,
  accepted_ms REAL,
  error_message TEXT,
  UNIQUE (run_id, ordinal),
  CHECK (state <> 'succeeded' OR (edge_server_id IS NOT NULL AND service_ms IS NOT NULL AND accepted_ms IS NOT NULL))
) STRICT;
CREATE INDEX tasks_by_state ON tasks (run_id, state, attempt_count);

CREATE TABLE attempts (
  task_id TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
  lease_epoch INTEGER NOT NULL CHECK (lease_epoch > 0),
  base_station_id TEXT NOT NULL,
  edge_server_id TEXT,
  state TEXT NOT NULL CHECK (state IN ('sent', 'succeeded', 'failed', 'superseded', 'cancelled')),
  sent_at_ms INTEGER NOT NULL,
  ended_at_ms INTEGER,
  error_message TEXT,
  PRIMARY KEY (task_id, lease_epoch),
  CHECK ((state = 'sent') = (ended_at_ms IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE images (
  sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64),
  size_bytes INTEGER NOT NULL CHECK (size_bytes > 0),
  width_px INTEGER NOT NULL CHECK (width_px > 0),
  height_px INTEGER NOT NULL CHECK (height_px > 0),
  media_type TEXT NOT NULL CHECK (media_type IN ('image/png', 'image/jpeg')),
  is_simulated INTEGER NOT NULL CHECK (is_simulated IN (0, 1)),
  created_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE task_images (
  task_id TEXT PRIMARY KEY REFERENCES tasks (id) ON DELETE CASCADE,
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  sha256 TEXT NOT NULL REFERENCES images (sha256),
  created_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX task_images_by_image ON task_images (sha256, run_id);
CREATE INDEX task_images_by_age ON task_images (created_at_ms, task_id);
CREATE INDEX task_images_by_run ON task_images (run_id, created_at_ms, task_id);
`;

const PLATFORMS = `
CREATE TABLE platform_baselines (
  id TEXT PRIMARY KEY,
  ordinal INTEGER NOT NULL UNIQUE,
  platform TEXT NOT NULL,
  model TEXT NOT NULL,
  is_edge INTEGER NOT NULL CHECK (is_edge IN (0, 1)),
  price_per_1k_usd REAL CHECK (price_per_1k_usd >= 0),
  source TEXT NOT NULL
) STRICT;

CREATE TABLE platform_baseline_delays (
  platform_id TEXT NOT NULL REFERENCES platform_baselines (id) ON DELETE CASCADE,
  task_count INTEGER NOT NULL CHECK (task_count > 0),
  total_delay_sec REAL NOT NULL CHECK (total_delay_sec > 0),
  PRIMARY KEY (platform_id, task_count)
) STRICT, WITHOUT ROWID;

INSERT INTO platform_baselines (id, ordinal, platform, model, is_edge, price_per_1k_usd, source) VALUES
  ('paper:midjourney', 0, 'Midjourney', 'Midjourney v6', 0, 66.00, 'Paper, Table V; artificialanalysis.ai/text-to-image'),
  ('paper:openai', 1, 'OpenAI', 'DALL·E3', 0, 40.00, 'Paper, Table V; artificialanalysis.ai/text-to-image'),
  ('paper:replicate', 2, 'Replicate', 'SD1.5', 0, 8.56, 'Paper, Table V; artificialanalysis.ai/text-to-image'),
  ('paper:deepinfra', 3, 'Deepinfra', 'SD2.1', 0, 3.76, 'Paper, Table V; artificialanalysis.ai/text-to-image'),
  ('paper:stability', 4, 'Stability.AI', 'SD3', 0, 65.00, 'Paper, Table V; artificialanalysis.ai/text-to-image'),
  ('paper:dedgeai', 5, 'DEdgeAI (paper)', 'reSD3-m', 1, 0, 'Paper, Table V; five Jetson AGX Orin');

INSERT INTO platform_baseline_delays (platform_id, task_count, total_delay_sec) VALUES
  ('paper:midjourney', 1, 75.9), ('paper:midjourney', 100, 7590), ('paper:midjourney', 500, 37950), ('paper:midjourney', 1000, 75900),
  ('paper:openai', 1, 14.7), ('paper:openai', 100, 1470), ('paper:openai', 500, 7350), ('paper:openai', 1000, 14700),
  ('paper:replicate', 1, 32.9), ('paper:replicate', 100, 3290), ('paper:replicate', 500, 16450), ('paper:replicate', 1000, 32900),
  ('paper:deepinfra', 1, 12.7), ('paper:deepinfra', 100, 1270), ('paper:deepinfra', 500, 6350), ('paper:deepinfra', 1000, 12700),
  ('paper:stability', 1, 5.4), ('paper:stability', 100, 540), ('paper:stability', 500, 2700), ('paper:stability', 1000, 5400),
  ('paper:dedgeai', 1, 18.3), ('paper:dedgeai', 100, 382.4), ('paper:dedgeai', 500, 1921.5), ('paper:dedgeai', 1000, 3895.4);
`;

const EVENTS = `
CREATE TABLE events (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at_ms INTEGER NOT NULL,
  kind TEXT NOT NULL,
  subject_id TEXT,
  message TEXT NOT NULL
) STRICT;
`;

export const initialMigration: Migration = {
  version: 1,
  name: 'initial',
  sql: [TESTBEDS, PROVISIONING, DATASETS, RUNS, PLATFORMS, EVENTS].join('\n'),
};
