// A run with orders of its own, from its specification to its audit and to what the digital twin says of it.
import { afterEach, expect, it } from 'vitest';
import { TwinService } from '../../../src/main/domain/twin/twin-service.js';
import { RunHarness } from '../../support/run-harness.js';

let harness: RunHarness | undefined;
afterEach(async () => {
  await harness?.dispose();
  harness = undefined;
});

it('executes the shortest first on every node, passes its audit, and is what the twin predicts', async () => {
  harness = await RunHarness.open({ timeScale: 20 });
  const settings = { placingOrder: 'longest-first', queueOrder: 'shortest-first' } as const;
  const spec = { ...settings, scheduler: 'shortest-expected-completion', qualitySteps: { min: 1, max: 50 } } as const;
  const { id } = await harness.runs.start(harness.spec(spec));
  const ended = await harness.ended(id);
  expect(ended.spec).toMatchObject(settings);
  expect(harness.runs.audit(id).findings).toEqual([]);

  const tasks = harness.store.listTasks(id);
  const byNode = [...Map.groupBy(tasks, ({ edgeServerId }) => edgeServerId).values()];
  for (const ofNode of byNode) {
    const executed = ofNode.map(({ computedSteps, computeStartMs, delays }) => ({
      ...{ steps: computedSteps, startMs: computeStartMs ?? NaN, admittedMs: (computeStartMs ?? NaN) - (delays?.waitingMs ?? NaN) },
    }));
    // Whatever waited when a task was started (half a second of model time: the axis may have moved) and came later is no shorter.
    for (const task of executed) {
      const passedOver = executed.filter(({ startMs, admittedMs }) => startMs > task.startMs && admittedMs + 500 < task.startMs);
      expect(Math.min(...passedOver.map(({ steps }) => steps), Infinity)).toBeGreaterThanOrEqual(task.steps);
    }
  }

  const twin = new TwinService({
    store: harness.store,
    getTestbed: () => expect.unreachable(),
    isSimulated: () => true,
    learnedPolicies: () => expect.unreachable(),
  });
  const prediction = await twin.prediction(id);
  expect(prediction.tasks).toHaveLength(30);
  expect(prediction.nodes.reduce((sum, { predictedTasks }) => sum + predictedTasks, 0)).toBe(30);
  // The program adds to what was measured, never to what is predicted; how much is this machine's.
  const [total, mean] = prediction.figures;
  expect(total?.predictedMs).toBeLessThanOrEqual((total?.measuredMs ?? 0) * 1.1);
  expect(mean?.predictedMs).toBeLessThanOrEqual((mean?.measuredMs ?? 0) * 1.1);
  expect(prediction.sameNodeShare).toBeGreaterThan(0.2);
});

it('of runs that no one has and of policies that are gone, the twin says so', async () => {
  harness = await RunHarness.open();
  const twin = new TwinService({
    store: harness.store,
    getTestbed: () => expect.unreachable(),
    isSimulated: () => true,
    learnedPolicies: () => expect.unreachable(),
  });
  await expect(twin.prediction('run-nobody')).rejects.toThrow('There is no run “run-nobody”');
  const work = {
    testbedId: 'testbed-1',
    taskCount: 1,
    qualitySteps: { min: 1, max: 1 },
    arrivals: { kind: 'all-at-once' as const },
    seed: 1,
  };
  const changes = { addedSpeeds: [], speeds: {}, load: 1 };
  const getTestbed = () => ({ id: 'testbed-1', name: 'Lab', kind: 'virtual' as const, timeScale: 1, createdAtMs: 0, nodes: [] });
  const empty = new TwinService({ store: harness.store, getTestbed, isSimulated: () => true, learnedPolicies: () => expect.unreachable() });
  await expect(empty.whatIf({ work, changes, trueSpeeds: {}, repetitions: 1 })).rejects.toThrow('has no nodes');
});
