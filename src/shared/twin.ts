// What a testbed's digital twin says of runs: what one should have taken, and what others would take. All of it is simulated.
import type { MeanInterval } from './mean-interval.js';
import type { SeriesScheduler } from './series.js';
import type { RunSpec } from './run.js';

/** A figure of a run as the twin has it, and as it was measured; model ms. */
export interface PredictedFigure {
  name: string;
  predictedMs: number;
  /** Null where the run does not have it (yet). */
  measuredMs: number | null;
  /** Predicted / measured - 1. */
  error: number | null;
  /** Why it is not to be shown; absent where it is. */
  leftOut?: string;
}

export interface PredictedTask {
  ordinal: number;
  predictedNode: string;
  measuredNode: string | null;
  predictedServiceMs: number;
  measuredServiceMs: number | null;
}

export interface PredictedNode {
  nodeId: string;
  name: string;
  predictedTasks: number;
  measuredTasks: number;
  /** Mean service delay of what it executed; null where that was nothing. */
  predictedServiceMs: number | null;
  measuredServiceMs: number | null;
}

/** A run's own tasks on its own nodes, as they were on record when it started, by its own scheduler. */
export interface RunPrediction {
  runId: string;
  isSimulated: true;
  /** Total generation delay, mean and p95 of the service delay. */
  figures: PredictedFigure[];
  /** Mean over the tasks with a result of |predicted - measured| service delay, and that over their measured mean. */
  taskErrorMs: number | null;
  taskError: number | null;
  /** Share of the tasks with a result that the twin places on the node that executed them, 0..1. */
  sameNodeShare: number | null;
  nodes: PredictedNode[];
  tasks: PredictedTask[];
  /** With the placements as recorded; null before there are results. */
  replay: RunReplay | null;
  /** What the twin leaves out. */
  notes: string[];
}

/** Of |predicted / measured - 1| of the tasks' service delays, 0.02 is 2 %. */
export interface ReplayErrors {
  median: number;
  mean: number;
  p95: number;
}

export interface ReplayRow {
  /** With a result. */
  tasks: number;
  /** By arrivals, placements, and the nodes' times and links alone; null without tasks. */
  alone: ReplayErrors | null;
  /** Each task taken in by its node when it was, and brought home in the median time of its node and base station; null without tasks. */
  withMessages: ReplayErrors | null;
}

/** A run once more, each task on the node that executed it and in the order in which that node took them. */
export interface RunReplay {
  isSimulated: true;
  whole: ReplayRow;
  nodes: (ReplayRow & { nodeId: string; name: string })[];
  /** Tasks without a result. */
  leftOut: number;
  /** Median of what messages took of a task's service delay, model ms: all but waiting and computation. */
  messagesMs: number;
}

/** What is simulated: work on a testbed. */
export interface PlannedWork {
  testbedId: string;
  taskCount: number;
  qualitySteps: RunSpec['qualitySteps'];
  arrivals: RunSpec['arrivals'];
  /** Of image-to-image: the share of the steps that is computed. */
  strength?: number | undefined;
  /** Of the first repetition; each later one has the next. */
  seed: number;
}

/** How a testbed would be another one. */
export interface TestbedChanges {
  /** Nodes more, each by its speed: so many times as fast as the testbed's first node. */
  addedSpeeds: number[];
  /** By name: so many times as fast as now; 0 takes the node out. */
  speeds: Record<string, number>;
  /** So many times as many tasks: a higher rate, or a larger burst. */
  load: number;
}

/** By name: so many times as fast as its record says. Schedulers go by the record. */
export type TrueSpeeds = Record<string, number>;

export interface SimulatedFigures {
  totalSec: MeanInterval;
  meanSec: MeanInterval;
  p95Sec: MeanInterval;
  p99Sec: MeanInterval;
  /** The longest service delay. */
  maxSec: MeanInterval;
  /** Lower bound / total, 0..1. */
  efficiency: MeanInterval;
}

/** How a row differs from the first on the same work: relative, -0.1 is 10 % less; paired over the repetitions. */
export type RelativeFigures = Record<'totalSec' | 'meanSec' | 'p95Sec' | 'p99Sec', MeanInterval>;

export interface WhatIfRow {
  scheduler: SeriesScheduler;
  /** In words. */
  schedulerName: string;
  isChanged: boolean;
  figures: SimulatedFigures;
  /** Null of the first row. */
  difference: RelativeFigures | null;
}

export interface WhatIfResult {
  isSimulated: true;
  testbedName: string;
  /** In words; null where nothing of the testbed is changed. */
  change: string | null;
  work: PlannedWork;
  nodeNames: string[];
  repetitions: number;
  rows: WhatIfRow[];
  notes: string[];
}

/** One k of considerate completion, on the same work as all others. */
export interface ConsiderationRow {
  k: number;
  figures: SimulatedFigures;
  /** To k = 0, which is shortest expected completion. */
  difference: RelativeFigures;
}

export interface ConsiderationTuning {
  isSimulated: true;
  testbedName: string;
  work: PlannedWork;
  repetitions: number;
  /** The k of the least mean delay whose p95 is not above that of k = 0, on the work that it was chosen on. */
  bestK: number;
  /** The work that k was chosen on, and other work of the same kind, which nothing was chosen on. */
  chosenOn: ConsiderationRow[];
  heldOut: ConsiderationRow[];
}

/** What the twin leaves out, for whoever reads its figures. */
export const TWIN_NOTES = [
  'Simulated. Left out: what programs and messages add, the way back of images, the spread of compute times, and nodes or tasks that fail.',
];
