// Where published weights come from and with whose token, and what of them is here already.
import { statfs, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../../../shared/errors.js';
import { PUBLISHED_WEIGHTS, type PublishedFile, SD3_LICENSE, type WeightsOffer, type WeightsToken } from '../../../shared/weights.js';

export interface PublishedWeights {
  file: PublishedFile;
  sizeBytes: number;
  sha256: string;
}

export interface WeightsSource {
  /** Without a slash at its end; `PAGE/resolve/main/FILE` is the file. */
  page: string;
  /** Where the files are fetched from instead, in the same form; null: the page. Throws `invalid-input` for an address that can't be one. */
  mirror(): string | null;
  /** Of the account that has accepted the terms there; null where none is known. Asked for when a fetch starts. Throws `vault-locked`. */
  token(): Promise<string | null>;
  /** Which token that would be; never the token. */
  describeToken(): Promise<WeightsToken>;
  /** Where a fetch goes unless someone says otherwise: absolute. */
  folder: string;
  /** The files of the page. */
  files?: readonly PublishedWeights[];
}

/** Throws `not-found`. */
export function publishedWeights({ files = PUBLISHED_WEIGHTS }: Pick<WeightsSource, 'files'>, file: PublishedFile): PublishedWeights {
  const published = files.find((each) => each.file === file);
  if (published) return published;
  throw new AppError('not-found', `There are no published weights ${file}.`, 'Name one of the files on record.');
}

/** What can be fetched into a folder, which need not be there yet. */
export async function describeOffer(source: WeightsSource, folder = source.folder): Promise<WeightsOffer> {
  const { files = PUBLISHED_WEIGHTS } = source;
  const mirror = source.mirror();
  const looked = files.map(async ({ file, sizeBytes, sha256 }) => ({
    ...{ file, sizeBytes, sha256 },
    hereBytes: (await sizeOf(join(folder, file))) ?? (await sizeOf(join(folder, `${file}.part`))) ?? 0,
  }));
  const [token, freeBytes] = await Promise.all([source.describeToken(), freeBytesAt(folder)]);
  return { page: source.page, mirror, license: SD3_LICENSE, files: await Promise.all(looked), token, folder, freeBytes };
}

/** Null where there is no file. */
export async function sizeOf(path: string): Promise<number | null> {
  return stat(path).then(
    (found) => (found.isFile() ? found.size : null),
    () => null,
  );
}

/** On the disk of a folder, or of the nearest above it that is there. */
export async function freeBytesAt(folder: string): Promise<number> {
  for (let dir = folder; ; dir = dirname(dir)) {
    const found = await statfs(dir).catch(() => null);
    if (found) return found.bavail * found.bsize;
    if (dirname(dir) === dir) throw new AppError('io', `The disk of ${folder} could not be looked at.`, 'Name another folder.');
  }
}
