// What is known of an image, in words; pure.
import { formatDateTime } from '../../format.js';
import { formatBytes, formatCount, formatDuration } from '../../../shared/format.js';
import { describeSteps } from '../../../shared/service.js';
import { describeWorkerModel } from '../../../shared/node-worker.js';
import type { GalleryImage } from '../../../shared/run.js';

export interface ImageFact {
  label: string;
  value: string;
}

/** Facts in a fixed order, so that two images can be compared line by line. */
export function listImageFacts(image: GalleryImage): ImageFact[] {
  return [
    { label: 'Prompt', value: image.prompt },
    { label: 'Run', value: image.runName },
    { label: 'Task', value: formatCount(image.ordinal + 1) },
    { label: 'Seed', value: String(image.seed) },
    { label: 'Denoising steps', value: describeSteps(image) },
    { label: 'Edge server', value: image.nodeName },
    { label: 'Made with', value: image.worker ? describeWorkerModel(image.worker) : 'a simulated worker, or not on record' },
    { label: 'Service delay', value: `${formatDuration(image.serviceMs)} (model time)` },
    { label: 'Size', value: `${image.widthPx} × ${image.heightPx} px, ${formatBytes(image.sizeBytes)}` },
    { label: 'Received', value: formatDateTime(image.createdAtMs) },
    { label: 'SHA-256', value: image.sha256 },
  ];
}

/** The facts of two images side by side, each with whether they differ. */
export function compareImages(left: GalleryImage, right: GalleryImage): { label: string; left: string; right: string; isEqual: boolean }[] {
  const others = listImageFacts(right);
  return listImageFacts(left).map(({ label, value }, index) => {
    const other = others[index]?.value ?? '';
    return { label, left: value, right: other, isEqual: value === other };
  });
}

/** File name without ending: the browser adds the one that fits. */
export function imageFileName(image: GalleryImage): string {
  const run = image.runName.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-+|-+$/g, '');
  return `${run || 'run'}-task-${image.ordinal + 1}`;
}

/** The marked images after one more was toggled: at most two, the older one goes. */
export function toggleMark(marked: readonly GalleryImage[], image: GalleryImage): GalleryImage[] {
  const rest = marked.filter(({ taskId }) => taskId !== image.taskId);
  return rest.length < marked.length ? rest : [...rest, image].slice(-2);
}

/** Seed typed into the filter: null for none, undefined when it is no seed. */
export function parseSeed(text: string): number | null | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  return /^\d{1,10}$/.test(trimmed) ? Number(trimmed) : undefined;
}
