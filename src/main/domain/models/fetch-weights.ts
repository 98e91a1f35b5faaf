// Fetches published weights to this computer: with a token, since their page is behind a form, and resumed where the line broke.
import { join } from 'node:path';
import { AppError } from '../../../shared/errors.js';
import type { ModelProgress } from '../../../shared/model.js';
import { PUBLISHED_WEIGHTS, type PublishedFile, WEIGHTS_PAGE } from '../../../shared/weights.js';
import { downloadFile } from '../../adapters/downloads/download-file.js';
import { ProgressMeter } from './progress-meter.js';

export interface WeightsSource {
  /** Without a slash at its end; `PAGE/resolve/main/FILE` is the file. */
  page: string;
  /** Of the account that has accepted the terms there; null where none is known. Asked for when a fetch starts, and kept nowhere. */
  token(): string | null;
  /** The files of the page. */
  files?: readonly { file: string; sizeBytes: number; sha256: string }[];
}

export interface FetchWeightsOptions {
  source: WeightsSource;
  file: PublishedFile;
  /** Folder that it gets into. */
  folder: string;
  signal: AbortSignal;
  nowMs: () => number;
  onProgress(progress: ModelProgress): void;
}

/** Resolves with the path of the file, whose SHA-256 is the published one. Throws `secret-missing` without a token, or as `downloadFile`. */
export async function fetchWeights({ source, file, folder, signal, nowMs, onProgress }: FetchWeightsOptions): Promise<string> {
  const published = (source.files ?? PUBLISHED_WEIGHTS).find((each) => each.file === file);
  if (!published) throw new AppError('not-found', `There are no published weights ${file}.`, 'Name one of the files on record.');
  const token = source.token();
  if (token === null) throw noToken();
  const path = join(folder, file);
  const meter = new ProgressMeter({ phase: 'fetching', totalBytes: published.sizeBytes, nowMs, report: onProgress });
  let seenBytes = 0;
  await downloadFile({
    url: `${source.page}/resolve/main/${file}`,
    path,
    sha256: published.sha256,
    token,
    signal,
    onProgress({ doneBytes }) {
      meter.add(doneBytes - seenBytes);
      seenBytes = doneBytes;
    },
  });
  return path;
}

function noToken(): AppError {
  return new AppError(
    'secret-missing',
    'The weights of SD3 medium are behind a form, and there is no token that may fetch them.',
    `Log in at ${WEIGHTS_PAGE}, agree there, make a token with read access, and start this program with it in the variable HF_TOKEN. Or fetch the file in a browser and add it: model add PATH --accept-license.`,
  );
}
