// Recomputes an episode in the slow, plain way, straight from Eqs. 2-4 and server by server, to hold the fast one to it.
import { firstTaskOf } from './arrivals.js';
import type { EpisodeArrivals } from './arrivals.js';
import type { Environment } from './environment.js';
import type { EpisodeResult } from './run-episode.js';

/** Relative difference that rounding may make: the two ways add in another order. */
const TOLERANCE = 1e-9;

/** Sentences about what does not agree; none when the run is right. */
export function auditRun(environment: Environment, arrivals: EpisodeArrivals, result: EpisodeResult): string[] {
  const problems: string[] = [];
  const { baseStations: count, slotSec } = environment.config;
  for (let server = 0; server < count; server++) {
    const capacity = environment.capacityGigacyclesPerSec[server] ?? NaN;
    let admittedInAll = 0;
    let doneInAll = 0;
    let backlog = 0;
    for (let slot = 0; slot < arrivals.slots; slot++) {
      let admitted = 0;
      for (const { task, baseStation } of tasksOf(arrivals, slot)) {
        if (result.choices[task] !== server) continue;
        const expectedSec = expectServiceDelaySec({ arrivals, capacity, slot, baseStation, task, server, ahead: backlog + admitted });
        if (!isClose(result.serviceDelaySec[task], expectedSec)) {
          problems.push(`Task ${task} has a service delay of ${result.serviceDelaySec[task] ?? NaN} s; Eq. 2 gives ${expectedSec} s.`);
        }
        admitted += arrivals.workGigacycles[task] ?? NaN;
      }
      const done = Math.min(backlog + admitted, capacity * slotSec);
      admittedInAll += admitted;
      doneInAll += done;
      backlog += admitted - done;
    }
    if (!isClose(result.backlogGigacycles[server], admittedInAll - doneInAll)) {
      problems.push(
        `Edge server ${server} took ${admittedInAll} Gigacycles and did ${doneInAll}, but is left with ${result.backlogGigacycles[server] ?? NaN}.`,
      );
    }
  }
  return problems;
}

interface PlacedTask {
  arrivals: EpisodeArrivals;
  /** Of the server, Gigacycles a second. */
  capacity: number;
  slot: number;
  baseStation: number;
  task: number;
  server: number;
  /** Work at the server before the task, Gigacycles. */
  ahead: number;
}

function expectServiceDelaySec({ arrivals, capacity, slot, baseStation, task, server, ahead }: PlacedTask): number {
  const { links, sizeMbit, resultMbit, workGigacycles } = arrivals;
  const link = slot * links.slotStride + baseStation * arrivals.baseStations + server;
  const uploadSec = (sizeMbit[task] ?? NaN) * (links.uploadSecPerMbit[link] ?? NaN);
  const downloadSec = (resultMbit[task] ?? NaN) * (links.downloadSecPerMbit[link] ?? NaN);
  return uploadSec + (workGigacycles[task] ?? NaN) / capacity + ahead / capacity + downloadSec;
}

function* tasksOf(arrivals: EpisodeArrivals, slot: number): Generator<{ task: number; baseStation: number }> {
  for (let baseStation = 0; baseStation < arrivals.baseStations; baseStation++) {
    const end = firstTaskOf(arrivals, slot, baseStation + 1);
    for (let task = firstTaskOf(arrivals, slot, baseStation); task < end; task++) yield { task, baseStation };
  }
}

function isClose(value: number | undefined, expected: number): boolean {
  return value !== undefined && Math.abs(value - expected) <= TOLERANCE * Math.max(1, Math.abs(expected));
}
