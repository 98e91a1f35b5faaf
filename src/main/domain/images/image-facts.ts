// What an exported image says of itself, in its file and in the manifest beside it. One list, so that both say the same.
import { describeScheduler } from '../../../shared/run.js';
import { describeWorkerModel } from '../../../shared/node-worker.js';
import type { GalleryImage } from '../../../shared/gallery.js';
import type { ImageText } from '../../adapters/images/image-text.js';
import { toCsv } from '../../foundation/csv-text.js';

/** A line of the manifest. Delays are model time. */
export interface ManifestEntry {
  /** Null where the stored file is missing or damaged; `problem` says which. */
  file: string | null;
  problem: string | null;
  prompt: string;
  seed: number;
  steps: number;
  computedSteps: number;
  node: string;
  run: string;
  runId: string;
  task: number;
  taskId: string;
  scheduler: string;
  dataset: string;
  model: string | null;
  serviceDelaySec: number;
  uploadSec: number;
  waitingSec: number;
  computeSec: number;
  downloadSec: number;
  resendSec: number;
  controlSec: number;
  simulated: boolean;
  widthPx: number;
  heightPx: number;
  receivedAt: string;
  /** Of the stored file; the exported one has this text in it besides. */
  sha256: string;
}

export function describeEntry(image: GalleryImage, { file, problem }: Pick<ManifestEntry, 'file' | 'problem'>): ManifestEntry {
  const sec = (ms: number): number => Math.round(ms) / 1000;
  const { parts } = image;
  return {
    file,
    problem,
    prompt: image.prompt,
    seed: image.seed,
    steps: image.qualitySteps,
    computedSteps: image.computedSteps,
    node: image.nodeName,
    run: image.runName,
    runId: image.runId,
    task: image.ordinal + 1,
    taskId: image.taskId,
    scheduler: describeScheduler(image.scheduler).title,
    dataset: image.datasetName,
    model: modelOf(image),
    serviceDelaySec: sec(image.serviceMs),
    uploadSec: sec(parts.uploadMs),
    waitingSec: sec(parts.waitingMs),
    computeSec: sec(parts.computeMs),
    downloadSec: sec(parts.downloadMs),
    resendSec: sec(parts.resendMs),
    controlSec: sec(parts.controlMs),
    simulated: image.isSimulated,
    widthPx: image.widthPx,
    heightPx: image.heightPx,
    receivedAt: new Date(image.createdAtMs).toISOString(),
    sha256: image.sha256,
  };
}

/** The texts of an image's file. */
export function textsOf(image: GalleryImage, programVersion: string): ImageText[] {
  const { prompt, seed, steps, node, run, task, scheduler, dataset, serviceDelaySec, receivedAt, sha256 } = describeEntry(image, {
    file: null,
    problem: null,
  });
  return [
    ['prompt', prompt],
    ['seed', String(seed)],
    ['steps', String(steps)],
    ['model', modelOf(image) ?? 'none'],
    ['node', node],
    ['run', run],
    ['task', String(task)],
    ['scheduler', scheduler],
    ['dataset', dataset],
    ['service delay', `${serviceDelaySec} s`],
    ['simulated', image.isSimulated ? 'yes' : 'no'],
    ['stored sha256', sha256],
    ['Creation Time', receivedAt],
    ['Software', `DEdgeAI Control Center ${programVersion}`],
  ];
}

const COLUMNS = [
  ...[
    'file',
    'problem',
    'prompt',
    'seed',
    'steps',
    'computedSteps',
    'node',
    'run',
    'runId',
    'task',
    'taskId',
    'scheduler',
    'dataset',
    'model',
  ],
  ...['serviceDelaySec', 'uploadSec', 'waitingSec', 'computeSec', 'downloadSec', 'resendSec', 'controlSec'],
  ...['simulated', 'widthPx', 'heightPx', 'receivedAt', 'sha256'],
] as (keyof ManifestEntry)[];

export function manifestCsv(entries: readonly ManifestEntry[]): string {
  return toCsv(
    COLUMNS,
    entries.map((entry) => COLUMNS.map((column) => entry[column])),
  );
}

/** Null for a picture that no model made, or whose model is not on record. */
function modelOf({ worker }: GalleryImage): string | null {
  return worker ? describeWorkerModel(worker) : null;
}
