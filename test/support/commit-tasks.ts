// A program that accepts results one by one and tells of each when it is durable: `node BUNDLE DATA_DIR COUNT full|normal`. The test of power
// cuts loads log-syncs.so into it, which writes to the same file what the kernel was asked to make durable.
import { appendFileSync } from 'node:fs';
import { openDatabase } from '../../src/main/adapters/storage/open-database.js';
import { RunRepository } from '../../src/main/adapters/storage/run-repository.js';
import { TestbedRepository } from '../../src/main/adapters/storage/testbed-repository.js';
import { buildResult, buildRun, buildTask, buildTestbed, fakeSha256 } from './storage-fixtures.js';

const [dataDir = '', count = '0', synchronous = 'full'] = process.argv.slice(2);
const log = process.env['SYNC_LOG'] ?? '';

const database = openDatabase({ dataDir, nowMs: 1 });
if (synchronous === 'normal') database.prepare('PRAGMA synchronous = NORMAL').run({});
database.prepare<object, unknown>('PRAGMA wal_autocheckpoint = 0').get({});
new TestbedRepository(database).insertTestbed(buildTestbed());
const runs = new RunRepository(database, () => 5000);
const tasks = Array.from({ length: Number(count) }, (_, ordinal) => buildTask(ordinal));
runs.insertRun(buildRun(), tasks);
for (const [index, task] of tasks.entries()) {
  const epoch = runs.markSent('run-1', [{ taskId: task.id, baseStationId: 'node-1', atMs: 1 }]).get(task.id) ?? 0;
  const { image } = buildResult(task.id, epoch);
  runs.acceptResults([buildResult(task.id, epoch, { image: { ...image, sha256: fakeSha256(index + 1) } })]);
  appendFileSync(log, `accepted ${task.id}\n`);
}
// As a power cut finds it: nothing is closed, nothing is moved out of the log.
process.kill(process.pid, 'SIGKILL');
