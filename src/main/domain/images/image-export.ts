// Writes chosen images with what is known of them: one file an image, facts inside, and a manifest as CSV and JSON. Whole under its name or not
// at all, and never over anything that is there already.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { Readable } from 'node:stream';
import { PARTIAL_SUFFIX, writeDurably } from '../../../durable-file/write-durably.js';
import type { ExportImagesInput, GallerySelection } from '../../../shared/api/gallery-inputs.js';
import { AppError } from '../../../shared/errors.js';
import type { GalleryImage } from '../../../shared/gallery.js';
import type { WrittenImages } from '../../../shared/written-images-schema.js';
import { ImageNames, NAME_FIELDS, unknownNameFields } from '../../../shared/name-image.js';
import { type NewEntry, writeZip } from '../../adapters/archives/write-zip.js';
import { examineImage } from '../../adapters/images/examine-image.js';
import { imageFilePath } from '../../adapters/images/image-paths.js';
import { withJpegText, withPngText } from '../../adapters/images/image-text.js';
import { ScratchFolder } from '../../foundation/scratch-folder.js';
import { describeRoom, freeBytesAt, StorageFailure } from '../../foundation/storage-failure.js';
import { describeEntry, manifestCsv, type ManifestEntry, textsOf } from './image-facts.js';

export interface ImageExportOptions {
  dataDir: string;
  gallery: {
    select(selection: GallerySelection): number[];
    images(numbers: readonly number[]): GalleryImage[];
    image(taskId: string): GalleryImage;
  };
  programVersion: string;
  nowMs(): number;
}

interface ExportWork {
  signal: AbortSignal;
  onProgress(progress: { phase: string; done: number; total: number | null }): void;
}

interface Chosen {
  image: GalleryImage;
  entry: ManifestEntry;
}

/** Images looked at between two rows of progress. */
const AT_ONCE = 100;
const FILE_NAME = /^[a-z0-9][a-z0-9.-]{0,99}\.zip$/;

export class ImageExport {
  readonly #options: ImageExportOptions;
  /** ZIP files that wait to be downloaded, until the next start. */
  readonly #outgoing: ScratchFolder;

  constructor(options: ImageExportOptions) {
    this.#options = options;
    this.#outgoing = new ScratchFolder(join(options.dataDir, 'image-exports'));
  }

  /** Throws `invalid-input` for what can't be exported so, before anything is written. */
  check({ path, form, namePattern }: ExportImagesInput): void {
    const [unknown] = unknownNameFields(namePattern);
    if (unknown !== undefined) {
      const known = NAME_FIELDS.map((field) => `{${field}}`).join(', ');
      throw new AppError('invalid-input', `A file name has no field “{${unknown}}”`, `The fields are ${known}.`);
    }
    if (path !== undefined && !isAbsolute(path))
      throw new AppError('invalid-input', `${path} is no absolute path`, 'Name it from the root of the disk on.');
    if (form === 'folder' && path === undefined)
      throw new AppError('invalid-input', 'No folder is named', 'Name one that is not there yet, or export a ZIP file.');
  }

  /** Rejects with `conflict` for a target that is there already, `no-space`, `not-found`, or the signal's reason; nothing is left then. */
  async write(input: ExportImagesInput, work: ExportWork): Promise<WrittenImages> {
    this.check(input);
    const target = input.path ?? (await this.#outgoingPath());
    await requireFree(target, input.form);
    const chosen = await this.#choose(input, work);
    requireRoom(dirname(target), chosen);
    if (input.form === 'folder') await this.#writeFolder(target, chosen, work);
    else await this.#writeZip(target, chosen, work);
    const missing = chosen.filter(({ entry }) => entry.file === null).length;
    const sizeBytes = input.form === 'zip' ? (await stat(target)).size : chosen.reduce((sum, { image }) => sum + image.sizeBytes, 0);
    return { path: target, fileName: basename(target), sizeBytes, count: chosen.length, missing };
  }

  /** The image of a task with its facts inside. Throws `not-found`, `image-damaged`. */
  async one(taskId: string): Promise<{ fileName: string; mediaType: string; body: Uint8Array }> {
    const image = this.#options.gallery.image(taskId);
    const found = await examineImage(this.#options.dataDir, image);
    if (found) throw damaged(image, `is ${found.state}. ${found.detail}`);
    return { fileName: new ImageNames('{run}-{task}').next(image), mediaType: image.mediaType, body: await this.#bytesOf(image) };
  }

  /** A ZIP file that was written to be downloaded. Throws `not-found`. */
  async download(fileName: string): Promise<{ fileName: string; sizeBytes: number; body: ReadableStream<Uint8Array> }> {
    const path = join(this.#outgoing.path, fileName);
    const found = FILE_NAME.test(fileName) ? await stat(path).catch(() => null) : null;
    if (!found?.isFile()) throw new AppError('not-found', `There is no export ${fileName.slice(0, 100)}`, 'Export the images again.');
    return { fileName, sizeBytes: found.size, body: Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array> };
  }

  async #choose({ selection, namePattern }: ExportImagesInput, { signal, onProgress }: ExportWork): Promise<Chosen[]> {
    const { gallery, dataDir } = this.#options;
    const numbers = gallery.select(selection);
    const names = new ImageNames(namePattern);
    const chosen: Chosen[] = [];
    for (let start = 0; start < numbers.length; start += AT_ONCE) {
      onProgress({ phase: 'Checking images', done: start, total: numbers.length });
      for (const image of gallery.images(numbers.slice(start, start + AT_ONCE))) {
        signal.throwIfAborted();
        const found = await examineImage(dataDir, image);
        const file = found ? null : names.next(image);
        const problem = found && `The stored file is ${found.state}. ${found.detail}`;
        chosen.push({ image, entry: describeEntry(image, { file, problem }) });
      }
    }
    return chosen;
  }

  async #writeFolder(target: string, chosen: readonly Chosen[], { signal, onProgress }: ExportWork): Promise<void> {
    const part = `${target}${PARTIAL_SUFFIX}`;
    await mkdir(dirname(target), { recursive: true });
    await mkdir(part).catch((thrown: unknown) => {
      if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
      throw new AppError('conflict', `${part} is there already`, 'An export that broke off may have left it: remove it.');
    });
    try {
      for (const [index, { image, entry }] of chosen.entries()) {
        signal.throwIfAborted();
        if (index % AT_ONCE === 0) onProgress({ phase: 'Writing images', done: index, total: chosen.length });
        if (entry.file !== null) await writeDurably(join(part, entry.file), await this.#bytesOf(image), { mode: 0o644 });
      }
      for (const { name, text } of this.#manifests(chosen)) await writeDurably(join(part, name), text, { mode: 0o644 });
      // An empty folder of the name is in the way of a rename on some systems.
      await rmdir(target).catch(() => undefined);
      await rename(part, target);
    } catch (thrown) {
      await rm(part, { recursive: true, force: true });
      throw thrown;
    }
  }

  async #writeZip(target: string, chosen: readonly Chosen[], { signal, onProgress }: ExportWork): Promise<void> {
    const entries: NewEntry[] = [
      ...chosen.flatMap(({ image, entry }): NewEntry[] =>
        entry.file === null ? [] : [{ name: entry.file, read: () => this.#bytesOf(image) }],
      ),
      ...this.#manifests(chosen).map(({ name, text }): NewEntry => ({ name, make: () => Buffer.from(text, 'utf8') })),
    ];
    await writeZip(target, entries, {
      mtime: new Date(this.#options.nowMs()),
      signal,
      onEntry: (position) =>
        position % AT_ONCE === 0 && onProgress({ phase: 'Writing the ZIP file', done: position, total: entries.length }),
    });
  }

  #manifests(chosen: readonly Chosen[]): { name: string; text: string }[] {
    const entries = chosen.map(({ entry }) => entry);
    const { programVersion, nowMs } = this.#options;
    const head = { program: `DEdgeAI Control Center ${programVersion}`, exportedAt: new Date(nowMs()).toISOString() };
    return [
      { name: 'manifest.csv', text: manifestCsv(entries) },
      { name: 'manifest.json', text: `${JSON.stringify({ ...head, images: entries }, null, 2)}\n` },
    ];
  }

  /** A copy with its facts inside. Throws `image-damaged` where the file is no longer what was stored. */
  async #bytesOf(image: GalleryImage): Promise<Buffer> {
    const bytes = await readFile(imageFilePath(this.#options.dataDir, image.sha256, image.mediaType));
    if (createHash('sha256').update(bytes).digest('hex') !== image.sha256) throw damaged(image, 'has changed while it was exported');
    const texts = textsOf(image, this.#options.programVersion);
    return image.mediaType === 'image/png' ? withPngText(bytes, texts) : withJpegText(bytes, texts);
  }

  async #outgoingPath(): Promise<string> {
    await this.#outgoing.prepare();
    await mkdir(this.#outgoing.path, { recursive: true, mode: 0o700 });
    const stamp = new Date(this.#options.nowMs()).toISOString().slice(0, 23).replace(/[T:.]/g, '-');
    return join(this.#outgoing.path, `images-${stamp}.zip`);
  }
}

function damaged({ sha256 }: GalleryImage, what: string): AppError {
  return new AppError('image-damaged', `The image ${sha256} ${what}`, 'Check the data folder; lost images can be made again.');
}

async function requireFree(target: string, form: ExportImagesInput['form']): Promise<void> {
  const found = await stat(target).catch(() => null);
  if (!found) return;
  const isEmptyFolder = form === 'folder' && found.isDirectory() && (await readdir(target)).length === 0;
  if (isEmptyFolder) return;
  const hint = form === 'folder' ? 'Name a folder that is not there yet, or an empty one.' : 'Name a file that is not there yet.';
  throw new AppError('conflict', `${target} is there already; nothing in it is written over`, hint);
}

function requireRoom(folder: string, chosen: readonly Chosen[]): void {
  const neededBytes = chosen.reduce((sum, { image, entry }) => sum + (entry.file === null ? 0 : image.sizeBytes), 0);
  const freeBytes = freeBytesAt(folder);
  if (freeBytes === null || neededBytes <= freeBytes) return;
  const details = { path: folder, neededBytes, freeBytes };
  throw new StorageFailure(
    'no-space',
    `The images do not fit in ${folder}${describeRoom(details)}`,
    'Select fewer, or free some space.',
    details,
  );
}
