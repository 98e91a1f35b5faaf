// CPU time of PRICE-TS at the paper's scale: an episode with learning, and of that one decision (drawing of arrivals left out).
import { createEnvironment } from '../../src/scheduling/environment/environment.js';
import { PRESETS } from '../../src/scheduling/environment/presets.js';
import { runEpisode } from '../../src/scheduling/environment/run-episode.js';
import { createPriceLearner } from '../../src/scheduling/learning/price-ts.js';
import { paperTrainingSettings } from '../../src/scheduling/learning/training-settings.js';
import { createRandom } from '../../src/random/random.js';

/** The first ones, so that the compiler has seen the code. */
const WARM_UP_EPISODES = 10;
const EPISODES = 50;

interface PriceSpeed {
  episodeCpuMs: number;
  /** An episode's time, queues and learning included, by its tasks. */
  decisionCpuMs: number;
}

export async function measurePrices(say: (text: string) => void): Promise<PriceSpeed> {
  const environment = createEnvironment(PRESETS.reference, 1);
  const { policy } = createPriceLearner({ environment, settings: paperTrainingSettings('price-ts') });
  let [cpuMs, tasks] = [0, 0];
  for (let episode = 0; episode < WARM_UP_EPISODES + EPISODES; episode++) {
    const arrivals = environment.makeArrivals(episode);
    const before = process.cpuUsage();
    const { choices } = await runEpisode({ environment, arrivals, policy, random: createRandom(episode) });
    const { user, system } = process.cpuUsage(before);
    if (episode < WARM_UP_EPISODES) continue;
    cpuMs += (user + system) / 1000;
    tasks += choices.length;
  }
  const speed = { episodeCpuMs: cpuMs / EPISODES, decisionCpuMs: cpuMs / tasks };
  say(`price-ts: decision ${speed.decisionCpuMs.toFixed(5)} ms (promised: 1), episode ${speed.episodeCpuMs.toFixed(1)} ms`);
  return speed;
}
