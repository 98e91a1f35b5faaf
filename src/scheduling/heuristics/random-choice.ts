import type { Heuristic } from './heuristic.js';

/** Each task goes to a server drawn uniformly. */
export const createRandomChoice: Heuristic<'servers'> =
  () =>
  ({ taskCount, reachable }, place, random) => {
    for (let task = 0; task < taskCount; task++) place(task, reachable[random.nextInt(0, reachable.length - 1)]!);
  };
