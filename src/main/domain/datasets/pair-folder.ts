// A folder of pairs, as Hugging Face's `imagefolder` lays it out: pictures, and a metadata file that names one with each caption. The names come
// from the file and may be anything: none is followed out of the folder.
import { constants } from 'node:fs';
import { open, readdir, realpath, stat } from 'node:fs/promises';
import { basename, join, resolve, sep } from 'node:path';
import type { PictureFindings, PictureProblem } from '../../../shared/dataset.js';
import { AppError } from '../../../shared/errors.js';
import { type InputPicture, MAX_PICTURE_BYTES } from '../../../shared/service.js';
import { inspectPicture } from '../../adapters/images/picture-files.js';
import type { Caption } from './captions/caption-layout.js';

/** In this order: where both are there, the first is read. */
export const METADATA_NAMES = ['metadata.jsonl', 'metadata.csv'] as const;
const MAX_EXAMPLES = 10;

export interface PairFolder {
  /** The folder's own name. */
  name: string;
  metadataPath: string;
  pictures: FolderPictures;
}

/** Takes a sound picture in, with its bytes. */
export type KeepPicture = (picture: InputPicture, bytes: Buffer) => Promise<void>;

/** Throws `not-found` or `dataset-invalid` for what is no folder of pairs. */
export async function openPairFolder(path: string, keep: KeepPicture = () => Promise.resolve()): Promise<PairFolder> {
  const folder = await realpath(path).catch((thrown: unknown) => {
    throw new AppError(
      'not-found',
      `There is no folder ${path}`,
      'Check the path; a relative one counts from where the program was started.',
      {
        cause: thrown,
      },
    );
  });
  if (!(await stat(folder)).isDirectory()) throw new AppError('invalid-input', `${path} is not a folder`, 'Import it as a file.');
  const names = await readdir(folder);
  const metadata = METADATA_NAMES.find((name) => names.includes(name));
  if (metadata === undefined) {
    throw new AppError(
      'dataset-invalid',
      `The folder ${path} has neither ${METADATA_NAMES.join(' nor ')}`,
      'Put one beside the pictures, with the columns file_name and prompt (or caption), or name the folder that has it.',
    );
  }
  return { name: basename(folder), metadataPath: join(folder, metadata), pictures: new FolderPictures(folder, keep) };
}

/** The pictures of a folder by the names that captions give them; each is looked at once. */
export class FolderPictures {
  readonly findings: PictureFindings = { found: 0, bytes: 0, problems: {}, examples: [] };
  readonly #seen = new Map<string, InputPicture | null>();
  readonly #hashes = new Set<string>();

  constructor(
    private readonly folder: string,
    private readonly keep: KeepPicture,
  ) {}

  /** The captions that have a sound picture, with it. */
  async pair(captions: readonly Caption[]): Promise<Caption[]> {
    const pairs: Caption[] = [];
    for (const caption of captions) {
      const picture = await this.#pictureOf(caption.imageName);
      if (picture) pairs.push({ ...caption, picture });
    }
    return pairs;
  }

  async #pictureOf(name: string | null): Promise<InputPicture | null> {
    const key = name ?? '';
    const known = this.#seen.get(key);
    if (known !== undefined) return known;
    const looked = name === null ? { problem: 'missing' as const } : await this.#look(name);
    const picture = 'problem' in looked ? null : looked;
    this.#seen.set(key, picture);
    if ('problem' in looked) this.#note(key, looked.problem);
    return picture;
  }

  async #look(name: string): Promise<InputPicture | { problem: PictureProblem }> {
    const bytes = await this.#read(name);
    if ('problem' in bytes) return bytes;
    const picture = inspectPicture(bytes);
    if ('problem' in picture || this.#hashes.has(picture.sha256)) return picture;
    await this.keep(picture, bytes);
    this.#hashes.add(picture.sha256);
    this.findings.found += 1;
    this.findings.bytes += picture.sizeBytes;
    return picture;
  }

  async #read(name: string): Promise<Buffer | { problem: PictureProblem }> {
    if (name.includes('\0')) return { problem: 'outside' };
    const path = await realpath(resolve(this.folder, name)).catch(() => null);
    if (path === null) return { problem: resolve(this.folder, name).startsWith(this.folder + sep) ? 'missing' : 'outside' };
    if (!path.startsWith(this.folder + sep)) return { problem: 'outside' };
    try {
      // Not to wait for a writer, should it be a pipe; Windows has no such flag.
      await using file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
      const stats = await file.stat();
      if (!stats.isFile()) return { problem: 'not-a-picture' };
      if (stats.size > MAX_PICTURE_BYTES) return { problem: 'too-large' };
      return await file.readFile();
    } catch {
      return { problem: 'missing' };
    }
  }

  #note(name: string, problem: PictureProblem): void {
    const { problems, examples } = this.findings;
    problems[problem] = (problems[problem] ?? 0) + 1;
    if (examples.length < MAX_EXAMPLES) examples.push({ name, problem });
  }
}
