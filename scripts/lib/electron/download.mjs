// A file fetched over HTTP that continues where it was cut off: within one start by itself, and at the next one from its part file.
import { open } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { anotherFile, aPageInstead, endedEarly, explainError, refusedByStatus, stalled } from './fetch-failure.mjs';
import { openResponse } from './open-response.mjs';
import { notePart, partPathOf, readPart, removePart } from './part-file.mjs';

/**
 * Brings all of `url` into the part file of `path`. `limits` is { answerWithinMs, stallMs, tries, retryAfterMs }: tries count only while
 * nothing more comes. `onBytes(bytes, totalBytes | null)` hears how far it is, `onRetry(failure)` why it starts again.
 * Returns whether the bytes are of more than one answer. Throws FetchFailures; the reason of `signal` when it is aborted. What has come
 * stays in every case.
 */
export async function download({ url, path, limits, signal, onBytes, onRetry }) {
  let maxBytes = readPart(path, url.href).bytes;
  for (let failures = 0; ;) {
    try {
      const { from } = await fetchRest({ url, path, limits, signal, onBytes });
      return from > 0;
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      const failure = explainError(error, { host: url.host, path: partPathOf(path) });
      const { bytes } = readPart(path, url.href);
      failures = bytes > maxBytes ? 0 : failures + 1;
      maxBytes = Math.max(maxBytes, bytes);
      if (!failure.mayPass || failures >= limits.tries) throw failure;
      onRetry(failure);
      await delay(limits.retryAfterMs * 2 ** failures, undefined, { signal });
    }
  }
}

async function fetchRest({ url, path, limits, signal, onBytes }) {
  const part = readPart(path, url.href);
  if (part.bytes > 0 && part.bytes === part.totalBytes) return { from: part.bytes };
  const response = await openResponse(url, { headers: askFrom(part), answerWithinMs: limits.answerWithinMs, signal });
  try {
    const { from, totalBytes } = checkRange(response, part, url, path);
    const validator = from > 0 ? part.validator : validatorOf(response);
    // The old bytes go before the new note: after a crash between the two they would pass for the new file's.
    if (from === 0) removePart(path);
    notePart(path, { url: url.href, totalBytes, validator });
    const file = await open(partPathOf(path), from > 0 ? 'r+' : 'w');
    let bytes = from;
    try {
      for await (const chunk of untilStalled(response, url.host, limits.stallMs, signal)) {
        bytes += await writeAll(file, chunk, bytes);
        onBytes(bytes, totalBytes);
      }
    } finally {
      await file.close();
    }
    if (totalBytes === null) notePart(path, { url: url.href, totalBytes: bytes, validator });
    else if (bytes < totalBytes) throw endedEarly(url.host, bytes, totalBytes);
    return { from };
  } finally {
    response.destroy();
  }
}

/** A write may take less than it is given; returns the length of `chunk`. */
async function writeAll(file, chunk, position) {
  for (let done = 0; done < chunk.length;) {
    const { bytesWritten } = await file.write(chunk, done, chunk.length - done, position + done);
    done += bytesWritten;
  }
  return chunk.length;
}

function askFrom(part) {
  const fields = { 'accept-encoding': 'identity', 'user-agent': 'dedgeai-control-center' };
  if (part.bytes === 0) return fields;
  return { ...fields, range: `bytes=${part.bytes}-`, ...(part.validator && { 'if-range': part.validator }) };
}

/** Where in the file the answer belongs: behind what is there, or at the start where the server sends all of it. */
function checkRange(response, part, url, path) {
  const { statusCode, headers } = response;
  if (headers['content-type']?.startsWith('text/html') && statusCode < 300) throw aPageInstead(url.host);
  if (statusCode === 200) return { from: 0, totalBytes: headers['content-length'] ? Number(headers['content-length']) : null };
  if (statusCode === 206) {
    const [, start, size] = /^bytes (\d+)-\d+\/(\d+)$/.exec(headers['content-range'] ?? '') ?? [];
    const isSameFile = part.totalBytes === null || Number(size) === part.totalBytes;
    if (Number(start) === part.bytes && isSameFile) return { from: part.bytes, totalBytes: Number(size) };
  }
  if (statusCode === 206 || statusCode === 416) {
    removePart(path);
    throw anotherFile(url.host);
  }
  throw refusedByStatus(statusCode, url, false);
}

/** What tells one version of the file from another; a weak one is no promise about bytes. */
function validatorOf({ headers }) {
  const etag = headers.etag;
  return etag && !etag.startsWith('W/') ? etag : (headers['last-modified'] ?? null);
}

/** The chunks of the response; a FetchFailure when none comes for `stallMs`. */
async function* untilStalled(response, host, stallMs, signal) {
  const stop = () => response.destroy(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  const timer = setTimeout(() => response.destroy(stalled(host, stallMs)), stallMs);
  try {
    for await (const chunk of response) {
      timer.refresh();
      yield chunk;
    }
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}
