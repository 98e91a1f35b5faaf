import type { Heuristic } from './heuristic.js';

/**
 * One server after the other, skipping the unreachable. Each station starts at its local server, so that B stations that receive their tasks
 * at once do not herd to the same one. The turn continues from batch to batch.
 */
export const createRoundRobin: Heuristic<'servers'> = () => {
  let next: number | null = null;
  return ({ taskCount, local, serverCount, isReachable }, place) => {
    let server = next ?? local;
    for (let task = 0; task < taskCount; task++) {
      while (!isReachable(server)) server = (server + 1) % serverCount;
      place(task, server);
      server = (server + 1) % serverCount;
    }
    next = server;
  };
};
