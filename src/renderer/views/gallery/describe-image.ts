// What is known of an image, in words; pure.
import { formatDateTime } from '../../format.js';
import { formatBytes, formatCount, formatDuration, formatPixels } from '../../../shared/format.js';
import { describeSteps } from '../../../shared/service.js';
import { describeWorkerModel } from '../../../shared/node-worker.js';
import type { RouteLocationRaw } from 'vue-router';
import type { GalleryImage } from '../../../shared/gallery.js';
import { describeScheduler } from '../../../shared/run.js';

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
    { label: 'Made with', value: describeMaker(image) },
    { label: 'Scheduler', value: describeScheduler(image.scheduler).title },
    { label: 'Dataset', value: image.datasetName },
    { label: 'Service delay', value: `${formatDuration(image.serviceMs)} (model time)` },
    { label: 'Parts of it', value: describeParts(image.parts) },
    { label: 'Size', value: `${formatPixels(image.widthPx, image.heightPx)}, ${formatBytes(image.sizeBytes)}` },
    { label: 'Received', value: formatDateTime(image.createdAtMs) },
    { label: 'SHA-256', value: image.sha256 },
  ];
}

/** Where no worker is on record, the mark of the image still says whether it was simulated. */
function describeMaker({ worker, isSimulated }: GalleryImage): string {
  if (worker) return describeWorkerModel(worker);
  return isSimulated ? 'a simulated worker' : 'not on record';
}

/** The facts of two images side by side, each with whether they differ. */
export function compareImages(left: GalleryImage, right: GalleryImage): { label: string; left: string; right: string; isEqual: boolean }[] {
  const others = listImageFacts(right);
  return listImageFacts(left).map(({ label, value }, index) => {
    const other = others[index]?.value ?? '';
    return { label, left: value, right: other, isEqual: value === other };
  });
}

/** `upload 0.2 s, waiting 12 s, compute 5 s, ...`; what took no time is left out. */
function describeParts(parts: GalleryImage['parts']): string {
  const named: [string, number][] = [
    ['upload', parts.uploadMs],
    ['waiting', parts.waitingMs],
    ['compute', parts.computeMs],
    ['download', parts.downloadMs],
    ['re-sent', parts.resendMs],
    ['control', parts.controlMs],
  ];
  const spent = named.filter(([, ms]) => Math.round(ms) > 0).map(([name, ms]) => `${name} ${formatDuration(ms)}`);
  return spent.join(', ') || 'none';
}

/** The composer with the settings of the image. */
export function settingsOf(image: GalleryImage): RouteLocationRaw {
  return { name: 'new-run', query: { from: image.runId, image: image.taskId } };
}

/** The task in its run. */
export function taskOf(image: GalleryImage): RouteLocationRaw {
  return { name: 'run', params: { runId: image.runId }, query: { tab: 'tasks', task: String(image.ordinal + 1) } };
}
