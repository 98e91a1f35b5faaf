import { afterEach, describe, expect, it } from 'vitest';

import { OutcomeStatus } from '../../../src/shared/rpc/gen/agent_pb.js';
import { startTestAgents, type TestAgents } from '../../support/agents.js';
import { configureRun, makeTasks, watchUntil } from './workload.js';

let testbed: TestAgents | null = null;
afterEach(async () => {
  await testbed?.close();
  testbed = null;
});

describe('five agents that each get 20 equal tasks at once', () => {
  it('end with exactly 20 tasks on every edge server', async () => {
    testbed = await startTestAgents({ count: 5, timeScale: 100 });
    await configureRun(testbed, 'shortest-expected-completion');
    await Promise.all(testbed.agents.map((agent) => agent.client.submitTasks(makeTasks(agent.nodeId, 20))));
    const seen = await Promise.all(testbed.agents.map((agent) => watchUntil(agent, ({ outcomes }) => outcomes.length >= 20)));
    const outcomes = seen.flatMap(({ outcomes: own }) => own);
    expect(outcomes.every((outcome) => outcome.status === OutcomeStatus.SUCCEEDED)).toBe(true);
    const executed = Map.groupBy(outcomes, (outcome) => outcome.edgeServerId);
    expect([...executed].map(([nodeId, own]) => [nodeId, own.length]).sort()).toEqual(testbed.agents.map(({ nodeId }) => [nodeId, 20]));
  });
});
