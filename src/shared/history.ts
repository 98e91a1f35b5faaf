// Everything that ever ran, in one list: runs, series, trainings, studies, provisionings and calibrations, with what people put on them.
import type { PlannedStart } from './planned-start.js';
import type { QueryMistake, Span } from './query/query.js';

export const HISTORY_KINDS = ['run', 'series', 'training', 'study', 'provisioning', 'calibration'] as const;
export type HistoryKind = (typeof HISTORY_KINDS)[number];

export const HISTORY_KIND_TITLES: Record<HistoryKind, string> = {
  run: 'Run',
  series: 'Series',
  training: 'Training',
  study: 'Study',
  provisioning: 'Provisioning',
  calibration: 'Calibration',
};

/** Names a record; ids are unique within their kind. */
export interface HistoryItem {
  kind: HistoryKind;
  id: string;
}

/** What a list shows of a record. Null where a kind has no such thing, or it is not known yet. */
export interface HistoryEntry extends HistoryItem {
  name: string;
  /** The record's own word: of a run a RunState, else a JobState. */
  state: string;
  /** Of a run that has ended; `isValid` is null before, and of every other kind. */
  result: { isValid: boolean | null; reasons: string[] };
  /** Of a series: whether a run of it is. */
  isSimulated: boolean;
  isImported: boolean;
  testbedName: string | null;
  datasetName: string | null;
  /** As it is titled; several of a series, with commas between. */
  scheduler: string | null;
  /** As queries and commands name it; of a training its method, of a series several with spaces between. */
  schedulerName: string | null;
  /** |N|. */
  taskCount: number | null;
  seed: number | null;
  /** Inclusive range of the denoising steps of an image. */
  steps: { min: number; max: number } | null;
  /** Total generation delay, model ms. */
  totalMs: number | null;
  /** Lower bound / total. */
  efficiency: number | null;
  /** Of the service delays of its tasks, model ms. */
  p95Ms: number | null;
  meanMs: number | null;
  /** How many tasks these are of; null where there are no figures. */
  succeededCount: number | null;
  /** Wall clock, epoch ms. */
  createdAtMs: number;
  startedAtMs: number | null;
  finishedAtMs: number | null;
  /** Absent unless it waits for a time. */
  plannedStart?: PlannedStart;
  seriesId: string | null;
  seriesName: string | null;
  /** In alphabetical order. */
  tags: string[];
  isStarred: boolean;
  hasNote: boolean;
  /** Markdown. */
  note: string | null;
  /** Whether its total is the least of its |N| among the runs of the whole list that are valid and not simulated. */
  isBest: boolean;
}

export const HISTORY_SORTS = ['created', 'name', 'kind', 'result', 'count', 'total', 'efficiency', 'p95', 'scheduler', 'testbed'] as const;
export type HistorySort = (typeof HISTORY_SORTS)[number];

export interface HistoryPage {
  items: HistoryEntry[];
  /** Of all records that match, of which `items` is a page. */
  total: number;
  /** Without the query. */
  allTotal: number;
  /** Where the query can't be understood; then there are no items, and what was listed before is best left in place. */
  mistake: QueryMistake | null;
  /** The first term with which nothing is left, where nothing matches. */
  excludedBy: (Span & { text: string }) | null;
}

/** What a query can be continued with. */
export interface HistoryCompletion {
  /** What a suggestion replaces. */
  range: Span;
  suggestions: HistorySuggestion[];
}

export interface HistorySuggestion {
  /** To be written in place of the range. */
  text: string;
  /** What it means, in a few words; empty where it speaks for itself. */
  detail: string;
}

export const HISTORY_GROUPS = ['none', 'series', 'scheduler', 'testbed', 'day'] as const;
export type HistoryGroup = (typeof HISTORY_GROUPS)[number];

export const HISTORY_DENSITIES = ['comfortable', 'compact'] as const;

/** A list as someone likes to see it, by its name. Shared by all windows and the terminal. */
export interface HistoryView {
  name: string;
  query: string;
  /** Names of columns, in their order; what a window does not know it leaves out. */
  columns: string[];
  sort: HistorySort;
  isDescending: boolean;
  group: HistoryGroup;
  density: (typeof HISTORY_DENSITIES)[number];
}

/** What people have put on a record. */
export interface HistoryMarks {
  /** In alphabetical order. */
  tags: string[];
  isStarred: boolean;
  /** Markdown; null where there is none. */
  note: string | null;
  isInBin: boolean;
}

/** What is written on a record. */
export interface HistoryNote {
  markdown: string;
}
