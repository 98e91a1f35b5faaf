// The choice that all greedy policies share: the server with the least service delay for one task, given what is thought to wait there.
import type { EpisodeArrivals } from '../../environment/arrivals.js';
import type { Environment } from '../../environment/environment.js';

/**
 * Finds the server among `servers` where (load + work) / f + upload + download is least (Eq. 2); the first of equals. `loadGigacycles` is
 * the caller's idea of what waits at each server, [B].
 */
export type FindLeastDelay = (task: number, baseStation: number, loadGigacycles: Float64Array, servers: Int32Array) => number;

export function createLeastDelay(environment: Environment, arrivals: EpisodeArrivals, slot: number): FindLeastDelay {
  const count = environment.config.baseStations;
  const secPerGigacycle = environment.capacityGigacyclesPerSec.map((rate) => 1 / rate);
  const { uploadSecPerMbit, downloadSecPerMbit, slotStride } = arrivals.links;
  return (task, baseStation, loadGigacycles, servers) => {
    const linkRow = slot * slotStride + baseStation * count;
    const size = arrivals.sizeMbit[task]!;
    const result = arrivals.resultMbit[task]!;
    const work = arrivals.workGigacycles[task]!;
    let best = servers[0]!;
    let leastSec = Infinity;
    for (let i = 0; i < servers.length; i++) {
      const server = servers[i]!;
      const link = linkRow + server;
      const delaySec =
        (loadGigacycles[server]! + work) * secPerGigacycle[server]! + size * uploadSecPerMbit[link]! + result * downloadSecPerMbit[link]!;
      if (delaySec < leastSec) {
        leastSec = delaySec;
        best = server;
      }
    }
    return best;
  };
}

/** All servers, [B]. */
export function allServers(environment: Environment): Int32Array {
  return Int32Array.from({ length: environment.config.baseStations }, (_, server) => server);
}
