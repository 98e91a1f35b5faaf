import { allServers, createLeastDelay } from './least-delay.js';
import { createPerTaskPolicy } from './per-task-policy.js';
import type { SimulatorPolicy } from './simulator-policy.js';

/** What a base station takes for the load of a server beyond the last slot's backlog. */
type OwnDispatches = 'ignored' | 'counted' | 'counted-for-all';

const NAMES: Record<OwnDispatches, string> = {
  ignored: 'shortest-completion-last-slot',
  counted: 'shortest-completion-own',
  'counted-for-all': 'shortest-completion-mean-field',
};

/**
 * Shortest expected completion as a station can do it alone: it knows capacities, its links and the last slot's backlogs, but not what the
 * other stations send in this slot. Three guesses of that: nothing at all (`ignored`: then all herd to one server), its own dispatches
 * (`counted`), or its own dispatches times B (`counted-for-all`: the mean field, as if all others did the same).
 */
export function createShortestCompletion(own: OwnDispatches): SimulatorPolicy {
  return createPerTaskPolicy(NAMES[own], (environment) => {
    const servers = allServers(environment);
    const weight = { ignored: 0, counted: 1, 'counted-for-all': environment.config.baseStations }[own];
    return ({ arrivals, slot, backlogGigacycles }) => {
      const findLeastDelay = createLeastDelay(environment, arrivals, slot);
      const loadGigacycles = backlogGigacycles.slice();
      let station = 0;
      return (task, baseStation) => {
        if (baseStation !== station) {
          loadGigacycles.set(backlogGigacycles);
          station = baseStation;
        }
        const server = findLeastDelay(task, baseStation, loadGigacycles, servers);
        loadGigacycles[server]! += weight * arrivals.workGigacycles[task]!;
        return server;
      };
    };
  });
}
