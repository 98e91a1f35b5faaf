// SHA-256 of a model's files, and the one figure that stands for all of them.
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { ModelContent, ModelFile, ModelProgress } from '../../../shared/model.js';
import type { InspectedModel } from './inspected-model.js';
import { toModelFileError } from './model-errors.js';
import { ProgressMeter } from './progress-meter.js';
import { streamRanges } from './stream-ranges.js';

/** Of one file its own; of a folder that of the list which `sha256sum` would print, sorted by path. */
export function combinedSha256(files: readonly ModelFile[], isFolder: boolean): string {
  const [only] = files;
  if (only && !isFolder) return only.sha256;
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  return createHash('sha256')
    .update(sorted.map((file) => `${file.sha256}  ${file.path}\n`).join(''))
    .digest('hex');
}

export interface WorkOptions {
  signal: AbortSignal;
  /** Monotonic clock, ms. */
  nowMs: () => number;
  onProgress(progress: ModelProgress): void;
}

/** Reads every byte of an inspected model. Throws `io` or `not-found`, or the signal's reason. */
export async function hashModel(model: InspectedModel, options: WorkOptions): Promise<ModelContent> {
  const sizeBytes = model.files.reduce((sum, file) => sum + file.sizeBytes, 0);
  const meter = new ProgressMeter({ phase: 'hashing', totalBytes: sizeBytes, nowMs: options.nowMs, report: options.onProgress });
  const files: ModelFile[] = [];
  for (const file of model.files) {
    const hash = createHash('sha256');
    try {
      await using source = await open(file.path, 'r');
      const ranges = [{ offset: 0, length: file.sizeBytes }];
      await streamRanges(source, ranges, null, { hash, signal: options.signal, onBytes: (bytes) => meter.add(bytes) });
    } catch (thrown) {
      throw toModelFileError(thrown, file.path);
    }
    files.push({ path: file.relativePath, sizeBytes: file.sizeBytes, sha256: hash.digest('hex') });
  }
  const { layout, family, parts, leftOut } = model;
  return { layout, family, parts, files, leftOut, sizeBytes, sha256: combinedSha256(files, layout !== 'all-in-one') };
}
