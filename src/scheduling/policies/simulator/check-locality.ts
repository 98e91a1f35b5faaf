// Whether the stations of a heuristic decide by nothing but what they are given: with other tasks and links at all other stations, and the same
// reports, one decides the same. What a heuristic is handed has no way to the others; this finds the ways around it, such as a variable that
// all its stations share.
import { type EpisodeArrivals, firstTaskOf } from '../../environment/arrivals.js';
import type { Environment } from '../../environment/environment.js';
import type { AnyHeuristicRow } from '../../heuristics/heuristic.js';
import { KNOWLEDGE } from '../../heuristics/knowledge.js';
import { createRandom, deriveSeed } from '../../../random/random.js';
import { startStations } from './simulate-heuristic.js';

/** Sentences about what is wrong; none when each station minds its own, or the heuristic says that it sees all stations. */
export function checkLocality(row: AnyHeuristicRow, environment: Environment): string[] {
  if (KNOWLEDGE[row.knows].whyNotOnTestbed !== null) return [];
  const { baseStations } = environment.config;
  const arrivals = environment.makeArrivals(0);
  const before = decideOnReports(row, environment, arrivals);
  for (const station of new Set([0, baseStations - 1])) {
    const after = decideOnReports(row, environment, changeOthers(arrivals, station));
    for (let slot = 0; slot < arrivals.slots; slot++) {
      const end = firstTaskOf(arrivals, slot, station + 1);
      for (let task = firstTaskOf(arrivals, slot, station); task < end; task++) {
        if (before[task] === after[task]) continue;
        return [
          `It sees other stations, though it says that it knows only “${row.knows}”: station ${station} decides task ${task} (slot ${slot}) otherwise when only their tasks change.`,
        ];
      }
    }
  }
  return [];
}

/** The choices of an episode whose reported backlogs are drawn, so that no decision has a way into a later report. */
function decideOnReports(row: AnyHeuristicRow, environment: Environment, arrivals: EpisodeArrivals): Int32Array {
  const choices = new Int32Array(firstTaskOf(arrivals, arrivals.slots, 0));
  const reports = createRandom(1);
  const decider = startStations(row, environment, (station) => createRandom(deriveSeed(1, `station ${station}`)));
  for (let slot = 0; slot < arrivals.slots; slot++) {
    const firstTask = firstTaskOf(arrivals, slot, 0);
    const endTask = firstTaskOf(arrivals, slot + 1, 0);
    const backlogGigacycles = environment.capacityGigacyclesPerSec.map((rate) => reports.nextFloat() * rate);
    void decider.decideSlot({ slot, firstTask, endTask, arrivals, backlogGigacycles }, choices.subarray(firstTask, endTask));
  }
  return choices;
}

/** The same arrivals with other sizes, work and links at all stations but one. */
function changeOthers(arrivals: EpisodeArrivals, station: number): EpisodeArrivals {
  const { baseStations, slots, links } = arrivals;
  const columns = {
    sizeMbit: arrivals.sizeMbit.slice(),
    resultMbit: arrivals.resultMbit.slice(),
    workGigacycles: arrivals.workGigacycles.slice(),
  };
  const uploadSecPerMbit = links.uploadSecPerMbit.slice();
  const downloadSecPerMbit = links.downloadSecPerMbit.slice();
  for (let other = 0; other < baseStations; other++) {
    if (other === station) continue;
    for (let slot = 0; slot < slots; slot++) {
      const [first, end] = [firstTaskOf(arrivals, slot, other), firstTaskOf(arrivals, slot, other + 1)];
      for (const column of Object.values(columns)) for (let task = first; task < end; task++) column[task]! *= 1 + ((task + slot) % 7);
    }
    // Every row of this station's links, whether they change from slot to slot or not.
    for (let row = other * baseStations; row < uploadSecPerMbit.length; row += baseStations * baseStations) {
      uploadSecPerMbit.subarray(row, row + baseStations).reverse();
      downloadSecPerMbit.subarray(row, row + baseStations).reverse();
    }
  }
  return { ...arrivals, ...columns, links: { ...links, uploadSecPerMbit, downloadSecPerMbit } };
}
