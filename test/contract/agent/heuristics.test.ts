// Every heuristic of the table that can schedule runs does so on real agents: no list of names is between them and the table.
import { afterEach, describe, expect, it } from 'vitest';
import { STATION_HEURISTIC_NAMES } from '../../../src/scheduling/heuristics/heuristics.js';
import { OutcomeStatus } from '../../../src/shared/rpc/gen/agent_pb.js';
import { startTestAgents, type TestAgents } from '../../support/agents.js';
import { configureRun, makeTasks, watchUntil } from './workload.js';

let testbed: TestAgents | null = null;
afterEach(async () => {
  await testbed?.close();
  testbed = null;
});

describe('a station with ten tasks', () => {
  it.each(STATION_HEURISTIC_NAMES)('has them done by %s', async (name) => {
    testbed = await startTestAgents({ count: 2, timeScale: 1_000 });
    await configureRun(testbed, name);
    const [home] = testbed.agents;
    await home!.client.submitTasks(makeTasks('t', 10, { baseStationId: home!.nodeId }));
    const { outcomes } = await watchUntil(home!, (seen) => seen.outcomes.length >= 10);
    expect(outcomes.map(({ status }) => status)).toEqual(new Array(10).fill(OutcomeStatus.SUCCEEDED));
    if (name === 'local-only') expect(outcomes.every(({ edgeServerId }) => edgeServerId === home!.nodeId)).toBe(true);
  });
});
