// Table V: image platforms of the paper and measured runs side by side.
import type { RunEnergy } from './energy.js';
import type { PlatformEdit } from './platform.js';
import type { SchedulerName } from './run.js';

/** Task counts of Table V. */
export const TABLE_V_COUNTS = [1, 100, 500, 1000] as const;

export interface ComparisonCell {
  count: number;
  /** The median of the runs, or the mean over a series' repetitions. */
  delaySec: number | null;
  runIds: string[];
  /** Whether a run behind the figure is invalid; such a figure is never the best. */
  isInvalid?: boolean;
  /** Of a platform: what was put in place of the paper's figure. */
  edit?: PlatformEdit;
  /** Of a series: half the width of the 95 % interval in seconds, null of a single repetition, and what stands behind it. */
  series?: { halfWidth95Sec: number | null; repetitions: number; invalid: number; missing: number };
}

export interface ComparisonRow {
  /** `paper:...`, the run group's or that of a platform of one's own. */
  id: string;
  platform: string;
  model: string;
  /** `own`: a platform that was added here, with figures from elsewhere. */
  source: 'paper' | 'own' | 'measured';
  /** Ours in the paper, or measured here: not divided by the cloud concurrency. */
  isEdge: boolean;
  isSimulated: boolean;
  /** Whether a run of it came from another machine. */
  isImported?: boolean;
  /** Total generation delay in seconds per |N|, as far as known. Cloud rows are already divided by the cloud concurrency. */
  delaySec: ComparisonCell[];
  /** US dollars per 1,000 images; 0 is free, null unknown. Of measured rows what an image costs there (docs/prices-and-energy.md). */
  pricePer1kUsd: number | null;
  /** Of a platform. */
  modelEdit?: PlatformEdit;
  priceEdit?: PlatformEdit;
  /** Of measured rows: what to measure more of. */
  measuredOn?: { testbedId: string; scheduler: SchedulerName };
  /** Of measured rows: the mean over the valid runs of the largest |N| that have one. */
  energy?: { count: number; whPer1kImages: number; source: NonNullable<RunEnergy['source']> } | null;
  notes: string[];
}

/** How much less delay the reference row has than another, per |N|. */
export interface ComparisonReduction {
  referenceRowId: string;
  againstRowId: string;
  count: number;
  /** 1 - reference / other, as a fraction; negative when the reference is slower; null where either is unknown. */
  reduction: number | null;
}

export interface Comparison {
  counts: number[];
  rows: ComparisonRow[];
  reductions: ComparisonReduction[];
  /** Requests that a cloud platform serves at once; the paper assumes 1. */
  cloudConcurrency: number;
  notes: string[];
}
