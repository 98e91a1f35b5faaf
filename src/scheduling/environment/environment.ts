// B base stations with an edge server each, over slots (paper Sec. III). What is fixed for a seed is drawn here; episodes by draw-arrivals.ts.
import { createRandom, deriveSeed } from '../../random/random.js';
import type { EpisodeArrivals, EpisodeLinks, TaskParameters } from './arrivals.js';
import { drawArrivals } from './draw-arrivals.js';
import type { EnvironmentConfig } from './environment-config.js';
import { createMersenneTwister } from './mersenne-twister.js';

/** The seeds in the reference's code. */
const REFERENCE_SEEDS = { capacities: 2, links: 5, taskParameters: 1 };

/** Anything that draws numbers: the run's generator or the reference's. */
interface NumberSource {
  /** Uniform in [0, 1). */
  nextFloat(): number;
  /** Uniform integer in [min, max]. */
  nextInt(min: number, max: number): number;
}

export interface Environment {
  readonly config: EnvironmentConfig;
  /** f, [B]. */
  readonly capacityGigacyclesPerSec: Float64Array;
  /** The tasks of an episode, made of the seed and its number alone: however often and no matter who asks, they are the same. */
  makeArrivals(episode: number): EpisodeArrivals;
}

/** An environment of a valid configuration; the same seed gives the same one on every machine. */
export function createEnvironment(config: EnvironmentConfig, seed: number): Environment {
  const sourceOf = (part: keyof typeof REFERENCE_SEEDS): NumberSource =>
    config.constants === 'from-reference' ? createMersenneTwister(REFERENCE_SEEDS[part]) : createRandom(deriveSeed(seed, part));
  const isWhole = config.constants === 'from-reference';
  const capacityGigacyclesPerSec = config.knownCapacities
    ? Float64Array.from(config.knownCapacities)
    : drawRates(config.baseStations, config.capacityGigacyclesPerSec, isWhole, sourceOf('capacities'));
  const fixed = {
    parameters: config.taskParameters === 'per-index' ? drawParametersPerIndex(config, () => sourceOf('taskParameters')) : null,
    links: config.links === 'per-server' ? drawServerLinks(config, isWhole, sourceOf('links')) : null,
  };
  return {
    config,
    capacityGigacyclesPerSec,
    makeArrivals: (episode) => drawArrivals(config, fixed, createRandom(deriveSeed(seed, `arrivals of episode ${episode}`))),
  };
}

function drawRates(count: number, range: { min: number; max: number }, isWhole: boolean, source: NumberSource): Float64Array {
  return Float64Array.from({ length: count }, () =>
    isWhole ? source.nextInt(range.min, range.max) : range.min + source.nextFloat() * (range.max - range.min),
  );
}

/** One set for each index n. The reference seeds again for each of the three: hence its tie of result and density; z is made of the same words. */
function drawParametersPerIndex(config: EnvironmentConfig, startSource: () => NumberSource): TaskParameters {
  const count = config.tasksPerSlot.max;
  const { qualitySteps, densityGigacyclesPerStep: density, resultMbit: result, fixedWorkGigacycles: fixed } = config;
  const densities = startSource();
  const densityShare = Float64Array.from({ length: count }, () => densities.nextFloat());
  const resultShare = config.isResultTiedToDensity ? densityShare : Float64Array.from({ length: count }, () => densities.nextFloat());
  const qualities = config.constants === 'from-reference' ? startSource() : densities;
  const steps = Uint16Array.from({ length: count }, () => qualities.nextInt(qualitySteps.min, qualitySteps.max));
  return {
    qualitySteps: steps,
    resultMbit: resultShare.map((share) => result.min + share * (result.max - result.min)),
    workGigacycles: densityShare.map((share, n) => fixed + (density.min + share * (density.max - density.min)) * (steps[n] ?? 0)),
  };
}

/** A rate for each ES, for all BSs, slots and both directions. */
function drawServerLinks(config: EnvironmentConfig, isWhole: boolean, source: NumberSource): EpisodeLinks {
  const count = config.baseStations;
  const rates = drawRates(count, config.linkMbps, isWhole, source);
  const downloadSecPerMbit = Float64Array.from({ length: count * count }, (_, pair) => 1 / (rates[pair % count] ?? NaN));
  const uploadSecPerMbit = Float64Array.from(downloadSecPerMbit);
  if (config.homeUpload === 'free') for (let b = 0; b < count; b++) uploadSecPerMbit[b * count + b] = 0;
  return { slotStride: 0, uploadSecPerMbit, downloadSecPerMbit };
}
