import type { Heuristic } from './heuristic.js';

/** Every task stays on the ES of its own BS: no offloading, the paper's implicit lower baseline. */
export const createLocalOnly: Heuristic<'servers'> =
  () =>
  ({ taskCount, local, isReachable }, place) => {
    if (!isReachable(local)) throw new RangeError('The local edge server is not reachable.');
    for (let task = 0; task < taskCount; task++) place(task, local);
  };
