// The model of a node against nodes: a run placed as it was, by the twin. Slow enough that a busy machine holds it.
import { afterEach, expect, it } from 'vitest';
import { TwinService } from '../../../src/main/domain/twin/twin-service.js';
import type { RunReplay } from '../../../src/shared/twin.js';
import { RunHarness } from '../../support/run-harness.js';

let harness: RunHarness | undefined;

afterEach(async () => {
  await harness?.dispose();
  harness = undefined;
});

async function replayOf(scheduler: 'random' | 'shortest-expected-completion', slowness: Record<string, number> = {}): Promise<RunReplay> {
  harness = await RunHarness.open({ timeScale: 3, slowness });
  const { id } = await harness.runs.start(harness.spec({ scheduler, taskCount: 18 }));
  await harness.ended(id);
  const twin = new TwinService({
    ...{ store: harness.store, isSimulated: () => true },
    ...{ getTestbed: () => expect.unreachable(), learnedPolicies: () => expect.unreachable() },
  });
  return (await twin.prediction(id)).replay!;
}

it.each([{ scheduler: 'random' }, { scheduler: 'shortest-expected-completion' }] as const)(
  'is within 2 percent of nodes that are as their record says: $scheduler',
  async ({ scheduler }) => {
    const { whole, nodes, leftOut } = await replayOf(scheduler);
    expect([whole.tasks, leftOut]).toEqual([18, 0]);
    expect(nodes.reduce((sum, { tasks }) => sum + tasks, 0)).toBe(18);
    expect(whole.withMessages?.median).toBeLessThan(0.02);
  },
);

it('shows which node is not as its record says', async () => {
  const { nodes } = await replayOf('random', { 'node-2': 1.5 });
  const medians = nodes.map(({ withMessages }) => withMessages?.median);
  expect(medians[1]).toBeGreaterThan(0.25);
  expect(medians[0]).toBeLessThan(0.02);
  expect(medians[2]).toBeLessThan(0.02);
});
