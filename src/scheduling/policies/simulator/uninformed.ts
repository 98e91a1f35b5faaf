// Policies that look at no queue and no task.
import { createPerTaskPolicy } from './per-task-policy.js';
import type { SimulatorPolicy } from './simulator-policy.js';

/** Any server, each as likely. */
export function createUniformRandom(): SimulatorPolicy {
  return createPerTaskPolicy('random', ({ config }, random) => {
    const decide = (): number => random.nextInt(0, config.baseStations - 1);
    return () => decide;
  });
}

/** The server of the task's own base station: no offloading. */
export function createLocal(): SimulatorPolicy {
  return createPerTaskPolicy('local', () => () => (_task, baseStation) => baseStation);
}

/** One server after the other; each base station begins at its own and goes on from slot to slot. */
export function createRoundRobin(): SimulatorPolicy {
  return createPerTaskPolicy('round-robin', ({ config }) => {
    const next = Int32Array.from({ length: config.baseStations }, (_, baseStation) => baseStation);
    return () => (_task, baseStation) => {
      const server = next[baseStation]!;
      next[baseStation] = (server + 1) % config.baseStations;
      return server;
    };
  });
}

/** Server i with probability f_i / sum f: right on average, blind to everything else. */
export function createCapacityProportional(): SimulatorPolicy {
  return createPerTaskPolicy('capacity-proportional', ({ capacityGigacyclesPerSec: capacity }, random) => {
    const total = capacity.reduce((sum, rate) => sum + rate, 0);
    const last = capacity.length - 1;
    const decide = (): number => {
      let rest = random.nextFloat() * total - capacity[0]!;
      let server = 0;
      while (rest >= 0 && server < last) rest -= capacity[++server]!;
      return server;
    };
    return () => decide;
  });
}
