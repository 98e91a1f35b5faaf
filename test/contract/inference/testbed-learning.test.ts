// Learning in the testbed's environment, by ONNX Runtime as a training does it.
import { expect, it } from 'vitest';
import { openInferenceSession } from '../../../src/main/adapters/inference/inference-session.js';
import { TestbedDecisions } from '../../../src/scheduling/decisions/testbed-decisions.js';
import type { Graph } from '../../../src/scheduling/graph/graph.js';
import { writeOnnx } from '../../../src/scheduling/graph/onnx/write-onnx.js';
import type { NetworkCheckpoint } from '../../../src/scheduling/learning/learning-checkpoint.js';
import { testbedTrainingSettings } from '../../../src/scheduling/learning/training-settings.js';
import { createSchedulingPolicy } from '../../../src/scheduling/policies/schedule-by-heuristic.js';
import { createTestbedLearning, testbedPolicyForm } from '../../../src/scheduling/testbed/learn-on-testbed.js';
import { measureBursts } from '../../../src/scheduling/testbed/measure-bursts.js';
import { drawTestbedEpisode } from '../../../src/scheduling/testbed/simulate-policy.js';
import { TESTBED_DEFAULTS, type TestbedConfig } from '../../../src/scheduling/testbed/testbed-config.js';

const configOf = (...speeds: number[]): TestbedConfig => ({
  ...TESTBED_DEFAULTS,
  batches: 30,
  nodes: speeds.map((speed) => ({ fixedSec: 3.8 / speed, secPerStep: 1 / speed })),
  qualitySteps: { min: 10, max: 19 },
});
const config = configOf(1, 1, 1, 0.7, 0.5);
const settings = testbedTrainingSettings('lad-ts');
const openGraph = (graph: Graph) => openInferenceSession(writeOnnx(graph, { name: 'test', producerVersion: '0', metadata: {} }));
const learn = (checkpoint?: NetworkCheckpoint) =>
  createTestbedLearning({ method: 'lad-ts', settings, config, seed: 1, openGraph, ...(checkpoint && { checkpoint }) });

it('comes to list scheduling on its own testbed and on others, and continues from a checkpoint as if it had not stopped', async () => {
  const whole = await learn();
  await whole.trainEpisode(drawTestbedEpisode(config, 1, 0));
  const between = whole.takeCheckpoint() as NetworkCheckpoint;
  await whole.trainEpisode(drawTestbedEpisode(config, 1, 1));
  const resumed = await learn(between);
  await resumed.trainEpisode(drawTestbedEpisode(config, 1, 1));
  const learned = whole.takeCheckpoint() as NetworkCheckpoint;
  expect(resumed.takeCheckpoint()).toEqual(learned);

  const form = testbedPolicyForm({ method: 'lad-ts', settings, config });
  for (const other of [config, configOf(1, 0.8, 0.4), configOf(1, 1, 1, 1, 0.8, 0.8, 0.6, 0.6, 0.4, 0.3)]) {
    const bursts = { config: other, seed: 1, taskCount: 100, bursts: 10 };
    const policy = await measureBursts(bursts, () => new TestbedDecisions({ form, parameters: learned.state.actor }));
    const listed = await measureBursts(bursts, () => createSchedulingPolicy('shortest-expected-completion'));
    expect(policy.efficiency).toBeGreaterThan(listed.efficiency - 0.01);
  }
});
