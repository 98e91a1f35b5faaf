// What a seed brings in the environment of a testbed, held to the last bit: trainings and what was measured of them can be made again only as
// long as these stay. The digests are of the environment as it was before it shared its model of a node with the simulation of runs.
import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { createRandom } from '../../../../src/random/random.js';
import { serverStateLength } from '../../../../src/scheduling/decisions/server-state.js';
import { TestbedDecisions } from '../../../../src/scheduling/decisions/testbed-decisions.js';
import { createLearner } from '../../../../src/scheduling/learning/learner.js';
import { initializeParameters } from '../../../../src/scheduling/learning/parameter-layout.js';
import { testbedTrainingSettings } from '../../../../src/scheduling/learning/training-settings.js';
import type { SchedulingPolicy } from '../../../../src/scheduling/policies/policy.js';
import { createSchedulingPolicy } from '../../../../src/scheduling/policies/schedule-by-heuristic.js';
import { runBatches } from '../../../../src/scheduling/testbed/run-batches.js';
import { drawTestbedEpisode, speedSeedOf } from '../../../../src/scheduling/testbed/simulate-policy.js';
import { TESTBED_DEFAULTS, type TestbedConfig } from '../../../../src/scheduling/testbed/testbed-config.js';

const configOf = (change: Partial<TestbedConfig>): TestbedConfig => ({
  ...TESTBED_DEFAULTS,
  batches: 4,
  nodes: [1, 1, 1, 0.7, 0.5].map((speed) => ({ fixedSec: 3.8 / speed, secPerStep: 1 / speed })),
  qualitySteps: { min: 10, max: 19 },
  ...change,
});

/** A network that has learned nothing, with the noise of a training: all that it sees is in what it decides. */
function untrained(config: TestbedConfig): SchedulingPolicy {
  const settings = testbedTrainingSettings('lad-ts');
  const servers = config.nodes.length;
  const sizes = { agents: 1, servers, stateSize: serverStateLength(servers) };
  const parameters = initializeParameters(createLearner('lad-ts', { ...settings, ...sizes }).actor.layout, 1, createRandom(5));
  const form = { method: 'lad-ts', settings, servers, largestQualitySteps: config.qualitySteps.max } as const;
  const random = createRandom(7);
  return new TestbedDecisions({
    ...{ form, parameters },
    learning: { noise: ({ length }) => Float32Array.from({ length }, () => random.nextFloat() - 0.5) },
  });
}

/** Of all choices, delays, and what a reward is made of, in order. */
async function digest(config: TestbedConfig, policyOf: (config: TestbedConfig) => SchedulingPolicy): Promise<string> {
  const episode = drawTestbedEpisode(config, 1, 0);
  const hash = createHash('sha256');
  const add = (numbers: readonly number[]): void => void hash.update(Float64Array.from(numbers));
  const result = await runBatches({
    ...{ config, batches: episode.batches, random: createRandom(3), seed: speedSeedOf(episode) },
    stations: config.nodes.map(() => policyOf(config)),
    onPlaced: ({ serviceSec, completionSec }) => {
      add(serviceSec);
      add(completionSec);
    },
  });
  add(result.choices);
  add(result.serviceDelaySec);
  add(result.batchSec);
  add([result.refusals]);
  return hash.digest('hex').slice(0, 16);
}

const listed = (): SchedulingPolicy => createSchedulingPolicy('shortest-expected-completion');
const drifting = { kind: 'drifting', factor: { min: 0.4, max: 1 }, everySec: 500 } as const;
const throttling = { kind: 'throttling', factor: 0.6, warmingSec: 300 } as const;

it.each([
  { name: 'as it comes', change: {}, byList: 'c91e9f0e22b632a9', byNetwork: 'dbaeb93c0853e4d2' },
  { name: 'streams', change: { arrivals: 'streams' }, byList: 'd2ab459f34eff130', byNetwork: 'bf82b7341e1915b0' },
  { name: 'offers', change: { view: 'offers', arrivals: 'mixed' }, byList: 'ccec9326d62b3182', byNetwork: '8dff248cedbee9ae' },
  { name: 'blind', change: { view: 'blind', arrivals: 'mixed' }, byList: '0fb90b41b0ebbde6', byNetwork: 'dcc806e7ff23be6b' },
  {
    name: 'misrecorded',
    change: { speeds: { kind: 'misrecorded', factor: { min: 0.45, max: 1.25 } } },
    byList: 'a2412528a13b0793',
    byNetwork: 'bb00f2fbe4f06aca',
  },
  { name: 'drifting', change: { speeds: drifting, arrivals: 'mixed' }, byList: '8b3a794f059ae352', byNetwork: '0c44be63a4c319a0' },
  { name: 'throttling', change: { speeds: throttling, arrivals: 'mixed' }, byList: 'baabef4fd4c49254', byNetwork: '16f73738616b21ef' },
] as const)('an episode is what it was: $name', async ({ change, byList, byNetwork }) => {
  const config = configOf(change);
  expect([await digest(config, listed), await digest(config, untrained)]).toEqual([byList, byNetwork]);
});
