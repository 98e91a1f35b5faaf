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

test('nodes of the schema before continue logging in as they did', () => {
  const old = openDatabase({ dataDir, nowMs: 1, migrations: ALL_MIGRATIONS.filter(({ version }) => version < 8) });
  old.prepare("INSERT INTO testbeds (id, name, kind, time_scale, created_at_ms) VALUES ('testbed-1', 'Lab', 'real', 1, 1)").run({});
  const route = JSON.stringify({ alias: 'orin', identityFiles: [], hostKeyAlias: null, hops: [] });
  const nodes: [id: string, keyFile: string | null, route: string | null][] = [
    ['plain', null, null],
    ['key', '/keys/a', null],
    ['alias', null, route],
    ['alias-with-key', '/keys/b', route],
  ];
  const insert = old.prepare<{ id: string; keyFile: string | null; route: string | null; ordinal: number }>(
    `INSERT INTO nodes (id, testbed_id, ordinal, name, kind, host, port, user, key_file, ssh_route_json, provision_state, created_at_ms)
       VALUES (@id, 'testbed-1', @ordinal, @id, 'ssh', '192.0.2.7', 22, 'lab', @keyFile, @route, 'ready', 1)`,
  );
  for (const [ordinal, [id, keyFile, routeJson]] of nodes.entries()) insert.run({ id, keyFile, route: routeJson, ordinal });
  old.close();

  const database = openDatabase({ dataDir, nowMs: 2 });
  const found = new TestbedRepository(database).getTestbed('testbed-1')!.nodes.map(({ id, auth, keyFile }) => [id, auth, keyFile]);
  database.close();

  expect(found).toEqual([
    ['plain', 'program-key', null],
    ['key', 'key-file', '/keys/a'],
    ['alias', 'ssh-config', null],
    ['alias-with-key', 'key-file', '/keys/b'],
  ]);
});
