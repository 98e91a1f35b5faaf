// A database as an earlier version of the program left it. Today's repositories can't write into it, since they know columns that came later:
// rows are made in a database of today, and what the earlier one has of their columns is copied.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { ALL_MIGRATIONS } from '../../src/main/adapters/storage/migrations/all-migrations.js';
import { DATABASE_FILE_NAME, openDatabase } from '../../src/main/adapters/storage/open-database.js';
import { TestbedRepository } from '../../src/main/adapters/storage/testbed-repository.js';
import { buildTestbed, makeTemporaryFolder } from './storage-fixtures.js';

/** Makes the database before the migration `version`, at the instant 1, with the testbed of `buildTestbed`. */
export function makeEarlierDatabase(dataDir: string, version: number): void {
  openDatabase({ dataDir, nowMs: 1, migrations: ALL_MIGRATIONS.filter((migration) => migration.version < version) }).close();
  const todayDir = makeTemporaryFolder();
  const today = openDatabase({ dataDir: todayDir, nowMs: 1 });
  new TestbedRepository(today).insertTestbed(buildTestbed());
  today.close();

  const earlier = new BetterSqlite3(join(dataDir, DATABASE_FILE_NAME));
  earlier.prepare('ATTACH ? AS today').run(join(todayDir, DATABASE_FILE_NAME));
  for (const table of ['testbeds', 'nodes']) {
    const columns = (earlier.pragma(`table_info(${table})`) as { name: string }[]).map(({ name }) => name).join(', ');
    earlier.exec(`INSERT INTO ${table} (${columns}) SELECT ${columns} FROM today.${table}`);
  }
  earlier.close();
  rmSync(todayDir, { recursive: true, force: true });
}
