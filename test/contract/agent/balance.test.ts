import { afterEach, describe, expect, it } from 'vitest';

import { OutcomeStatus, type TaskOutcome } from '../../../src/shared/rpc/gen/agent_pb.js';
import { startTestAgents, type TestAgents } from '../../support/agents.js';
import { configureRun, makeTasks, RUN_ID, watchUntil } from './workload.js';

let testbed: TestAgents | null = null;
afterEach(async () => {
  await testbed?.close();
  testbed = null;
});

function countPerServer(outcomes: TaskOutcome[]): number[] {
  return [...Map.groupBy(outcomes, (outcome) => outcome.edgeServerId).values()].map((own) => own.length);
}

describe('five agents that each get 20 equal tasks at once', () => {
  it('place exactly 20 tasks on every edge server', async () => {
    testbed = await startTestAgents({ count: 5, timeScale: 1_000 });
    await configureRun(testbed, 'shortest-expected-completion');
    // Held, so that how busy this machine is has no part in it.
    await Promise.all(testbed.agents.map((agent) => agent.client.setHold(RUN_ID, true)));
    await Promise.all(
      testbed.agents.map((agent) => agent.client.submitTasks(makeTasks(agent.nodeId, 20, { baseStationId: agent.nodeId }))),
    );
    const isPlaced = testbed.agents.map((agent) =>
      watchUntil(agent, ({ last }) => last.status?.undecidedCount === 0 && last.status.outstandingCount === 20),
    );
    await Promise.all(isPlaced);
    await Promise.all(testbed.agents.map((agent) => agent.client.setHold(RUN_ID, false)));
    const seen = await Promise.all(testbed.agents.map((agent) => watchUntil(agent, ({ outcomes }) => outcomes.length >= 20)));
    const outcomes = seen.flatMap(({ outcomes: own }) => own);
    expect(outcomes.every((outcome) => outcome.status === OutcomeStatus.SUCCEEDED)).toBe(true);
    expect(countPerServer(outcomes)).toEqual([20, 20, 20, 20, 20]);
  });
});

describe('one station of three that gets all 30 tasks', () => {
  it('shares them with the idle ones while everybody already computes', async () => {
    // In real time a task computes for 17.8 s: all are placed before the first ends, however busy this machine is.
    testbed = await startTestAgents({ count: 3, timeScale: 1 });
    await configureRun(testbed, 'shortest-expected-completion');
    const [home] = testbed.agents;
    await home!.client.submitTasks(makeTasks('t', 30));
    await watchUntil(home!, ({ last }) => last.status?.undecidedCount === 0 && last.status.outstandingCount === 30);
    const states = await Promise.all(testbed.agents.map((agent) => watchUntil(agent, ({ last }) => last.status?.running !== undefined)));
    expect(states.map(({ last }) => 1 + (last.status?.queue?.queueLength ?? 0))).toEqual([10, 10, 10]);
  });
});
