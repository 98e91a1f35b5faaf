// Table V: image platforms of the paper and measured runs side by side.

/** Task counts of Table V. */
export const TABLE_V_COUNTS = [1, 100, 500, 1000] as const;

export interface ComparisonCell {
  count: number;
  /** The median of the runs, or the mean over a series' repetitions. */
  delaySec: number | null;
  runIds: string[];
  /** Of a series: half the width of the 95 % interval in seconds, null of a single repetition, and what stands behind it. */
  series?: { halfWidth95Sec: number | null; repetitions: number; invalid: number; missing: number };
}

export interface ComparisonRow {
  /** `paper:...` or the run group's id. */
  id: string;
  platform: string;
  model: string;
  source: 'paper' | 'measured';
  /** Ours in the paper, or measured here: not divided by the cloud concurrency. */
  isEdge: boolean;
  isSimulated: boolean;
  /** Whether a run of it came from another machine. */
  isImported?: boolean;
  /** Total generation delay in seconds per |N|, as far as known. Cloud rows are already divided by the cloud concurrency. */
  delaySec: ComparisonCell[];
  /** US dollars per 1,000 images; 0 is free, null unknown. */
  pricePer1kUsd: number | null;
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
