// Asks a package index (PEP 691, JSON) for the wheel of one version that fits a device. What an index says is a stranger's text.
import { z } from 'zod';
import { AppError } from '../../../../shared/errors.js';
import { isFittingWheel, type WheelTarget } from '../provisioning/python/cached-wheels.js';

const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

const answerSchema = z.object({
  files: z.array(z.object({ filename: z.string(), url: z.string(), hashes: z.record(z.string(), z.string()) })),
});

export interface IndexedWheel {
  name: string;
  url: string;
  sha256: string;
}

export interface FindOptions {
  /** Ends with a slash. */
  index: string;
  name: string;
  version: string;
  /** Of the wheel that is meant; null takes the one that fits. */
  sha256: string | null;
  target: WheelTarget;
  signal: AbortSignal;
}

/** Throws `not-found` where the index has no such wheel, `io` where it does not answer or makes no sense. */
export async function findWheel(options: FindOptions): Promise<IndexedWheel> {
  const { index, name, version, sha256, target } = options;
  const page = new URL(`${encodeURIComponent(name)}/`, index);
  const fitting = (await ask(page, options)).filter((file) => isVersion(file.filename, version) && isFittingWheel(file.filename, target));
  // The device's own builds are called plain linux, and come before those for every Linux.
  const ordered = fitting.sort((one, other) => rank(one.filename) - rank(other.filename));
  const found = ordered.find(({ hashes }) => (sha256 === null ? isSha256(hashes['sha256']) : hashes['sha256'] === sha256));
  if (found) return { name: found.filename, url: new URL(found.url, page).href, sha256: found.hashes['sha256'] ?? '' };
  throw new AppError(
    'not-found',
    `${page.host} has no wheel of ${name} ${version} for Python ${target.version} on ${target.machine}${sha256 === null ? '' : ' with the SHA-256 of the table'}.`,
    'Use a newer version of this program, or put a wheel into the folder of wheels yourself.',
  );
}

async function ask(page: URL, { signal }: FindOptions): Promise<z.infer<typeof answerSchema>['files']> {
  const problem = (why: string, cause?: unknown): AppError =>
    new AppError('io', `${page.host} ${why}.`, 'Check the internet of this computer and try again: what is here already is kept.', {
      cause,
    });
  let response: Response;
  try {
    response = await fetch(page, { signal, headers: { accept: 'application/vnd.pypi.simple.v1+json' } });
  } catch (thrown) {
    signal.throwIfAborted();
    throw problem("can't be reached", thrown);
  }
  if (response.status === 404) return [];
  if (!response.ok) throw problem(`answered ${page.pathname} with status ${response.status}`);
  const text = await response.text();
  if (text.length > MAX_ANSWER_BYTES) throw problem('sent an answer that is too long');
  try {
    return answerSchema.parse(JSON.parse(text)).files;
  } catch (thrown) {
    throw problem('sent an answer that makes no sense', thrown);
  }
}

function isVersion(fileName: string, version: string): boolean {
  return fileName.split('-')[1] === version;
}

function rank(fileName: string): number {
  return /-linux_\w+\.whl$/.test(fileName) ? 0 : 1;
}

function isSha256(text: string | undefined): boolean {
  return text !== undefined && /^[0-9a-f]{64}$/.test(text);
}
