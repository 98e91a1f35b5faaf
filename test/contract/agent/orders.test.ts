// What a run asks for is what nodes do: in which order they execute what waits, in which order stations place, and by which speeds they
// reckon. Everything is placed while the run is held, so that how busy this machine is has no part in it.
import { afterEach, describe, expect, it } from 'vitest';
import type { TaskOutcome } from '../../../src/shared/rpc/gen/agent_pb.js';
import type { SchedulerName } from '../../../src/shared/run.js';
import type { SchedulingSettings } from '../../../src/shared/scheduling-settings.js';
import { startTestAgents, type TestAgents } from '../../support/agents.js';
import { makeTasks, RUN_ID, watchUntil } from './workload.js';

let testbed: TestAgents | null = null;
afterEach(async () => {
  await testbed?.close();
  testbed = null;
});

/** Of each task, in the order in which they come to each station. */
const STEPS = [12, 5, 19, 5, 8, 15];

/** Steps of what each edge server executed, in its order; all tasks waited there before the first began. */
async function executedBy(scheduler: SchedulerName, settings: SchedulingSettings): Promise<number[][]> {
  testbed = await startTestAgents({ count: 2, timeScale: 1_000 });
  const { agents, peers } = testbed;
  await Promise.all(
    agents.map((agent, index) =>
      agent.client.configure({
        ...{ runId: RUN_ID, scheduler, peers: peers(), elapsedMs: 0, slotMs: 1_000, schedulerSeed: index + 1 },
        ...{ placingOrder: settings.placingOrder ?? '', queueOrder: settings.queueOrder ?? '' },
      }),
    ),
  );
  await Promise.all(agents.map((agent) => agent.client.setHold(RUN_ID, true)));
  const stepsOf = new Map<string, number>();
  const sent = agents.map((agent) => {
    const tasks = makeTasks(agent.nodeId, STEPS.length, { baseStationId: agent.nodeId });
    return tasks.map((task, index) => {
      stepsOf.set(task.id, STEPS[index]!);
      return { ...task, qualitySteps: STEPS[index]! };
    });
  });
  await Promise.all(agents.map((agent, index) => agent.client.submitTasks(sent[index]!)));
  await Promise.all(
    agents.map((agent) =>
      watchUntil(agent, ({ last }) => last.status?.undecidedCount === 0 && last.status.outstandingCount === STEPS.length),
    ),
  );
  await Promise.all(agents.map((agent) => agent.client.setHold(RUN_ID, false)));
  const seen = await Promise.all(agents.map((agent) => watchUntil(agent, ({ outcomes }) => outcomes.length >= STEPS.length)));
  const outcomes: TaskOutcome[] = seen.flatMap(({ outcomes: own }) => own);
  return agents.map(({ nodeId }) =>
    outcomes
      .filter(({ edgeServerId }) => edgeServerId === nodeId)
      .sort((a, b) => a.computeStartMs - b.computeStartMs)
      .map(({ taskId }) => stepsOf.get(taskId)!),
  );
}

const ascending = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);

describe('the orders of a run', () => {
  it('are those of the paper where it names none: as tasks come, first come, first served', async () => {
    expect(await executedBy('local-only', {})).toEqual([STEPS, STEPS]);
  });

  it('place the longest first', async () => {
    const longestFirst = ascending(STEPS).reverse();
    expect(await executedBy('local-only', { placingOrder: 'longest-first' })).toEqual([longestFirst, longestFirst]);
  });

  it('execute the shortest first, whatever the order in which it was placed, also of other stations’ tasks', async () => {
    const executed = await executedBy('round-robin', { placingOrder: 'longest-first', queueOrder: 'shortest-first' });
    expect(executed.map((steps) => steps.length)).toEqual([6, 6]);
    for (const steps of executed) expect(steps).toEqual(ascending(steps));
  });
});

describe('an agent', () => {
  it('says what it can do beyond the protocol, so that no run is scheduled otherwise than it says', async () => {
    testbed = await startTestAgents({ count: 1, timeScale: 1_000 });
    const { abilities } = await testbed.agents[0]!.client.describe();
    expect(abilities).toEqual(expect.arrayContaining(['orders', 'speeds-seen', 'considerate-completion']));
  });

  it('refuses an order that there is none of, in words', async () => {
    testbed = await startTestAgents({ count: 1, timeScale: 1_000 });
    const configured = testbed.agents[0]!.client.configure({
      ...{ runId: RUN_ID, scheduler: 'random', peers: testbed.peers(), elapsedMs: 0, slotMs: 1_000, schedulerSeed: 1 },
      queueOrder: 'backwards',
    });
    await expect(configured).rejects.toThrow(/queueOrder/);
  });
});
