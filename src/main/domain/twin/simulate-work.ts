// Work on the digital twin of a testbed: planned as a run plans it, executed by the simulation of runs. Pure but for its pauses.
import { createRandom, deriveSeed } from '../../../random/random.js';
import { percentileOfSorted } from '../../../shared/percentiles.js';
import { lowerBound } from '../../../scheduling/metrics/lower-bound.js';
import type { SchedulingPolicy } from '../../../scheduling/policies/policy.js';
import { createSchedulingPolicy } from '../../../scheduling/policies/schedule-by-heuristic.js';
import { steadyPace } from '../../../scheduling/simulated-node/node-pace.js';
import {
  simulateRun,
  type SimulatedArrival,
  type SimulatedNode,
  type SimulatedTask,
} from '../../../scheduling/run-simulation/simulate-run.js';
import { meanInterval, meanOf } from '../../../shared/mean-interval.js';
import type { RunSpec } from '../../../shared/run.js';
import type { SchedulingSettings } from '../../../shared/scheduling-settings.js';
import type { SeriesScheduler } from '../../../shared/series.js';
import type { PlannedWork, RelativeFigures, SimulatedFigures } from '../../../shared/twin.js';
import { planRun } from '../runs/plan-run.js';

/** A node of the twin. */
export interface TwinNode {
  name: string;
  fixedSec: number;
  secPerStep: number;
  speedFactor: number;
  linkMbps: number | null;
  /** So many times as fast as on record. */
  trueSpeed: number;
  /** Most tasks that it holds at a time; absent: as many as come. */
  heldLimit?: number | undefined;
}

/** As long as a caption of Flickr8k usually is. */
const USUAL_PROMPT = 'A'.repeat(55);

/** Figures of one simulation, seconds. */
export interface WorkFigures {
  totalSec: number;
  meanSec: number;
  p95Sec: number;
  p99Sec: number;
  maxSec: number;
  efficiency: number;
}

/** The tasks of a repetition: what a run of this seed would have, but for its prompts. */
export function planWork(work: Omit<PlannedWork, 'testbedId'>, stations: number): SimulatedArrival[] {
  const spec: RunSpec = {
    ...work,
    ...{ name: 'twin', testbedId: 'twin', datasetId: 'twin', scheduler: 'random', allowRepeatedPrompts: true, maxAttempts: 1 },
  };
  const baseStationIds = Array.from({ length: stations }, (_, index) => String(index));
  return planRun({ runId: 'twin', spec, prompts: [{ id: 0, text: USUAL_PROMPT }], baseStationIds }).map((task) => ({
    ordinal: task.ordinal,
    arrivalSec: task.arrivalMs / 1000,
    station: Number(task.baseStationId),
    qualitySteps: task.computedSteps,
    inputBits: Buffer.byteLength(task.prompt) * 8,
  }));
}

export function simulatedNodes(nodes: readonly TwinNode[]): SimulatedNode[] {
  return nodes.map(({ fixedSec, secPerStep, speedFactor, linkMbps, trueSpeed, heldLimit }) => ({
    ...{ fixedSec: fixedSec / speedFactor, secPerStep: secPerStep / speedFactor, linkMbps, heldLimit },
    pace: steadyPace(trueSpeed),
  }));
}

/** The learned policy of a station of the twin, fresh: of the scheduler's training, among so many nodes. Throws where it fits no such twin. */
export type LearnedPolicyOf = (scheduler: SeriesScheduler, station: number, nodes: number) => SchedulingPolicy;

export interface TwinRun {
  nodes: readonly TwinNode[];
  tasks: readonly SimulatedArrival[];
  scheduler: SeriesScheduler;
  /** Without it a learned policy is refused. */
  learnedPolicyOf?: LearnedPolicyOf | undefined;
  seed: number;
  pause?: () => Promise<void>;
}

/** Throws RangeError for a learned policy of a training that is not known here. */
export async function simulateTwin({ nodes, tasks, scheduler, learnedPolicyOf, seed, pause }: TwinRun): Promise<SimulatedTask[]> {
  const settings: SchedulingSettings = scheduler;
  const policyOf = (station: number): SchedulingPolicy => {
    if (scheduler.scheduler !== 'learned') return createSchedulingPolicy(scheduler.scheduler, settings);
    if (learnedPolicyOf) return learnedPolicyOf(scheduler, station, nodes.length);
    throw new RangeError('A learned policy is of a training, and none is known here.');
  };
  const stations = nodes.map((_, station) => ({
    policy: policyOf(station),
    random: createRandom(deriveSeed(seed, `scheduler-${station}`)),
  }));
  return simulateRun({ tasks, nodes: simulatedNodes(nodes), stations, settings, ...(pause && { pause }) });
}

export function figuresOf(
  simulated: readonly SimulatedTask[],
  tasks: readonly SimulatedArrival[],
  nodes: readonly TwinNode[],
): WorkFigures {
  const services = Float64Array.from(simulated, ({ serviceSec }) => serviceSec).sort();
  const firstSec = tasks.reduce((first, { arrivalSec }) => Math.min(first, arrivalSec), Infinity);
  const totalSec = simulated.reduce((last, { endSec }) => Math.max(last, endSec), -Infinity) - firstSec;
  // What no scheduler can beat on the nodes as they truly are.
  const truly = nodes.map((node) => ({ ...node, speedFactor: node.speedFactor * node.trueSpeed }));
  const bound = lowerBound({ tasks, nodes: truly });
  return {
    totalSec,
    meanSec: meanOf([...services]),
    p95Sec: percentileOfSorted(services, 0.95),
    p99Sec: percentileOfSorted(services, 0.99),
    maxSec: services.at(-1) ?? NaN,
    efficiency: bound === null ? NaN : bound.lowerBoundSec / totalSec,
  };
}

export function summarizeFigures(repetitions: readonly WorkFigures[]): SimulatedFigures {
  const of = (key: keyof WorkFigures) => meanInterval(repetitions.map((figures) => figures[key]));
  return {
    ...{ totalSec: of('totalSec'), meanSec: of('meanSec'), p95Sec: of('p95Sec'), p99Sec: of('p99Sec'), maxSec: of('maxSec') },
    efficiency: of('efficiency'),
  };
}

/** Repetition by repetition, on the same work. */
export function compareFigures(repetitions: readonly WorkFigures[], base: readonly WorkFigures[]): RelativeFigures {
  const of = (key: keyof RelativeFigures) =>
    meanInterval(repetitions.map((figures, index) => figures[key] / (base[index]?.[key] ?? NaN) - 1));
  return { totalSec: of('totalSec'), meanSec: of('meanSec'), p95Sec: of('p95Sec'), p99Sec: of('p99Sec') };
}
