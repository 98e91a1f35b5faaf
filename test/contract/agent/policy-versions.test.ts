// A learned policy on a real agent: its version is reported, and one that can't work is refused before any task is sent.
import { afterEach, expect, it } from 'vitest';
import { versionOf } from '../../../src/agent/policies/policy-versions.js';
import { createLearner } from '../../../src/scheduling/learning/learner.js';
import { countParameters } from '../../../src/scheduling/learning/parameter-layout.js';
import { paperTrainingSettings } from '../../../src/scheduling/learning/training-settings.js';
import { startTestAgents, type TestAgents } from '../../support/agents.js';
import { RUN_ID, watchUntil } from './workload.js';

let testbed: TestAgents | null = null;
afterEach(async () => {
  await testbed?.close();
  testbed = null;
});

function describePolicy(parameter: number): string {
  const settings = { ...paperTrainingSettings('sac-ts'), hiddenSize: 4 };
  const size = countParameters(createLearner('sac-ts', { ...settings, agents: 1, servers: 2, stateSize: 4 }).actor.layout);
  return JSON.stringify({
    ...{ method: 'sac-ts', baseStations: 2, settings, parameters: new Array<number>(size).fill(parameter) },
    ...{ work: { fixedGigacycles: 3.8, gigacyclesPerStep: 1 }, meanQualitySteps: 14.5 },
  });
}

it('is tried when a run brings it, reported by its version, and stays where the next one is refused', async () => {
  testbed = await startTestAgents({ count: 2, timeScale: 1_000 });
  const [agent] = testbed.agents;
  const peers = testbed.peers();
  const configure = (runId: string, learnedPolicy: string) =>
    agent!.client.configure({ runId, scheduler: 'learned', learnedPolicy, peers, elapsedMs: 0, slotMs: 1_000, schedulerSeed: 1 });

  await configure(RUN_ID, describePolicy(0));
  const { last } = await watchUntil(agent!, ({ last: seen }) => seen.status?.policy !== undefined);
  expect(last.status?.policy).toMatchObject({ runId: RUN_ID, method: 'sac-ts', version: versionOf(describePolicy(0)), problem: '' });
  expect(last.status?.policy?.decisionMs).toBeGreaterThan(0);

  await expect(configure('run-2', describePolicy(1e308))).rejects.toThrow(/fails on a trial batch/);
  const after = await watchUntil(agent!, ({ last: seen }) => seen.status !== undefined);
  expect(after.last.status?.policy).toMatchObject({ runId: RUN_ID, version: versionOf(describePolicy(0)) });
});
