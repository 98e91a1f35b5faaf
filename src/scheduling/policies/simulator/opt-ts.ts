import { allServers, createLeastDelay } from './least-delay.js';
import { createPerTaskPolicy } from './per-task-policy.js';
import type { SimulatorPolicy } from './simulator-policy.js';

/**
 * Opt-TS (paper Sec. V-B): each task in turn goes where its own service delay is least, with full knowledge of the queues and links at that
 * moment. Greedy for the task in hand, so no bound: what a task costs those behind it does not count.
 */
export function createOptTs(): SimulatorPolicy {
  return createPerTaskPolicy('opt-ts', (environment) => {
    const servers = allServers(environment);
    return ({ arrivals, slot, backlogGigacycles }) => {
      const findLeastDelay = createLeastDelay(environment, arrivals, slot);
      const loadGigacycles = backlogGigacycles.slice();
      return (task, baseStation) => {
        const server = findLeastDelay(task, baseStation, loadGigacycles, servers);
        loadGigacycles[server]! += arrivals.workGigacycles[task]!;
        return server;
      };
    };
  });
}
