// Series: runs of several schedulers over several workloads, repeated. All of it is planned at once; what varies between the schedulers of
// one repetition is the scheduler alone.
import { TABLE_V_COUNTS } from './comparison.js';
import type { RunEnergy } from './energy.js';
import type { AppErrorShape } from './errors.js';
import type { JobState } from './job.js';
import type { LearningAttempt } from './on-the-job.js';
import { type Arrivals, describeScheduler, type RunSpec, type SchedulerName } from './run.js';
import { nameSettings, type SchedulingSettings } from './scheduling-settings.js';
import type { SeriesCellKey } from './series-cell.js';

/** A row of the series: who schedules, and in which order. */
export interface SeriesScheduler extends SchedulingSettings {
  scheduler: SchedulerName;
  /** Whose policy, where the scheduler is `learned`. */
  trainingId?: string | undefined;
}

/** A column of the series: what its runs do, but for who decides and for the seed. */
export interface SeriesCondition {
  /** |N| of Table V. */
  taskCount: number;
  qualitySteps: RunSpec['qualitySteps'];
  arrivals: Arrivals;
}

/** The nodes rest between two runs: both conditions have to be met. */
export interface CoolDown {
  /** REAL seconds from the end of one run to the start of the next. */
  sec: number;
  /** Until no sensor of any node that has telemetry is hotter than so many degrees Celsius, at most ten minutes; null: not asked for. */
  belowCelsius: number | null;
}

/** What a series is; frozen when it starts, but for the number of repetitions. */
export interface SeriesSpec {
  name: string;
  testbedId: string;
  datasetId: string;
  schedulers: SeriesScheduler[];
  conditions: SeriesCondition[];
  repetitions: number;
  /** Of the first repetition's prompts, steps, image seeds and arrivals; each later repetition has the next one. The order comes from it, too. */
  seed: number;
  allowRepeatedPrompts: boolean;
  /** How often a task may be sent before it counts as failed. */
  maxAttempts: number;
  coolDown: CoolDown;
  /** Tasks per node of a run before the first one, which is in no figure; 0: none. */
  warmUpTasksPerNode: number;
  /** How often a cell's run is started before the cell is given up. */
  maxTries: number;
  /** Take a run that succeeded but is invalid instead of repeating it. */
  keepInvalid: boolean;
  /** Start runs although this machine can't keep the time scale. */
  allowOverload: boolean;
  /** Image-to-image: the share of the steps that is computed on a noised input picture, (0, 1]. Absent in text-to-image. */
  strength?: number | undefined;
}

/** `valid`, `invalid`: its run is in; `failed`: given up after its tries, or its last run; `waiting`, `running`: it will be. */
export type SeriesCellState = 'waiting' | 'running' | 'valid' | 'invalid' | 'failed';

export interface SeriesCell extends SeriesCellKey {
  /** In the order of execution, from 0. */
  position: number;
  state: SeriesCellState;
  /** The run that counts, else the last that was started; null before the first. */
  runId: string | null;
  /** Runs that were started for it. */
  tries: number;
  /** Why the run is invalid, or has not ended as it should. */
  reasons: string[];
}

export interface SeriesSummary {
  id: string;
  spec: SeriesSpec;
  state: JobState;
  testbedName: string;
  datasetName: string;
  programVersion: string;
  /** Where its record came from; null of one that was made here. */
  imported: import('./record.js').ImportedFrom | null;
  createdAtMs: number;
  startedAtMs: number | null;
  finishedAtMs: number | null;
  error: AppErrorShape | null;
  /** What it waits for while it is queued: the series that has the testbed, or one that waits before it. */
  waitsBehind: { id: string; name: string } | null;
  /** Absent unless it waits for a time. */
  plannedStart?: import('./planned-start.js').PlannedStart;
  counts: { total: number; valid: number; invalid: number; failed: number; running: number; waiting: number };
  /** What is being done now, in words; null where nothing is. */
  phase: string | null;
  /** REAL seconds, from the runs that are in; null before there are any. */
  remainingSec: number | null;
}

/** A series with its plan, in the order of execution. */
export interface SeriesDetail extends SeriesSummary {
  cells: SeriesCell[];
}

/** What one run under a condition would take, whoever schedules. */
export interface SeriesConditionEstimate {
  /** REAL seconds that no schedule can beat; null where a node was never measured. */
  atLeastSec: number | null;
  /** REAL seconds, by how far earlier runs stayed above their bounds; null where there are none. */
  likelySec: number | null;
}

/** What a series would take, told before it is started. */
export interface SeriesEstimate {
  runCount: number;
  taskCount: number;
  /** In the order of the conditions. */
  conditions: SeriesConditionEstimate[];
  /** REAL seconds that no schedule can beat, with the rests between runs; null where a node was never measured. */
  atLeastSec: number | null;
  /** By how far earlier runs on this testbed stayed above their bounds; null where there are none. */
  likelySec: number | null;
  /** Of all images; what one takes is measured from images on record, where there are some, else assumed. */
  diskBytes: number;
  isImageSizeMeasured: boolean;
  /** Null where the file system does not say. */
  freeBytes: number | null;
  /** Why there is no bound. */
  boundProblem: string | null;
  /** What keeps it from being started. */
  problems: string[];
  /** What this machine can't keep, once for each condition; refused unless the overload is allowed. */
  overloads: string[];
  /** Highest time scale that this machine keeps for all conditions, where it can't keep the testbed's; else null. */
  keptTimeScale: number | null;
  /** What will probably be invalid. */
  warnings: string[];
}

/** Over the repetitions that count. */
export interface SeriesFigure {
  mean: number;
  /** Half the width of the 95 % interval; null of a single repetition. */
  halfWidth95: number | null;
  repetitions: number;
}

/** A figure of the runs' tasks that is hidden where one run has too few of them. */
export type SeriesPercentile = { figure: SeriesFigure } | { figure: null; hidden: string };

/** One scheduler under one condition. */
export interface SeriesCellResult {
  condition: number;
  scheduler: number;
  /** Repetitions that count, and the others. */
  counted: number;
  invalid: number;
  missing: number;
  isSimulated: boolean;
  /** Of the counted runs, in the order of repetitions. */
  runIds: string[];
  /** Model seconds. Null where nothing counts. */
  totalSec: SeriesFigure | null;
  /** Bound / total, 0..1; null where no run has a bound. */
  efficiency: SeriesFigure | null;
  /** 0..1 of the mean service delay. */
  controlShare: SeriesFigure | null;
  /** Model seconds; of each run first, then over runs, which are what is independent. */
  meanServiceSec: SeriesFigure | null;
  medianServiceSec: SeriesPercentile;
  p95ServiceSec: SeriesPercentile;
  p99ServiceSec: SeriesPercentile;
  /** Watt-hours per 1,000 images of the runs whose energy was measured; null where none was. */
  energyWhPer1k: SeriesFigure | null;
  energySource: RunEnergy['source'];
}

/** How the totals of two schedulers differ over the repetitions that have both: the first less the second. */
export interface SeriesDifference {
  condition: number;
  first: number;
  second: number;
  pairs: number;
  /** Model seconds; negative where the first is faster. */
  meanSec: number;
  halfWidth95Sec: number | null;
  /** 1 - first / second. */
  reduction: number | null;
  /** Hedges' g of the paired differences. */
  effectSize: number | null;
  /** Adjusted by Holm for all pairs of the condition; null of a single pair. */
  adjustedP: number | null;
  isSignificant: boolean;
  /** The same in one sentence. */
  sentence: string;
}

/** What one run of a row that learns on the job did, and what was learned after it. */
export interface SeriesLearningStep {
  condition: number;
  repetition: number;
  runId: string;
  /** The training whose version decided. */
  trainingId: string;
  /** 1 is the version that the row names. */
  version: number;
  /** Model seconds. */
  totalSec: number;
  efficiency: number | null;
  /** Null where nothing was: it was the last run, or there was too little. */
  learned: Pick<LearningAttempt, 'trainingId' | 'state' | 'decisions' | 'runs' | 'comparison' | 'reasons'> | null;
}

/** The runs of a row that learns on the job that count, in the order in which they were made: each after what the ones before it taught. */
export interface SeriesLearning {
  scheduler: number;
  steps: SeriesLearningStep[];
}

export interface SeriesResult {
  seriesId: string;
  /** Whether invalid runs count. */
  includesInvalid: boolean;
  cells: SeriesCellResult[];
  differences: SeriesDifference[];
  /** One for each row that learns on the job; empty of most series. */
  learning: SeriesLearning[];
  /** What a reader of the figures has to know. */
  notes: string[];
}

export const SERIES_EXPORT_FORMATS = ['csv', 'json'] as const;
export type SeriesExportFormat = (typeof SERIES_EXPORT_FORMATS)[number];

/** Conditions by name. */
export const SERIES_PRESETS = { 'table-v': { title: 'Table V', taskCounts: TABLE_V_COUNTS } } as const;
export type SeriesPreset = keyof typeof SERIES_PRESETS;
export const SERIES_PRESET_NAMES = Object.keys(SERIES_PRESETS) as [SeriesPreset, ...SeriesPreset[]];

/** `LAD-TS of training-1` is more than `Learned policy`, so the training is named; and what is set otherwise than in the paper. */
export function nameSeriesScheduler({ scheduler, trainingId, ...settings }: SeriesScheduler): string {
  const remarks = [...(trainingId === undefined ? [] : [trainingId]), ...nameSettings(settings)];
  const { title } = describeScheduler(scheduler);
  return remarks.length === 0 ? title : `${title} (${remarks.join(', ')})`;
}

/** How a block, one repetition of one condition, is named in commands: condition and repetition, each from 1 on. */
export function nameSeriesBlock({ condition, repetition }: Pick<SeriesCellKey, 'condition' | 'repetition'>): string {
  return `${condition + 1}.${repetition}`;
}
