// Closing the program in the middle of a run, on the real core with virtual nodes. Needs `npm run build`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { reasonsButMachine } from '../../support/run-harness.js';
import { createApiCaller } from '../../../src/main/api/router.js';
import { createCore, type Core } from '../../../src/main/composition/core.js';

let dataDir: string;
let core: Core;
let api: ReturnType<typeof createApiCaller>;
let runId: string;

async function openProgram(): Promise<void> {
  core = await createCore({ dataDir, shell: 'cli', access: 'exclusive', activity: 'runs' });
  api = createApiCaller({ services: core.services });
  await core.booted;
}

async function last<T>(values: AsyncIterable<T>, isEnough: (value: T) => boolean = () => false): Promise<T> {
  let seen: T | undefined;
  for await (const value of values) {
    seen = value;
    if (isEnough(value)) break;
  }
  return seen!;
}

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'settle-'));
  await openProgram();
  const { id: testbedId } = await api.testbeds.createVirtual({ nodeCount: 2, timeScale: 100 });
  const { id } = await api.provisioning.start({ testbedId, acceptNewHostKeys: true });
  const provisioning = await last(await api.provisioning.watch({ id }));
  expect(provisioning.state).toBe('succeeded');
  const { id: datasetId } = await api.datasets.import({ name: 'Sample', source: { kind: 'sample' } });
  ({ id: runId } = await api.runs.start({ testbedId, datasetId, taskCount: 150, allowOverload: true }));
  await last(await api.runs.watch({ id: runId }), (live) => live.run.counts.succeeded >= 3);
});

afterEach(async () => {
  await core.close();
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
});

it('tells what is in progress, and nothing when it stands still', async () => {
  expect(await api.app.activity()).toMatchObject([{ kind: 'run', id: runId, total: 150, unit: 'tasks', state: 'going' }]);
  expect(await api.app.settle({ how: 'pause' })).toEqual({ left: [] });
  expect(await api.app.activity()).toEqual([]);
});

it('pauses so that the run continues after the next start, and is valid at its end', async () => {
  await api.app.settle({ how: 'pause' });
  const paused = await api.runs.get({ id: runId });
  expect(paused).toMatchObject({ state: 'paused', counts: { sent: 0 } });
  expect(paused.counts.pending).toBeGreaterThan(0);
  await core.close();
  await openProgram();
  expect(await api.runs.get({ id: runId })).toMatchObject({ state: 'paused' });
  await api.runs.resume({ id: runId });
  const { run } = await last(await api.runs.watch({ id: runId }));
  expect(run).toMatchObject({ state: 'succeeded', counts: { succeeded: 150, resent: 0 } });
  expect(reasonsButMachine(run)).toEqual([]);
});

it('stops so that nothing continues after the next start', async () => {
  expect(await api.app.settle({ how: 'stop' })).toEqual({ left: [] });
  await core.close();
  await openProgram();
  expect(await api.runs.get({ id: runId })).toMatchObject({ state: 'stopped' });
  expect(await api.app.activity()).toEqual([]);
});

it('tells what has not come to a stop when there is no time', async () => {
  const { left } = await api.app.settle({ how: 'pause', limitMs: 0 });
  expect(left.every(({ kind, state }) => kind === 'run' && state === 'pausing')).toBe(true);
  expect(await api.app.settle({ how: 'pause' })).toEqual({ left: [] });
});
it('stands still every time, whatever the agents were just offering each other', async () => {
  const { spec } = await api.runs.get({ id: runId });
  await api.runs.stopNow({ id: runId });
  for (let round = 0; round < 10; round++) {
    const { id } = await api.runs.start(spec);
    await last(await api.runs.watch({ id }), (live) => live.run.counts.succeeded >= 3);
    expect(await api.app.settle({ how: 'pause', limitMs: 40_000 })).toEqual({ left: [] });
    await api.runs.stopNow({ id });
  }
});
