// Runs and series on a testbed of which some nodes are excluded or limited, from the switch to the record.
import { afterEach, expect, it } from 'vitest';
import { buildSeriesSpec } from '../../support/series-fixtures.js';
import { RunHarness } from '../../support/run-harness.js';

let harness: RunHarness | undefined;
afterEach(async () => {
  await harness?.dispose();
  harness = undefined;
});

async function ended(id: string) {
  const run = await harness!.ended(id);
  const tasks = harness!.store.listTasks(id);
  return {
    run,
    tasks,
    stations: new Set(tasks.map(({ baseStationId }) => baseStationId)),
    servers: new Set(tasks.map((t) => t.edgeServerId)),
  };
}

it('a run leaves out an excluded node as base station and as edge server, and its record says so', async () => {
  harness = await RunHarness.open();
  const change = harness.settings.setNodeUse({ id: 'node-2', isExcluded: true });
  expect(change).toMatchObject({ node: { isExcluded: true }, before: { isExcluded: false, heldLimit: null }, keptBy: null });
  const { id } = await harness.runs.start(harness.spec());
  // What is under way is not changed by what is said now.
  expect(harness.settings.setNodeUse({ id: 'node-2', isExcluded: false }).keptBy).toMatch(/^It holds for new runs: run “.*” keeps/);
  const { run, stations, servers } = await ended(id);
  expect(run.state).toBe('succeeded');
  expect([...stations].sort()).toEqual(['node-1', 'node-3']);
  expect([...servers].sort()).toEqual(['node-1', 'node-3']);
  expect(run.nodeUse).toEqual({ usedCount: 2, excluded: ['ES 2'], limited: [] });
  const environment = harness.environmentOf('run', id);
  expect(environment?.testbed?.excludedNodes).toEqual(['ES 2']);
  expect(environment?.nodes.map(({ name }) => name)).toEqual(['ES 1', 'ES 3']);
  expect(harness.runs.audit(id).findings).toEqual([]);

  const whole = await harness.runs.start(harness.spec());
  expect((await ended(whole.id)).run.nodeUse).toBeUndefined();
});

it('a limited node never holds more than it may, whatever schedules, and every task is done', async () => {
  harness = await RunHarness.open();
  harness.settings.setNodeUse({ id: 'node-3', heldLimit: 1 });
  for (const scheduler of ['round-robin', 'random', 'shortest-expected-completion'] as const) {
    const { id } = await harness.runs.start(harness.spec({ scheduler }));
    const { run, tasks } = await ended(id);
    expect(run.state).toBe('succeeded');
    expect(run.nodeUse?.limited).toEqual([{ name: 'ES 3', heldLimit: 1 }]);
    // All come at once, and the others take what it refuses: it computes the one that it holds first, or few more.
    const there = tasks.filter(({ edgeServerId }) => edgeServerId === 'node-3');
    expect(there.length).toBeLessThan(10);
    for (const task of there) expect(task.delays?.waitingMs).toBeLessThan(2_000);
  }
});

it('where every node is limited tasks wait at their stations until there is room', async () => {
  harness = await RunHarness.open({ nodeCount: 2 });
  for (const id of ['node-1', 'node-2']) harness.settings.setNodeUse({ id, heldLimit: 2 });
  const { id } = await harness.runs.start(harness.spec({ scheduler: 'local-only', taskCount: 12 }));
  const { run, tasks } = await ended(id);
  expect(run.state).toBe('succeeded');
  expect(tasks.every(({ edgeServerId, baseStationId }) => edgeServerId === baseStationId)).toBe(true);
});

it('no run starts where every node is excluded', async () => {
  harness = await RunHarness.open({ nodeCount: 2 });
  for (const id of ['node-1', 'node-2']) harness.settings.setNodeUse({ id, isExcluded: true });
  await expect(harness.runs.start(harness.spec())).rejects.toThrow('Every node of testbed “Lab” is excluded. Include one first.');
});

it('a series keeps the nodes that it started with, and the next one has those of now', async () => {
  harness = await RunHarness.open({ nodeCount: 2 });
  const start = () => harness!.series.start(buildSeriesSpec({ keepInvalid: true, allowOverload: true, repetitions: 1 }));
  const finish = async (id: string): Promise<void> => {
    for await (const _ of harness!.series.watch(id, AbortSignal.timeout(100_000)));
  };
  const first = start();
  expect(harness.settings.setNodeUse({ id: 'node-2', isExcluded: true }).keptBy).toMatch(/series “.*” keeps the nodes/);
  await finish(first.id);
  const usesOf = (seriesId: string) => harness!.runs.idsOfSeries(seriesId).map((id) => harness!.runs.get(id).nodeUse?.excluded ?? []);
  expect(new Set(usesOf(first.id).flat())).toEqual(new Set());
  expect(usesOf(first.id).length).toBeGreaterThan(1);

  const second = start();
  harness.settings.setNodeUse({ id: 'node-2', isExcluded: false });
  await finish(second.id);
  expect(usesOf(second.id)).toEqual(usesOf(second.id).map(() => ['ES 2']));
});

it('a testbed has another name, and the runs that were made on it keep theirs', async () => {
  harness = await RunHarness.open({ nodeCount: 1 });
  const { id } = await harness.runs.start(harness.spec({ taskCount: 2 }));
  await ended(id);
  expect(harness.settings.rename({ id: 'testbed-1', name: 'Rack A' })).toMatchObject({ name: 'Rack A' });
  expect(harness.testbeds.get('testbed-1').name).toBe('Rack A');
  expect(harness.runs.get(id).testbedName).toBe('Lab');
  expect(() => harness!.settings.rename({ id: 'nobody', name: 'x' })).toThrow('There is no testbed “nobody”');
  expect(() => harness!.settings.setNodeUse({ id: 'nobody' })).toThrow('There is no node “nobody”');
});

it('reconnect tries at once, and says what came of it', async () => {
  harness = await RunHarness.open({ nodeCount: 1 });
  expect(await harness.reconnect('node-1')).toMatchObject({ isConnected: true });
  await harness.stopNode('node-1');
  await expect.poll(() => harness!.live('node-1')?.isConnected, { timeout: 20_000 }).toBe(false);
  expect(await harness.reconnect('node-1')).toMatchObject({ isConnected: false, problem: expect.any(String) as string });
  await harness.startNode('node-1');
  expect(await harness.reconnect('node-1')).toMatchObject({ isConnected: true, problem: null });
  await expect(harness.reconnect('nobody')).rejects.toThrow('There is no node “nobody”');
});
