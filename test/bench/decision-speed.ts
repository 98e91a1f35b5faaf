// One decision as an agent makes it: promised are 1 ms in 99 of 100. On the wall clock, so on a calm machine.
import { serverStateLength } from '../../src/scheduling/decisions/server-state.js';
import { TestbedDecisions } from '../../src/scheduling/decisions/testbed-decisions.js';
import { createLearner } from '../../src/scheduling/learning/learner.js';
import { initializeParameters } from '../../src/scheduling/learning/parameter-layout.js';
import { testbedTrainingSettings } from '../../src/scheduling/learning/training-settings.js';
import { createRandom } from '../../src/random/random.js';

const DECISIONS = 10_000;

interface DecisionSpeedRow {
  servers: number;
  medianMs: number;
  p99Ms: number;
}

export function measureDecisions(say: (text: string) => void): DecisionSpeedRow[] {
  return [3, 5, 10, 20].map((servers) => {
    const settings = testbedTrainingSettings('lad-ts');
    const { layout } = createLearner('lad-ts', { ...settings, agents: 1, servers, stateSize: serverStateLength(servers) }).actor;
    const policy = new TestbedDecisions({
      form: { method: 'lad-ts', settings, servers, largestQualitySteps: 19 },
      parameters: initializeParameters(layout, 1, createRandom(1)),
    });
    const random = createRandom(2);
    const timesMs = Array.from({ length: DECISIONS }, () => {
      const edgeServers = Array.from({ length: servers }, () => ({
        ...{ fixedSec: 3.8, secPerStep: 1, linkMbps: 1000, isReachable: true },
        backlogSec: 100 * random.nextFloat(),
      }));
      const startMs = performance.now();
      policy.decideBatch([{ id: 'task', qualitySteps: random.nextInt(10, 19), inputBits: 1000 }], { selfIndex: 0, edgeServers }, random);
      return performance.now() - startMs;
    }).sort((a, b) => a - b);
    const row = { servers, medianMs: timesMs[DECISIONS / 2]!, p99Ms: timesMs[Math.ceil(0.99 * DECISIONS) - 1]! };
    say(`agent decision among ${servers}: median ${row.medianMs.toFixed(3)} ms, p99 ${row.p99Ms.toFixed(3)} ms (promised: 1)`);
    return row;
  });
}
