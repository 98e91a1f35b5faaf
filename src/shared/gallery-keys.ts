// The keys of the query language in the gallery; docs/gallery.md has the table for people. Those of runs look at the run of an image.
import type { HistoryKey } from './history-keys.js';
import type { QueryKeys } from './query/query-keys.js';

/** Of the image itself. */
export const IMAGE_KEYS = [
  { name: 'node', type: 'text', meaning: 'text in the name of the node that made the image', example: 'node-3' },
  { name: 'steps', type: 'number', meaning: 'denoising steps of the image', example: '10..12' },
  { name: 'seed', type: 'number', meaning: 'seed of the image', example: '7' },
  { name: 'delay', type: 'number', meaning: 'service delay in seconds', example: '<60' },
  { name: 'model', type: 'text', meaning: 'text in the name or hash of the model', example: 'resd3-m' },
  { name: 'simulated', type: 'flag', meaning: 'drawn by a worker that only waits', example: 'no' },
  { name: 'since', type: 'instant', meaning: 'received then or later', example: '7d' },
  { name: 'until', type: 'instant', meaning: 'received then or earlier, a day included', example: '2026-11-30' },
  { name: 'after', type: 'instant', meaning: 'the same as since', example: '2026-11-01' },
  { name: 'before', type: 'instant', meaning: 'received earlier, a day not included', example: '2026-12-01' },
] as const satisfies QueryKeys;

/** Of its run: the history answers them, so that both lists mean the same. */
export const IMAGE_RUN_KEYS = [
  { name: 'run', type: 'text', meaning: 'text in the name of the run, or its whole id', example: 'overnight' },
  { name: 'scheduler', type: 'text', meaning: 'scheduler, or method of a learned one', example: 'lad-ts' },
  { name: 'series', type: 'text', meaning: 'text in the name of the series', example: 'overnight' },
  { name: 'testbed', type: 'text', meaning: 'text in the name of the testbed', example: 'rack' },
  { name: 'dataset', type: 'text', meaning: 'text in the name of the dataset', example: 'flickr8k' },
  { name: 'n', type: 'number', meaning: '|N|, the number of tasks of the run', example: '>=500' },
  { name: 'tag', type: 'text', meaning: 'a tag of the run', example: 'orin' },
  { name: 'star', type: 'flag', meaning: 'starred run', example: 'yes' },
  { name: 'valid', type: 'flag', meaning: 'whether the run is valid', example: 'yes' },
  { name: 'imported', type: 'flag', meaning: 'run brought here from another computer', example: 'no' },
] as const satisfies QueryKeys;

export const GALLERY_KEYS = [...IMAGE_RUN_KEYS, ...IMAGE_KEYS] as const;

export type ImageKey = (typeof IMAGE_KEYS)[number]['name'];
export type ImageRunKey = (typeof IMAGE_RUN_KEYS)[number]['name'];

/** What the history calls a key of runs. */
export function historyKeyOf(key: ImageRunKey): HistoryKey {
  return key === 'run' ? 'name' : key;
}

export function isImageRunKey(key: string): key is ImageRunKey {
  return IMAGE_RUN_KEYS.some(({ name }) => name === key);
}
