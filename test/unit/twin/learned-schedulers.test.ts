import { describe, expect, it } from 'vitest';
import { openLearnedPolicies } from '../../../src/main/domain/twin/learned-schedulers.js';
import { simulateWhatIf } from '../../../src/main/domain/twin/what-if.js';
import type { TwinNode } from '../../../src/main/domain/twin/simulate-work.js';
import { createRandom } from '../../../src/random/random.js';
import { serverStateLength } from '../../../src/scheduling/decisions/server-state.js';
import { createLearner } from '../../../src/scheduling/learning/learner.js';
import { initializeParameters } from '../../../src/scheduling/learning/parameter-layout.js';
import { testbedTrainingSettings } from '../../../src/scheduling/learning/training-settings.js';

const SERVERS = 2;
const nodesOf = (count: number): TwinNode[] =>
  Array.from({ length: count }, (_, index) => ({
    ...{ name: `ES ${index + 1}`, fixedSec: 0, secPerStep: 1, speedFactor: 1, linkMbps: null, trueSpeed: 1 },
  }));

/** A network that has learned nothing, which any number of servers shares or which is one of each station. */
function policyJson(network: 'shared' | 'per-station', seed: number): string {
  const settings = { ...testbedTrainingSettings('lad-ts'), network };
  const sizes = { agents: 1, servers: SERVERS, stateSize: serverStateLength(SERVERS) };
  const { layout } = createLearner('lad-ts', { ...settings, ...sizes }).actor;
  const parameters = Array.from(initializeParameters(layout, 1, createRandom(seed)), (value) => Number(value.toPrecision(9)));
  return JSON.stringify({ environment: 'testbed', method: 'lad-ts', settings, servers: SERVERS, largestQualitySteps: 19, parameters });
}

const learned = { scheduler: 'learned', trainingId: 'training-1' } as const;
const question = {
  nodes: nodesOf(SERVERS),
  work: { taskCount: 20, qualitySteps: { min: 10, max: 19 }, arrivals: { kind: 'all-at-once' as const }, seed: 1 },
  schedulers: [{ scheduler: 'shortest-expected-completion' as const }, learned],
  repetitions: 2,
  pause: () => Promise.resolve(),
};
const oneMore = { addedSpeeds: [1], speeds: {}, load: 1 };

describe('learned policies in what-if', () => {
  it('are simulated on the testbed as it is and, where their network is shared, on a larger one', async () => {
    const learnedPolicyOf = await openLearnedPolicies(question.schedulers, () => Promise.resolve([policyJson('shared', 1)]));
    const rows = await simulateWhatIf({ ...question, changes: oneMore, learnedPolicyOf });
    expect(rows.map(({ scheduler, isChanged }) => [scheduler.scheduler, isChanged])).toEqual([
      ['shortest-expected-completion', false],
      ['learned', false],
      ['shortest-expected-completion', true],
      ['learned', true],
    ]);
    for (const { figures } of rows) expect(figures.totalSec.mean).toBeGreaterThan(0);
  });

  it('of a network each station decide by their own one, and are refused on another number of nodes', async () => {
    const policies = [policyJson('per-station', 1), policyJson('per-station', 2)];
    const learnedPolicyOf = await openLearnedPolicies(question.schedulers, () => Promise.resolve(policies));
    const asIs = await simulateWhatIf({ ...question, changes: { addedSpeeds: [], speeds: {}, load: 1 }, learnedPolicyOf });
    expect(asIs).toHaveLength(2);
    await expect(simulateWhatIf({ ...question, changes: oneMore, learnedPolicyOf })).rejects.toThrow(
      'does not fit a testbed of 3 nodes: The learned policy chooses among 2 edge servers',
    );
  });

  it('are refused where no training is known', async () => {
    await expect(simulateWhatIf({ ...question, changes: oneMore })).rejects.toThrow('none is known here');
  });
});
