// Images that tasks brought home, as they are listed, looked at and compared.
import type { NodeWorker } from './node-worker-schema.js';
import type { QueryMistake, Span } from './query/query.js';
import type { SchedulerName, TaskDelays } from './run.js';

export interface GalleryImage {
  taskId: string;
  runId: string;
  runName: string;
  datasetName: string;
  scheduler: SchedulerName;
  ordinal: number;
  sha256: string;
  mediaType: 'image/png' | 'image/jpeg';
  widthPx: number;
  heightPx: number;
  sizeBytes: number;
  isSimulated: boolean;
  prompt: string;
  seed: number;
  qualitySteps: number;
  /** Of them, those that were computed. */
  computedSteps: number;
  nodeId: string;
  nodeName: string;
  /** The worker that made it, with its model and text encoders, as they were when the run started; null for a simulated one. */
  worker: NodeWorker | null;
  /** Model ms; so are its parts. */
  serviceMs: number;
  parts: Omit<TaskDelays, 'serviceMs'>;
  createdAtMs: number;
}

export const GALLERY_SORTS = ['newest', 'oldest', 'task', 'slowest', 'fastest', 'steps', 'seed'] as const;
export type GallerySort = (typeof GALLERY_SORTS)[number];

/** A page of the images that fit; positions stay as they are for the same `asOf`, whatever comes in meanwhile. */
export interface GalleryPage {
  items: GalleryImage[];
  /** Of all images that fit. */
  total: number;
  /** The newest image that was looked at; ask the next page with it. */
  asOf: number;
  /** Where the query can't be understood; then there are no items, and what was shown before is best left in place. */
  mistake: QueryMistake | null;
  /** The first term with which nothing is left, where nothing fits. */
  excludedBy: (Span & { text: string }) | null;
}

/** The images that one run brought home within an hour. */
export interface GalleryStretch {
  runId: string;
  runName: string;
  count: number;
  firstAtMs: number;
  lastAtMs: number;
}

/** What a table of images can have as rows and columns. */
export const GALLERY_AXES = ['prompt', 'seed', 'steps', 'node', 'run', 'scheduler', 'model', 'dataset'] as const;
export type GalleryAxis = (typeof GALLERY_AXES)[number];

export const GALLERY_AXIS_TITLES: Record<GalleryAxis, string> = {
  prompt: 'Prompt',
  seed: 'Seed',
  steps: 'Steps',
  node: 'Node',
  run: 'Run',
  scheduler: 'Scheduler',
  model: 'Model',
  dataset: 'Dataset',
};

/** A value of an axis: what it is, and how people read it. */
export interface GalleryAxisValue {
  key: string;
  label: string;
}

export interface GalleryCell {
  row: string;
  column: string;
  /** Images in the cell. */
  count: number;
  /** The newest of them. */
  taskId: string;
  sha256: string;
  isSimulated: boolean;
}

/** Images by two parameters: a stretch of rows, all columns. A cell without an image is not in the list. */
export interface GalleryTable {
  rows: GalleryAxisValue[];
  rowTotal: number;
  columns: GalleryAxisValue[];
  /** Columns that there would be without the limit. */
  columnTotal: number;
  cells: GalleryCell[];
  mistake: QueryMistake | null;
}
