import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { EventRepository } from '../../../src/main/adapters/storage/event-repository.js';
import { initialMigration } from '../../../src/main/adapters/storage/migrations/0001-initial.js';
import { ModelRepository } from '../../../src/main/adapters/storage/model-repository.js';
import type { StoredModel } from '../../../src/main/adapters/storage/model-repository.js';
import { openDatabase } from '../../../src/main/adapters/storage/open-database.js';
import { makeTemporaryFolder } from '../../support/storage-fixtures.js';

let dataDir: string;
beforeEach(() => {
  dataDir = makeTemporaryFolder();
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const MODEL: StoredModel = {
  id: 'model-1',
  name: 'sd3',
  path: '/models/sd3.safetensors',
  layout: 'all-in-one',
  family: 'sd3-medium',
  parts: [{ name: 'transformer', tensorCount: 3, sizeBytes: 100, dtypes: ['F16', 'F32'] }],
  files: [{ path: 'sd3.safetensors', sizeBytes: 120, sha256: 'a'.repeat(64) }],
  sizeBytes: 120,
  sha256: 'a'.repeat(64),
  addedAtMs: 5,
  leftOut: ['vae/diffusion_pytorch_model.fp16.safetensors'],
  license: { name: 'Some License', url: 'https://example.org/license', acceptedAtMs: 4 },
  refinedFromSha256: 'b'.repeat(64),
};

it('brings a database of the first schema to the one with models: what was there stays, models can be kept, a backup is made', () => {
  const old = openDatabase({ dataDir, nowMs: 1, migrations: [initialMigration] });
  old.prepare("INSERT INTO events (at_ms, kind, message) VALUES (1, 'started', 'Before models')").run({});
  old.close();

  const database = openDatabase({ dataDir, nowMs: 2 });
  const models = new ModelRepository(database);
  models.save(MODEL);
  expect(new EventRepository(database).page({ offset: 0, limit: 10 }).items).toMatchObject([{ message: 'Before models' }]);
  expect(models.get('model-1')).toEqual(MODEL);
  expect(models.findByPath(MODEL.path)).toEqual(MODEL);
  database.close();
  expect(readdirSync(join(dataDir, 'backups'))).toHaveLength(1);
});
