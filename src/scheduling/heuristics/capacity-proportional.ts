import type { Heuristic } from './heuristic.js';

/** Draws each task's server with a probability proportional to its speed, f_i / sum f: right on average, blind to everything else. */
export const createCapacityProportional: Heuristic<'speeds'> =
  () =>
  ({ taskCount, reachable, speeds }, place, random) => {
    const weights = reachable.map((server) => speeds[server]!);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const last = weights.length - 1;
    for (let task = 0; task < taskCount; task++) {
      let index = 0;
      let rest = random.nextFloat() * total - weights[0]!;
      while (rest >= 0 && index < last) rest -= weights[++index]!;
      place(task, reachable[index]!);
    }
  };
