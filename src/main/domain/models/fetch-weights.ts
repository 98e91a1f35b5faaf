// Fetches published weights to this computer: with a token, since their page is behind a form, and resumed where the line broke.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../shared/errors.js';
import { formatBytes } from '../../../shared/format.js';
import type { ModelProgress } from '../../../shared/model.js';
import { type PublishedFile, WEIGHTS_PAGE } from '../../../shared/weights.js';
import { downloadFile } from '../../adapters/downloads/download-file.js';
import { ProgressMeter } from './progress-meter.js';
import { freeBytesAt, type PublishedWeights, publishedWeights, sizeOf, type WeightsSource } from './weights-source.js';

export interface FetchWeightsOptions {
  source: WeightsSource;
  file: PublishedFile;
  /** Folder that it gets into; made where it is not there. */
  folder: string;
  signal: AbortSignal;
  nowMs: () => number;
  onProgress(progress: ModelProgress): void;
}

/**
 * Resolves with the path of the file. One of its size that is there already stays, and is for the caller to compare; any other has the published
 * SHA-256. Throws `secret-missing` without a token, `conflict` for another file of that name, `no-space`, or as `downloadFile`.
 */
export async function fetchWeights({ source, file, folder, signal, nowMs, onProgress }: FetchWeightsOptions): Promise<string> {
  const published = publishedWeights(source, file);
  const path = join(folder, file);
  if (await isThere(path, published)) return path;
  const base = source.mirror() ?? source.page;
  const token = await source.token();
  if (token === null) throw noToken();
  await mkdir(folder, { recursive: true });
  await requireRoom(path, published);
  const meter = new ProgressMeter({ phase: 'fetching', totalBytes: published.sizeBytes, nowMs, report: onProgress });
  let seenBytes: number | null = null;
  await downloadFile({
    url: `${base}/resolve/main/${file}`,
    path,
    sha256: published.sha256,
    token,
    signal,
    onProgress({ doneBytes }) {
      if (seenBytes === null) meter.startFrom(doneBytes);
      else meter.add(doneBytes - seenBytes);
      seenBytes = doneBytes;
    },
  });
  return path;
}

async function isThere(path: string, { sizeBytes }: PublishedWeights): Promise<boolean> {
  const foundBytes = await sizeOf(path);
  if (foundBytes === null) return false;
  if (foundBytes === sizeBytes) return true;
  throw otherFile(path);
}

/** For a file of that name which is not the published one. */
export function otherFile(path: string): AppError {
  return new AppError(
    'conflict',
    `${path} is there already, and is another file than the published one.`,
    'Move it away, or name another folder.',
  );
}

async function requireRoom(path: string, { sizeBytes }: PublishedWeights): Promise<void> {
  const missingBytes = sizeBytes - ((await sizeOf(`${path}.part`)) ?? 0);
  const freeBytes = await freeBytesAt(path);
  if (freeBytes >= missingBytes) return;
  throw new AppError(
    'no-space',
    `${formatBytes(missingBytes)} of ${path} are missing, and ${formatBytes(freeBytes)} are free there.`,
    'Free some space there, or name a folder on another disk.',
  );
}

function noToken(): AppError {
  return new AppError(
    'secret-missing',
    'The weights of SD3 medium are behind a form, and there is no token that may fetch them.',
    `Log in at ${WEIGHTS_PAGE}, agree there, and make a token with read access. Keep it under Models, Fetch weights in the window or by "npm run cli -- secret set hugging-face", or start this program with it in the variable HF_TOKEN. Or fetch the file in a browser and add it: model add PATH --accept-license.`,
  );
}
