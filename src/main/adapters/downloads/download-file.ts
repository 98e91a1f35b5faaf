// A file from a web server, kept beside its name as `NAME.part` until all of it is there and has the SHA-256 that it should have. A broken line costs
// what was on its way: the next download asks for the rest.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { AppError } from '../../../shared/errors.js';

const REPORT_EVERY_MS = 1_000;

export interface DownloadOptions {
  url: string;
  /** Where it gets to; its folder must be there. */
  path: string;
  /** In hex; null where no one has published one. */
  sha256: string | null;
  /** Sent to that server alone: the standard takes it away where another one answers. */
  token?: string | null;
  signal: AbortSignal;
  /** First with what was here before, and once a second where nothing comes. `totalBytes` is null where the server does not say. */
  onProgress(progress: { doneBytes: number; totalBytes: number | null }): void;
}

/** Resolves with the SHA-256 of the file under its name. Throws `io`, `no-space`, `unsupported` (a login is asked for), `not-found`, or the signal's reason. */
export async function downloadFile(options: DownloadOptions): Promise<string> {
  const { url, path, sha256, signal, onProgress } = options;
  const part = `${path}.part`;
  const hash = createHash('sha256');
  let doneBytes = await stat(part).then(
    ({ size }) => size,
    () => 0,
  );
  if (doneBytes > 0) for await (const chunk of createReadStream(part, { signal })) hash.update(chunk as Buffer);
  const response = await request(options, doneBytes);
  // All of it was there already.
  const isWhole = response.status === 416 && doneBytes > 0;
  if (!isWhole && !response.ok) throw refused(response, url);
  const restarts = response.status !== 206 && !isWhole;
  const body = isWhole ? null : response.body;
  const total = totalOf(response, restarts ? 0 : doneBytes);
  if (restarts) doneBytes = 0;
  const digest = restarts ? createHash('sha256') : hash;
  const report = (): void => onProgress({ doneBytes, totalBytes: total });
  report();
  const timer = setInterval(report, REPORT_EVERY_MS);
  try {
    await using file = await open(part, restarts ? 'w' : 'a', 0o600);
    for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
      signal.throwIfAborted();
      await file.writeFile(chunk);
      digest.update(chunk);
      doneBytes += chunk.length;
      report();
    }
    await file.datasync();
  } catch (thrown) {
    signal.throwIfAborted();
    throw toDownloadError(thrown, url, path);
  } finally {
    clearInterval(timer);
  }
  if (total !== null && doneBytes < total) throw brokenOff(url);
  const found = digest.digest('hex');
  if (sha256 !== null && found !== sha256) {
    await rm(part, { force: true });
    throw new AppError(
      'io',
      `What ${hostOf(url)} sent for ${path} has the SHA-256 ${found} instead of ${sha256}.`,
      'It was thrown away. Try again; if that comes again, the file there is another one: take it from where it is published.',
    );
  }
  await rename(part, path);
  return found;
}

async function request({ url, token, signal, path }: DownloadOptions, fromByte: number): Promise<Response> {
  const headers = { ...(fromByte > 0 ? { range: `bytes=${fromByte}-` } : {}), ...(token ? { authorization: `Bearer ${token}` } : {}) };
  try {
    return await fetch(url, { headers, signal });
  } catch (thrown) {
    signal.throwIfAborted();
    throw toDownloadError(thrown, url, path);
  }
}

function totalOf({ headers }: Response, fromByte: number): number | null {
  const length = Number(headers.get('content-length') ?? Number.NaN);
  return Number.isSafeInteger(length) && headers.get('content-encoding') === null ? fromByte + length : null;
}

function refused({ status }: Response, url: string): AppError {
  if (status === 401 || status === 403) {
    return new AppError(
      'unsupported',
      `${hostOf(url)} asks for a login for ${url} (status ${status}).`,
      'Accept the terms on its page while logged in, and give a token that may read it.',
    );
  }
  if (status === 404) return new AppError('not-found', `${url} is not there (status 404).`, 'Check the address; the file may have moved.');
  return new AppError('io', `${hostOf(url)} answered ${url} with status ${status}.`, 'Try again later: what is here already is kept.');
}

function brokenOff(url: string): AppError {
  return new AppError('io', `The line to ${hostOf(url)} broke off.`, 'Resume: what is here already is kept.');
}

function toDownloadError(thrown: unknown, url: string, path: string): AppError {
  if (thrown instanceof AppError) return thrown;
  const { code, cause } = (thrown ?? {}) as { code?: unknown; cause?: { code?: unknown } };
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new AppError('no-space', `No space is left for ${path}.`, 'Free some space there, then resume.');
  if (typeof code === 'string' && /^E[A-Z]+$/.test(code))
    return new AppError('io', `${path} can't be written (${code}).`, 'Check the folder and its disk.', { cause: thrown });
  const why = typeof cause?.code === 'string' ? ` (${cause.code})` : '';
  return new AppError(
    'io',
    `${hostOf(url)} can't be reached, or the line broke off${why}.`,
    'Check the internet of this computer, then resume: what is here already is kept.',
    { cause: thrown },
  );
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'The server';
}
