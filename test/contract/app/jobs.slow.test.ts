// Jobs of several kinds through the API of the real core, across the death of a program. Needs `npm run build`.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createApiCaller } from '../../../src/main/api/router.js';
import { createCore, type Core } from '../../../src/main/composition/core.js';
import { JOB_KINDS, type JobDetail } from '../../../src/shared/job.js';
import { allInOneTensors, buildSafetensors } from '../../support/model-files.js';

let folder: string;
let dataDir: string;
let core: Core;
let api: ReturnType<typeof createApiCaller>;

async function openProgram(): Promise<void> {
  core = await createCore({ dataDir, shell: 'cli', access: 'exclusive', activity: 'nodes' });
  api = createApiCaller({ services: core.services });
  await core.booted;
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'jobs-'));
  dataDir = join(folder, 'data');
  await openProgram();
});
afterEach(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

async function ended(id: string): Promise<JobDetail> {
  for await (const _ of await api.jobs.watchOne({ id }));
  return api.jobs.get({ id });
}

/** As a program leaves it that was killed. */
async function killProgram(id: string): Promise<void> {
  await core.close();
  const database = new BetterSqlite3(join(dataDir, 'dedgeai.sqlite'));
  database.prepare("UPDATE jobs SET state = 'running', finished_at_ms = NULL, error_json = NULL WHERE id = ?").run(id);
  database.close();
  await openProgram();
}

it('lists, follows and keeps jobs of different kinds alike', async () => {
  expect(await api.jobs.list()).toEqual([]);
  const { id: testbedId } = await api.testbeds.createVirtual({ nodeCount: 1 });
  const provisioning = await api.provisioning.start({ testbedId, acceptNewHostKeys: true });
  expect(await api.jobs.list({ isOpen: true })).toMatchObject([
    { id: provisioning.id, kind: 'provisioning', title: 'Provision', subject: { kind: 'testbed', id: testbedId }, commands: ['cancel'] },
  ]);
  expect(await ended(provisioning.id)).toMatchObject({ state: 'succeeded', outcome: '1 of 1 nodes ready', commands: [] });
  await api.data.backUp();
  const [backup] = await api.jobs.list({ kind: 'data-care' });
  expect(await ended(backup!.id)).toMatchObject({ title: 'Back up the database', state: 'succeeded', subject: { name: dataDir } });
  await core.close();
  await openProgram();
  expect((await api.jobs.list()).map(({ id, state }) => [id, state])).toEqual([
    [backup!.id, 'succeeded'],
    [provisioning.id, 'succeeded'],
  ]);
  expect((await api.data.status()).job).toBeNull();
});

it('continues after a crash: a training where it was, a model from the start', async () => {
  const training = await api.trainings.start({ method: 'sac-ts', preset: 'reference', episodes: 100_000, checkpointEvery: 1 });
  for await (const { doneEpisodes } of await api.trainings.watch({ id: training.id })) if (doneEpisodes > 0) break;
  await killProgram(training.id);
  expect(await api.jobs.get({ id: training.id })).toMatchObject({ state: 'paused', commands: ['cancel', 'resume'] });
  const before = (await api.trainings.get({ id: training.id })).doneEpisodes;
  expect(await api.jobs.resume({ id: training.id })).toMatchObject({ id: training.id, state: 'running' });
  for await (const { doneEpisodes } of await api.trainings.watch({ id: training.id })) if (doneEpisodes > before) break;
  expect(await api.jobs.pause({ id: training.id })).toMatchObject({ state: 'paused' });
  expect(await api.jobs.cancel({ id: training.id })).toMatchObject({ state: 'cancelled', commands: [] });

  const path = join(folder, 'sd3.safetensors');
  writeFileSync(path, buildSafetensors(allInOneTensors()));
  const { id } = await api.models.add({ path, acceptLicense: true });
  await ended(id);
  await killProgram(id);
  expect(await api.jobs.get({ id })).toMatchObject({ state: 'failed', commands: ['resume'], subject: { name: 'sd3.safetensors' } });
  await api.jobs.resume({ id });
  expect(await ended(id)).toMatchObject({ state: 'succeeded', outcome: 'On record as “sd3”' });
});

it('refuses what can not be asked of a job, and an id that is none', async () => {
  await api.data.check();
  const [check] = await api.jobs.list();
  await ended(check!.id);
  await expect(api.jobs.pause({ id: check!.id })).rejects.toMatchObject({ cause: { code: 'conflict' } });
  await expect(api.jobs.resume({ id: check!.id })).rejects.toMatchObject({ cause: { code: 'conflict' } });
  await expect(api.jobs.get({ id: 'job-none' })).rejects.toMatchObject({ cause: { code: 'not-found' } });
});

it('has a place for every kind', async () => {
  for (const kind of JOB_KINDS) expect(await api.jobs.list({ kind })).toEqual([]);
});
