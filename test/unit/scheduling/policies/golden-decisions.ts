// Digests of decisions: of the simulator over episodes, and of a station of a testbed over batches. They hold a change of the code to the
// decisions of the code before it, bit by bit.
import { createHash } from 'node:crypto';
import { createEnvironment } from '../../../../src/scheduling/environment/environment.js';
import type { EnvironmentConfig } from '../../../../src/scheduling/environment/environment-config.js';
import { PRESETS } from '../../../../src/scheduling/environment/presets.js';
import { runEpisode } from '../../../../src/scheduling/environment/run-episode.js';
import type {
  EdgeServerView,
  SchedulableTask,
  SchedulingObservation,
  SchedulingPolicy,
} from '../../../../src/scheduling/policies/policy.js';
import type { SimulatorPolicy } from '../../../../src/scheduling/environment/simulator-policy.js';
import { createRandom } from '../../../../src/random/random.js';

/** `equal`: servers, links and tasks that are much alike, so that rounding decides between servers that are as good as each other. */
export const GOLDEN_ENVIRONMENTS: Record<string, { config: EnvironmentConfig; seeds: number; episodes: number }> = {
  paper: { config: PRESETS.paper, seeds: 2, episodes: 1 },
  reference: { config: PRESETS.reference, seeds: 2, episodes: 1 },
  small: { config: { ...PRESETS.paper, baseStations: 3, slots: 20, tasksPerSlot: { min: 1, max: 9 } }, seeds: 20, episodes: 2 },
  one: { config: { ...PRESETS.paper, baseStations: 1, slots: 6 }, seeds: 2, episodes: 1 },
  equal: {
    config: {
      ...PRESETS.reference,
      constants: 'from-seed',
      baseStations: 5,
      tasksPerSlot: { min: 1, max: 12 },
      knownCapacities: [7, 7, 7, 3, 3],
      linkMbps: { min: 300, max: 300 },
      sizeMbit: { min: 3, max: 3 },
      densityGigacyclesPerStep: { min: 0.7, max: 0.7 },
    },
    seeds: 8,
    episodes: 3,
  },
};

/** Of every choice and every service delay of a policy made again for each episode, in one environment. */
export async function digestEpisodes(environmentName: string, create: () => SimulatorPolicy): Promise<string> {
  const { config, seeds, episodes } = GOLDEN_ENVIRONMENTS[environmentName]!;
  const hash = createHash('sha256');
  for (let seed = 1; seed <= seeds; seed++) {
    const environment = createEnvironment(config, seed);
    for (let episode = 0; episode < episodes; episode++) {
      const arrivals = environment.makeArrivals(episode);
      const run = await runEpisode({ environment, arrivals, policy: create(), random: createRandom(seed * 1000 + episode) });
      hash.update(run.choices).update(run.serviceDelaySec).update(run.backlogGigacycles);
    }
  }
  return hash.digest('hex');
}

/** Of the decisions, in their order, of stations of testbeds drawn by a seed: up to eight servers, batch after batch of the same policy. */
export function digestBatches(create: () => SchedulingPolicy): string {
  const hash = createHash('sha256');
  for (let seed = 1; seed <= 40; seed++) {
    const draw = createRandom(seed);
    const random = createRandom(seed + 1000);
    const policy = create();
    const count = draw.nextInt(1, 8);
    const selfIndex = draw.nextInt(0, count - 1);
    for (let batch = 0; batch < 12; batch++) {
      const tasks = Array.from({ length: draw.nextInt(1, 30) }, (_, index): SchedulableTask => {
        return { id: `b${batch}t${index}`, qualitySteps: draw.nextInt(10, 19), inputBits: draw.nextInt(100, 4000) };
      });
      const observation = drawObservation(draw, { count, selfIndex, isEqual: seed % 3 === 0 });
      const decisions = policy.decideBatch(tasks, observation, random);
      hash.update(decisions.map(({ taskId, edgeServerIndex }) => `${taskId}>${edgeServerIndex}`).join(' '));
    }
  }
  return hash.digest('hex');
}

function drawObservation(
  draw: ReturnType<typeof createRandom>,
  { count, selfIndex, isEqual }: { count: number; selfIndex: number; isEqual: boolean },
): SchedulingObservation {
  const edgeServers = Array.from({ length: count }, (_, index): EdgeServerView => {
    const slowness = isEqual ? 1 : draw.nextInt(1, 5);
    return {
      fixedSec: 3.8 * slowness,
      secPerStep: slowness,
      backlogSec: isEqual ? 0 : draw.nextFloat() * 60,
      linkMbps: index === selfIndex ? Infinity : draw.nextInt(1, 3) === 1 ? 0.001 : 100,
      // The own server answers, so that every policy can decide.
      isReachable: index === selfIndex || draw.nextInt(1, 5) > 1,
    };
  });
  return { selfIndex, edgeServers };
}
