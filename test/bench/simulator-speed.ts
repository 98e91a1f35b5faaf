// Simulated tasks a CPU second without learning, at the paper's scale: arrivals drawn, decided, admitted.
import { createEnvironment } from '../../src/scheduling/environment/environment.js';
import { PRESET_NAMES, PRESETS } from '../../src/scheduling/environment/presets.js';
import { runEpisode } from '../../src/scheduling/environment/run-episode.js';
import { HEURISTIC_NAMES } from '../../src/scheduling/heuristics/heuristics.js';
import { createSimulatorPolicy } from '../../src/scheduling/policies/simulator/simulate-heuristic.js';
import { createRandom } from '../../src/random/random.js';

/** Before the clock starts, so that the compiler has seen the code. */
const WARM_UP_EPISODES = 3;
const EPISODES = 20;

interface SpeedRow {
  preset: string;
  policy: string;
  tasks: number;
  cpuSec: number;
  tasksPerCpuSec: number;
}

export async function measureSimulator(say: (text: string) => void): Promise<SpeedRow[]> {
  const rows: SpeedRow[] = [];
  for (const preset of PRESET_NAMES) {
    for (const policy of HEURISTIC_NAMES) {
      const simulate = async (first: number, count: number): Promise<number> => {
        let tasks = 0;
        for (let episode = first; episode < first + count; episode++) {
          const environment = createEnvironment(PRESETS[preset], episode);
          const run = { environment, arrivals: environment.makeArrivals(episode), policy: createSimulatorPolicy(policy) };
          tasks += (await runEpisode({ ...run, random: createRandom(episode) })).choices.length;
        }
        return tasks;
      };
      await simulate(0, WARM_UP_EPISODES);
      const before = process.cpuUsage();
      const tasks = await simulate(WARM_UP_EPISODES, EPISODES);
      const { user, system } = process.cpuUsage(before);
      const cpuSec = (user + system) / 1e6;
      rows.push({ preset, policy, tasks, cpuSec, tasksPerCpuSec: tasks / cpuSec });
      say(`${preset}, ${policy}: ${(tasks / cpuSec / 1e6).toFixed(2)} million tasks a CPU second (promised: 1)`);
    }
  }
  return rows;
}
