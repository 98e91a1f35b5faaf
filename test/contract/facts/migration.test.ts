import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FactsHistoryRepository } from '../../../src/main/adapters/storage/facts-history-repository.js';
import { initialMigration } from '../../../src/main/adapters/storage/migrations/0001-initial.js';
import { modelsMigration } from '../../../src/main/adapters/storage/migrations/0002-models.js';
import { nodeSshRoutesMigration } from '../../../src/main/adapters/storage/migrations/0003-node-ssh-routes.js';
import { openDatabase } from '../../../src/main/adapters/storage/open-database.js';
import { TestbedRepository } from '../../../src/main/adapters/storage/testbed-repository.js';
import { NO_DEVICE_FACTS } from '../../../src/shared/device-facts.js';
import { makeTemporaryFolder } from '../../support/storage-fixtures.js';

let dataDir: string;
beforeEach(() => {
  dataDir = makeTemporaryFolder();
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

test('facts of the schema before stay, with what they did not hold as not told, and readings can be kept from then on', () => {
  const old = openDatabase({ dataDir, nowMs: 1, migrations: [initialMigration, modelsMigration, nodeSshRoutesMigration] });
  for (const sql of [
    "INSERT INTO testbeds (id, name, kind, time_scale, created_at_ms) VALUES ('testbed-1', 'Lab', 'real', 1, 1)",
    `INSERT INTO nodes (id, testbed_id, ordinal, name, kind, host, port, user, provision_state, created_at_ms)
       VALUES ('node-1', 'testbed-1', 0, 'Orin', 'ssh', '192.0.2.7', 22, 'lab', 'ready', 1)`,
    "INSERT INTO node_facts (node_id, hostname, l4t_version, read_at_ms) VALUES ('node-1', 'orin-1', '36.4.7', 7)",
  ])
    old.prepare(sql).run({});
  old.close();

  const database = openDatabase({ dataDir, nowMs: 2 });
  const { facts } = new TestbedRepository(database).getNode('node-1')!;
  expect(facts).toMatchObject({ hostname: 'orin-1', l4tVersion: '36.4.7', readAtMs: 7, ...NO_DEVICE_FACTS });
  const history = new FactsHistoryRepository(database);
  history.append({ nodeId: 'node-1', moment: 'asked', provisioningRunId: null, facts: facts! });
  expect(history.list('node-1')).toMatchObject([{ moment: 'asked', facts }]);
  database.close();
});
