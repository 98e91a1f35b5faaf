// A database of the version before reports were kept: what it has stays, and there can be reports.
import { rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openDatabase } from '../../../src/main/adapters/storage/open-database.js';
import { ReportRepository } from '../../../src/main/adapters/storage/report-repository.js';
import { TestbedRepository } from '../../../src/main/adapters/storage/testbed-repository.js';
import type { StoredReport } from '../../../src/shared/report-composition.js';
import { makeEarlierDatabase } from '../../support/earlier-database.js';
import { buildTestbed, makeTemporaryFolder } from '../../support/storage-fixtures.js';

let dataDir: string;
beforeEach(() => {
  dataDir = makeTemporaryFolder();
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const report: StoredReport = {
  ...{ id: 'report-1', title: 'Night', template: 'run', revision: 1, createdAtMs: 5, updatedAtMs: 5 },
  blocks: [
    { id: 'block-1', source: { kind: 'run', id: 'run-1', part: 'delays' }, recordName: 'Batch' },
    { id: 'block-2', source: { kind: 'text', title: '', text: 'Why.' }, recordName: null },
  ],
};

it('brings a database of the version before to the one with reports', () => {
  makeEarlierDatabase(dataDir, 23);
  const database = openDatabase({ dataDir, nowMs: 2 });
  expect(new TestbedRepository(database).listTestbeds()).toEqual([buildTestbed()]);
  const reports = new ReportRepository(database);
  reports.add(report);
  expect(reports.get('report-1')).toEqual(report);
  expect(reports.get('report-2')).toBeNull();
  database.close();
});

it('keeps a change only where no other came before it', () => {
  const database = openDatabase({ dataDir, nowMs: 1 });
  const reports = new ReportRepository(database);
  reports.add(report);
  expect(reports.replace({ ...report, title: 'First', revision: 2 }, 1)).toBe(true);
  expect(reports.replace({ ...report, title: 'Second', revision: 2 }, 1)).toBe(false);
  expect(reports.get('report-1')?.title).toBe('First');
  reports.add({ ...report, id: 'report-2', updatedAtMs: 9 });
  expect(reports.list().map(({ id }) => id)).toEqual(['report-2', 'report-1']);
  reports.remove('report-1');
  expect(reports.list().map(({ id }) => id)).toEqual(['report-2']);
  database.close();
});
