// What a policy that learned in the testbed's environment does with edge servers that it can't tell apart.
import { expect, it } from 'vitest';
import { createRandom } from '../../../../src/random/random.js';
import { serverStateLength } from '../../../../src/scheduling/decisions/server-state.js';
import { TestbedDecisions } from '../../../../src/scheduling/decisions/testbed-decisions.js';
import { createLearner } from '../../../../src/scheduling/learning/learner.js';
import { initializeParameters } from '../../../../src/scheduling/learning/parameter-layout.js';
import { testbedTrainingSettings } from '../../../../src/scheduling/learning/training-settings.js';

const SERVERS = 4;
const settings = testbedTrainingSettings('lad-ts');
const sizes = { agents: 1, servers: SERVERS, stateSize: serverStateLength(SERVERS) };
const parameters = initializeParameters(createLearner('lad-ts', { ...settings, ...sizes }).actor.layout, 1, createRandom(5));
const form = { method: 'lad-ts', settings, servers: SERVERS, largestQualitySteps: 19 } as const;

function firstChoice(selfIndex: number, isReachable: (server: number) => boolean = () => true): number | undefined {
  const edgeServers = Array.from({ length: SERVERS }, (_, server) => ({
    ...{ fixedSec: 3.8, secPerStep: 1, backlogSec: 0, linkMbps: Infinity },
    isReachable: isReachable(server),
  }));
  const task = { id: 'task', qualitySteps: 14, inputBits: 1000 };
  return new TestbedDecisions({ form, parameters }).decideBatch([task], { selfIndex, edgeServers }, createRandom(1))[0]?.edgeServerIndex;
}

it('of equals takes the own, so that stations that see the same do not all go to the same', () => {
  expect([0, 1, 2, 3].map((station) => firstChoice(station))).toEqual([0, 1, 2, 3]);
});

it('of equals takes the next after its own where that does not answer', () => {
  expect(firstChoice(1, (server) => server !== 1)).toBe(2);
  expect(firstChoice(3, (server) => server !== 3)).toBe(0);
});
