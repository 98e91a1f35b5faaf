import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ALL_MIGRATIONS } from '../../../src/main/adapters/storage/migrations/all-migrations.js';
import { openDatabase } from '../../../src/main/adapters/storage/open-database.js';
import { ProvisioningRepository } from '../../../src/main/adapters/storage/provisioning-repository.js';
import { DesiredStateRepository } from '../../../src/main/adapters/storage/desired-state-repository.js';
import { makeTemporaryFolder } from '../../support/storage-fixtures.js';

let dataDir: string;
beforeEach(() => {
  dataDir = makeTemporaryFolder();
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

it('brings a database of the schema before along: old provisionings are applies, their last steps have their new name, nodes want the default', () => {
  const old = openDatabase({ dataDir, nowMs: 1, migrations: ALL_MIGRATIONS.filter(({ version }) => version < 7) });
  old.prepare("INSERT INTO testbeds (id, name, kind, time_scale, created_at_ms) VALUES ('testbed-1', 'Lab', 'real', 1, 1)").run({});
  old
    .prepare("INSERT INTO provisioning_runs (id, testbed_id, state, started_at_ms) VALUES ('provisioning-1', 'testbed-1', 'succeeded', 1)")
    .run({});
  old
    .prepare(
      `INSERT INTO provisioning_nodes (provisioning_run_id, node_id, ordinal, node_name, state)
       VALUES ('provisioning-1', 'node-1', 0, 'orin', 'succeeded')`,
    )
    .run({});
  old
    .prepare(
      `INSERT INTO provisioning_steps (provisioning_run_id, node_id, ordinal, name, state)
       VALUES ('provisioning-1', 'node-1', 0, 'start', 'changed')`,
    )
    .run({});
  old.close();

  const database = openDatabase({ dataDir, nowMs: 2 });

  expect(new ProvisioningRepository(database).get('provisioning-1')).toMatchObject({
    kind: 'apply',
    nodes: [{ steps: [{ name: 'service', state: 'changed' }] }],
  });
  expect(new DesiredStateRepository(database).get('node-1')).toEqual({ worker: 'simulated', modelId: null, service: 'auto' });
  database.close();
});
