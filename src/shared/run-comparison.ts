// Two to a hundred runs beside each other: what differs between them, what came out, how it is distributed, where the time went, and how
// the same tasks fared. Model time throughout; docs/compare.md has every formula.
import type { DelayPart } from './chart-description.js';
import type { MeanInterval } from './mean-interval.js';

export const MAX_COMPARED_RUNS = 100;
/** Below so many repetitions no interval is given: of two it would be 12.7 standard errors wide. */
export const MIN_REPETITIONS = 3;
/** At most so many values stand for the delays of a run; each is one that was measured. */
export const MAX_QUANTILES = 500;

export const RUN_GROUPINGS = ['scheduler', 'testbed', 'run'] as const;
export type RunGrouping = (typeof RUN_GROUPINGS)[number];

export const COMPARED_PERCENTILES = [0.5, 0.9, 0.95, 0.99] as const;

/** The parts of a delay, and what each is called. */
export const DELAY_PARTS: readonly { part: DelayPart; title: string }[] = [
  { part: 'upload', title: 'Upload' },
  { part: 'waiting', title: 'Waiting' },
  { part: 'compute', title: 'Compute' },
  { part: 'download', title: 'Download' },
  { part: 'resend', title: 'Re-sending' },
  { part: 'control', title: 'Control' },
];
/** Mean seconds of a task. */
export type DelayParts = Record<DelayPart, number>;

export const COMPARISON_CHARTS = ['ecdf', 'histogram', 'boxes', 'parts', 'parts-share', 'timeline'] as const;
export type ComparisonChart = (typeof COMPARISON_CHARTS)[number];
export const COMPARISON_EXPORTS = ['results', 'settings', 'pairs', 'nodes', ...COMPARISON_CHARTS] as const;
export type ComparisonExport = (typeof COMPARISON_EXPORTS)[number];

/** Why a run is in no figure. */
export type LeftOut = 'hidden' | 'invalid' | 'open' | 'no-result';

export interface ComparedSetting {
  id: string;
  title: string;
  kind: 'specification' | 'environment';
  /** One a run that counts, in their order; null where it is not reported. */
  values: (string | null)[];
}

export interface ComparedPercentile {
  percentile: number;
  /** Seconds of service delay, over the runs; null where it is hidden. */
  figure: MeanInterval | null;
  /** Why it is hidden. */
  hidden: string | null;
}

/** Of one run, or of the runs of a group: then means over them, with intervals where they are repetitions enough. */
export interface ComparedFigures {
  /** k. */
  runCount: number;
  totalSec: MeanInterval;
  /** 0..1; null where a run has no bound. */
  efficiency: MeanInterval | null;
  percentiles: ComparedPercentile[];
  /** Finished images per minute of total generation delay. */
  imagesPerMin: MeanInterval;
  controlShare: MeanInterval | null;
  /** Tasks of all its runs. */
  failed: number;
  canceled: number;
  resent: number;
  /** Against the reference's total: seconds, and as a share of it. Null for the reference and where the work is another amount. */
  difference: { sec: number; share: number } | null;
}

/** Nearest ranks in seconds; whiskers are p5 and p95, null where there are too few tasks for them. */
export interface Box {
  low: number | null;
  q1: number;
  median: number;
  q3: number;
  high: number | null;
}

export interface Distribution {
  taskCount: number;
  /** Service delays in seconds, ascending: at evenly spaced ranks, up to MAX_QUANTILES of them. */
  quantilesSec: number[];
  /** Null of too few tasks for quartiles. */
  box: Box | null;
  /** The share of its tasks in each bin of the histogram. */
  binShares: number[];
}

export interface ComparedRun {
  id: string;
  /** As it was called, with a number behind where several are called the same. */
  name: string;
  groupId: string;
  leftOut: LeftOut | null;
  isValid: boolean;
  /** Why it is invalid. */
  reasons: string[];
  limitations: string[];
  isSimulated: boolean;
  timeScale: number;
  scheduler: string;
  testbedName: string;
  taskCount: number;
  seed: number;
  finishedAtMs: number | null;
  /** Null where it is left out; so are the three below. */
  figures: ComparedFigures | null;
  distribution: Distribution | null;
  parts: DelayParts | null;
  nodes: { name: string; executed: number; utilization: number; busySec: number; meanServiceSec: number | null }[];
}

export interface RunGroup {
  id: string;
  name: string;
  /** Of its look in palette, markers and dashes: stays when runs are hidden. */
  position: number;
  isSimulated: boolean;
  /** How many invalid runs count in its figures. */
  invalid: number;
  /** Of the runs that count. */
  runIds: string[];
  figures: ComparedFigures;
  /** Why its figures have no intervals; null where they have. */
  intervalProblem: string | null;
  /** Of the tasks of all its runs together. */
  distribution: Distribution;
  /** Least and largest quantile of its runs at some shares; empty of a single run. */
  band: { share: number; lowSec: number; highSec: number }[];
  parts: DelayParts;
}

/** A group against the reference on the same tasks: differences are the group's less the reference's. */
export interface GroupPairing {
  groupId: string;
  /** Pairs of runs of one workload. */
  runPairs: number;
  /** Tasks that succeeded in both runs of a pair. */
  taskPairs: number;
  medianSec: number | null;
  /** Shares of the pairs in which the group's task was faster, and slower. */
  fasterShare: number | null;
  slowerShare: number | null;
  /** Of the totals of paired runs; the interval is null below MIN_REPETITIONS pairs. */
  totals: { meanSec: number; halfWidth95Sec: number | null; reduction: number | null; pValue: number | null } | null;
  /** The pairing in words; of no pair, why there is none. */
  sentence: string;
  /** The totals in words; null of no pair. */
  totalSentence: string | null;
}

export interface RunComparison {
  groupBy: RunGrouping;
  /** In the order asked for. */
  runs: ComparedRun[];
  /** Ids that no run has any more. */
  missingIds: string[];
  /** Those with a run that counts, in the order of their first run. */
  groups: RunGroup[];
  /** Null where no run counts. */
  referenceGroupId: string | null;
  /** Differing among all runs that count, and alike in all of them. */
  differing: ComparedSetting[];
  identical: ComparedSetting[];
  pairings: GroupPairing[];
  /** Bins of equal width from zero; null where no run counts. */
  histogram: { binSec: number; binCount: number } | null;
  notes: string[];
}

/** When the nodes of a run were busy: gaps that no screen can show are closed. Milliseconds after the run's start. */
export interface RunTimeline {
  runId: string;
  totalMs: number;
  nodes: { name: string; utilization: number; spans: { startMs: number; endMs: number }[] }[];
}
