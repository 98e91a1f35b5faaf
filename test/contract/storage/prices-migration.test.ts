// A database of the version before: its runs and the paper's platforms stay, and there can be other figures, costs and energy.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ALL_MIGRATIONS } from '../../../src/main/adapters/storage/migrations/all-migrations.js';
import { DATABASE_FILE_NAME, openDatabase } from '../../../src/main/adapters/storage/open-database.js';
import { CostSettingsRepository } from '../../../src/main/adapters/storage/cost-settings-repository.js';
import { EnergyRepository } from '../../../src/main/adapters/storage/energy-repository.js';
import { PlatformFigureRepository } from '../../../src/main/adapters/storage/platform-figure-repository.js';
import { PlatformRepository } from '../../../src/main/adapters/storage/platform-repository.js';
import { ASSUMED_COST_SETTINGS } from '../../../src/shared/cost.js';
import { makeTemporaryFolder } from '../../support/storage-fixtures.js';

let dataDir: string;
beforeEach(() => {
  dataDir = makeTemporaryFolder();
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

it('brings a database of the version before to the one with prices and energy', () => {
  openDatabase({ dataDir, nowMs: 1, migrations: ALL_MIGRATIONS.filter(({ version }) => version <= 20) }).close();
  const old = new BetterSqlite3(join(dataDir, DATABASE_FILE_NAME));
  old
    .prepare(
      `INSERT INTO runs (id, name, spec_json, spec_sha256, testbed_id, testbed_name, dataset_id, dataset_name, state, time_scale, is_simulated,
         program_version, created_at_ms) VALUES ('run-1', 'Batch', '{}', ?, 'testbed-1', 'Lab', 'dataset-1', 'Flickr8k', 'succeeded', 1, 1, '0.1.0', 1)`,
    )
    .run('a'.repeat(64));
  old.close();

  const database = openDatabase({ dataDir, nowMs: 2 });
  const figures = new PlatformFigureRepository(database);
  const evidence = { source: 'stability.ai', date: '2026-11-29', note: null, changedAtMs: 3 };
  figures.setFigure('paper:stability', { field: 'price', count: 0, value: 70, ...evidence });
  figures.addOwn({ id: 'platform-1', platform: 'New', createdAtMs: 1, removedAtMs: null }, [
    { field: 'model', count: 0, value: 'Flux', ...evidence },
    { field: 'delay', count: 1, value: 3, ...evidence },
  ]);
  expect(figures.figures().get('paper:stability')).toEqual([{ field: 'price', count: 0, value: 70, ...evidence }]);
  expect(figures.figures().get('platform-1')).toHaveLength(2);
  expect(new PlatformRepository(database).list().find(({ id }) => id === 'paper:stability')?.pricePer1kUsd).toBe(65);

  const costs = new CostSettingsRepository(database);
  expect(costs.get()).toBeNull();
  costs.save({ ...ASSUMED_COST_SETTINGS, usdPerKwh: 0.3 });
  costs.save({ ...ASSUMED_COST_SETTINGS, usdPerKwh: 0.4 });
  expect(costs.get()?.usdPerKwh).toBe(0.4);

  const energy = new EnergyRepository(database);
  const measured = {
    nodeId: 'node-1',
    source: 'rails',
    measured: ['VDD_IN'],
    coveredMs: 1500.5,
    joules: 20.25,
    loadKnownMs: 0,
    idleMs: 0,
  } as const;
  energy.saveEnergy('run-1', [{ ...measured, measured: ['VDD_IN'], joules: 10 }]);
  energy.saveEnergy('run-1', [{ ...measured, measured: ['VDD_IN'] }]);
  expect(energy.listEnergy('run-1')).toEqual([measured]);
  expect(() => energy.saveEnergy('run-2', [{ ...measured, measured: ['VDD_IN'] }])).toThrow();
  database.prepare("DELETE FROM runs WHERE id = 'run-1'").run({});
  expect(energy.listEnergy('run-1')).toEqual([]);
  database.close();
});

it('takes no figure without its source, nor a delay of nothing', () => {
  const database = openDatabase({ dataDir, nowMs: 1 });
  const figures = new PlatformFigureRepository(database);
  const figure = { field: 'price', count: 0, value: 70, source: 'x', date: '2026-11-29', note: null, changedAtMs: 3 } as const;
  for (const wrong of [{ source: '' }, { date: 'today' }, { value: -1 }, { field: 'delay' as const }, { value: 'text' }])
    expect(() => figures.setFigure('paper:stability', { ...figure, ...wrong })).toThrow();
  expect(figures.figures().size).toBe(0);
  database.close();
});
