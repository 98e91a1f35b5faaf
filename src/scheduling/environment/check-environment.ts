// Whether an environment keeps its promises; for those who write another one.
import type { EpisodeArrivals } from './arrivals.js';
import type { Environment } from './environment.js';

/** Rounding of 1 / rate. */
const SLACK = 1e-12;

/** Sentences about what is wrong; none when the environment is fit for use. Makes a few episodes of two seeds. */
export function checkEnvironment(create: (seed: number) => Environment): string[] {
  const environment = create(1);
  const arrivals = environment.makeArrivals(0);
  const later = environment.makeArrivals(1);
  return [
    ...checkRanges(environment, arrivals),
    ...(isSameArrivals(arrivals, environment.makeArrivals(0)) ? [] : ['The same episode, asked for twice, has different tasks.']),
    ...(isSameArrivals(arrivals, create(1).makeArrivals(0)) ? [] : ['The same seed gives different tasks.']),
    ...(isSameArrivals(arrivals, later) ? ['Two episodes have the same tasks.'] : []),
    ...(isSameArrivals(arrivals, create(2).makeArrivals(0)) ? ['Two seeds have the same tasks.'] : []),
  ];
}

function columnsOf(arrivals: EpisodeArrivals): (readonly number[])[] {
  const { firstTask, sizeMbit, resultMbit, qualitySteps, workGigacycles, links } = arrivals;
  const columns = [firstTask, sizeMbit, resultMbit, qualitySteps, workGigacycles, links.uploadSecPerMbit, links.downloadSecPerMbit];
  return columns.map((column) => Array.from(column));
}

function isSameArrivals(a: EpisodeArrivals, b: EpisodeArrivals): boolean {
  const other = columnsOf(b);
  return columnsOf(a).every((column, i) => column.length === other[i]?.length && column.every((value, j) => value === other[i]?.[j]));
}

function checkRanges({ config, capacityGigacyclesPerSec }: Environment, arrivals: EpisodeArrivals): string[] {
  const problems: string[] = [];
  const check = (what: string, values: Iterable<number>, { min, max }: { min: number; max: number }): void => {
    for (const value of values) {
      if (value >= min * (1 - SLACK) && value <= max * (1 + SLACK)) continue;
      problems.push(`${what}: ${value} is not within ${min} to ${max}.`);
      return;
    }
  };
  const { firstTask, links } = arrivals;
  const counts = firstTask.subarray(1).map((end, batch) => end - (firstTask[batch] ?? NaN));
  if (counts.length !== config.slots * config.baseStations) {
    problems.push(`There are ${counts.length} batches of tasks for ${config.slots} slots of ${config.baseStations} base stations.`);
  }
  if (capacityGigacyclesPerSec.length !== config.baseStations) problems.push('There is not one capacity for each edge server.');
  check('Tasks of a slot and base station', counts, config.tasksPerSlot);
  check('Size (Mbit)', arrivals.sizeMbit, config.sizeMbit);
  check('Result (Mbit)', arrivals.resultMbit, config.resultMbit);
  check('Quality (steps)', arrivals.qualitySteps, config.qualitySteps);
  const densities = arrivals.workGigacycles.map((work, task) => work / (arrivals.qualitySteps[task] ?? NaN));
  check('Density (Gigacycles a step)', densities, config.densityGigacyclesPerStep);
  check('Capacity (Gigacycles/s)', capacityGigacyclesPerSec, config.capacityGigacyclesPerSec);
  const secPerMbit = { min: 1 / config.linkMbps.max, max: 1 / config.linkMbps.min };
  const isFreeHome = (link: number): boolean => {
    const pair = link % (config.baseStations * config.baseStations);
    return config.homeUpload === 'free' && pair % (config.baseStations + 1) === 0;
  };
  const paidUploads = links.uploadSecPerMbit.filter((_, link) => !isFreeHome(link));
  const freeUploads = links.uploadSecPerMbit.filter((_, link) => isFreeHome(link));
  check('Upload (s/Mbit)', paidUploads, secPerMbit);
  check('Upload to the local server (s/Mbit)', freeUploads, { min: 0, max: 0 });
  check('Download (s/Mbit)', links.downloadSecPerMbit, secPerMbit);
  return problems;
}
