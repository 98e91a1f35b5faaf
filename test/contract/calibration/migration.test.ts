import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ALL_MIGRATIONS } from '../../../src/main/adapters/storage/migrations/all-migrations.js';
import { openDatabase } from '../../../src/main/adapters/storage/open-database.js';
import { TestbedRepository } from '../../../src/main/adapters/storage/testbed-repository.js';
import { makeTemporaryFolder } from '../../support/storage-fixtures.js';

let dataDir: string;
beforeEach(() => {
  dataDir = makeTemporaryFolder();
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

test('a node of the schema before counts as not calibrated, and keeps what is measured from then on', () => {
  const old = openDatabase({ dataDir, nowMs: 1, migrations: ALL_MIGRATIONS.filter(({ version }) => version < 9) });
  for (const sql of [
    "INSERT INTO testbeds (id, name, kind, time_scale, created_at_ms) VALUES ('testbed-1', 'Lab', 'real', 1, 1)",
    `INSERT INTO nodes (id, testbed_id, ordinal, name, kind, host, port, user, provision_state, created_at_ms)
       VALUES ('node-1', 'testbed-1', 0, 'Orin', 'ssh', '192.0.2.7', 22, 'lab', 'ready', 1)`,
  ])
    old.prepare(sql).run({});
  old.close();

  const database = openDatabase({ dataDir, nowMs: 2 });
  const testbeds = new TestbedRepository(database);
  expect(testbeds.getNode('node-1')?.calibration).toBeNull();
  const calibration = { fixedSec: 4.1, secPerStep: 0.93, residualSec: 0.02, imageCount: 6, measuredAtMs: 3 };
  testbeds.updateNode('node-1', { calibration });
  expect(new TestbedRepository(database).getNode('node-1')?.calibration).toEqual(calibration);
  database.close();
});
