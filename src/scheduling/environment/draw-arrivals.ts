// One episode's tasks and, where they change, its links, from one stream of numbers.
import type { RandomSource } from '../../random/random.js';
import type { EpisodeArrivals, EpisodeLinks, TaskParameters } from './arrivals.js';
import type { EnvironmentConfig } from './environment-config.js';

/** What the environment has drawn for good; null where the episode draws it. */
interface FixedParts {
  parameters: TaskParameters | null;
  links: EpisodeLinks | null;
}

/** Draws counts first, then links, then tasks in the order of their admission. */
export function drawArrivals(config: EnvironmentConfig, fixed: FixedParts, random: RandomSource): EpisodeArrivals {
  const firstTask = drawCounts(config, random);
  const links = fixed.links ?? drawLinks(config, random);
  const taskCount = firstTask[firstTask.length - 1] ?? 0;
  const sizeMbit = drawUniform(taskCount, config.sizeMbit, random);
  const parameters = fixed.parameters ? spreadParameters(fixed.parameters, firstTask) : drawParameters(config, taskCount, random);
  const slots = config.lastSlot === 'run' ? config.slots : config.slots - 1;
  return { baseStations: config.baseStations, slots, firstTask, sizeMbit, ...parameters, links };
}

function drawCounts(config: EnvironmentConfig, random: RandomSource): Int32Array {
  const { min, max } = config.tasksPerSlot;
  const batches = config.slots * config.baseStations;
  const firstTask = new Int32Array(batches + 1);
  for (let batch = 0, total = 0; batch < batches; batch++) {
    total += random.nextInt(min, max);
    firstTask[batch + 1] = total;
  }
  return firstTask;
}

function drawUniform(count: number, { min, max }: { min: number; max: number }, random: RandomSource): Float64Array {
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) values[i] = min + random.nextFloat() * (max - min);
  return values;
}

/** A rate for each pair, direction and slot. */
function drawLinks(config: EnvironmentConfig, random: RandomSource): EpisodeLinks {
  const { baseStations, slots, linkMbps } = config;
  const slotStride = baseStations * baseStations;
  const draw = (): Float64Array => {
    const values = drawUniform(slots * slotStride, linkMbps, random);
    for (let i = 0; i < values.length; i++) values[i] = 1 / (values[i] ?? NaN);
    return values;
  };
  const uploadSecPerMbit = draw();
  const downloadSecPerMbit = draw();
  if (config.homeUpload === 'free') {
    for (let slot = 0; slot < slots; slot++) {
      for (let b = 0; b < baseStations; b++) uploadSecPerMbit[slot * slotStride + b * baseStations + b] = 0;
    }
  }
  return { slotStride, uploadSecPerMbit, downloadSecPerMbit };
}

function drawParameters(config: EnvironmentConfig, taskCount: number, random: RandomSource): TaskParameters {
  const { qualitySteps, densityGigacyclesPerStep: density, fixedWorkGigacycles: fixed, resultMbit: result, isResultTiedToDensity } = config;
  const steps = new Uint16Array(taskCount);
  const workGigacycles = new Float64Array(taskCount);
  const resultMbit = new Float64Array(taskCount);
  for (let i = 0; i < taskCount; i++) {
    const densityShare = random.nextFloat();
    const resultShare = isResultTiedToDensity ? densityShare : random.nextFloat();
    const requested = random.nextInt(qualitySteps.min, qualitySteps.max);
    steps[i] = requested;
    workGigacycles[i] = fixed + (density.min + densityShare * (density.max - density.min)) * requested;
    resultMbit[i] = result.min + resultShare * (result.max - result.min);
  }
  return { qualitySteps: steps, workGigacycles, resultMbit };
}

/** Gives the n-th task of every batch the parameters of index n. */
function spreadParameters(perIndex: TaskParameters, firstTask: Int32Array): TaskParameters {
  const taskCount = firstTask[firstTask.length - 1] ?? 0;
  const spread: TaskParameters = {
    qualitySteps: new Uint16Array(taskCount),
    workGigacycles: new Float64Array(taskCount),
    resultMbit: new Float64Array(taskCount),
  };
  for (let batch = 0; batch + 1 < firstTask.length; batch++) {
    const first = firstTask[batch] ?? 0;
    const count = (firstTask[batch + 1] ?? 0) - first;
    spread.qualitySteps.set(perIndex.qualitySteps.subarray(0, count), first);
    spread.workGigacycles.set(perIndex.workGigacycles.subarray(0, count), first);
    spread.resultMbit.set(perIndex.resultMbit.subarray(0, count), first);
  }
  return spread;
}
