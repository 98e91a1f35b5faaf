// One decision as an agent makes it: promised are 1 ms in 99 of 100. In CPU time too, since a busy machine takes the processor away meanwhile.
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
  p99CpuMs: number;
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
    const cpuMs: number[] = [];
    const timesMs = Array.from({ length: DECISIONS }, () => {
      const edgeServers = Array.from({ length: servers }, () => ({
        ...{ fixedSec: 3.8, secPerStep: 1, linkMbps: 1000, isReachable: true },
        backlogSec: 100 * random.nextFloat(),
      }));
      const startCpu = process.threadCpuUsage();
      const startMs = performance.now();
      policy.decideBatch([{ id: 'task', qualitySteps: random.nextInt(10, 19), inputBits: 1000 }], { selfIndex: 0, edgeServers }, random);
      const tookMs = performance.now() - startMs;
      const { user, system } = process.threadCpuUsage(startCpu);
      cpuMs.push((user + system) / 1000);
      return tookMs;
    }).sort((a, b) => a - b);
    const p99Of = (sorted: readonly number[]): number => sorted[Math.ceil(0.99 * DECISIONS) - 1]!;
    const row = { servers, medianMs: timesMs[DECISIONS / 2]!, p99Ms: p99Of(timesMs), p99CpuMs: p99Of(cpuMs.toSorted((a, b) => a - b)) };
    say(
      `agent decision among ${servers}: median ${row.medianMs.toFixed(3)} ms, p99 ${row.p99Ms.toFixed(3)} ms, of CPU time ${row.p99CpuMs.toFixed(3)} ms (promised: 1)`,
    );
    return row;
  });
}
