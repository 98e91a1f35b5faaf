// The bin: what is in it is in no list and nothing of it is lost. Emptying it removes each thing as its own kind does, and frees the disk.
import {
  BIN_KIND_TITLES,
  type BinEntry,
  type BinItem,
  type BinKind,
  type BinStatus,
  type EmptiedBin,
  isHistoryItem,
} from '../../../shared/bin.js';
import { AppError, toErrorShape } from '../../../shared/errors.js';
import type { BinRepository } from '../../adapters/storage/bin-repository.js';
import type { HistoryMarksRepository } from '../../adapters/storage/history-marks-repository.js';

/** How things of a kind go. */
export interface Remover {
  /** Throws `conflict` while it is in use. */
  requireRemovable(id: string): void;
  /** For good, with its files. */
  remove(id: string): Promise<void> | void;
  /** Once it is in the bin: ends what goes on at it. */
  putAway?(id: string): Promise<void>;
  /** Once it is out of it again. */
  bringBack?(id: string): Promise<void>;
}

export interface HistoryBinOptions {
  marks: HistoryMarksRepository;
  bin: BinRepository;
  removers: Readonly<Record<BinKind, Remover>>;
  /** What measures the files of a thing on disk in bytes, also once it is gone; kinds without files are absent. */
  filesOf: Partial<Record<BinKind, (id: string) => () => Promise<number>>>;
  /** Of the image files that a run has and their thumbnails, bytes on disk. */
  imageFileBytes(sha256s: readonly string[]): Promise<number>;
  /** Of input pictures, bytes on disk. */
  pictureFileBytes(sha256s: readonly string[]): Promise<number>;
  /** Lists are other ones now. */
  announce(): void;
  recordEvent(event: { kind: string; subjectId: string | null; message: string }): void;
  /** Wall clock, epoch ms. */
  nowMs(): number;
}

/** In which order kinds go: what has files in common with others comes after them. */
const LAST: readonly BinKind[] = ['model', 'dataset', 'testbed'];

export class HistoryBinService {
  readonly #options: HistoryBinOptions;
  #emptying: Promise<EmptiedBin> | null = null;

  constructor(options: HistoryBinOptions) {
    this.#options = options;
  }

  /** All of them or none: throws `not-found`, and `conflict` for the first that is still in use. */
  async move(items: readonly BinItem[]): Promise<void> {
    const { marks, removers, nowMs } = this.#options;
    const names = items.map((item) => {
      const name = this.#nameOf(item);
      removers[item.kind].requireRemovable(item.id);
      return name;
    });
    marks.setBinned(items, nowMs());
    items.forEach((item, index) => this.#record(item, 'binned', `${describe(item, names[index] ?? '')} was moved to the bin.`));
    this.#options.announce();
    for (const { kind, id } of items) await removers[kind].putAway?.(id);
  }

  /** With all that is on them. Throws `not-found`. */
  async restore(items: readonly BinItem[]): Promise<void> {
    const { marks, removers } = this.#options;
    const names = items.map((item) => this.#nameOf(item));
    const binned = items.filter((item) => marks.isInBin(item));
    marks.setBinned(items, null);
    items.forEach((item, index) => this.#record(item, 'restored', `${describe(item, names[index] ?? '')} was restored from the bin.`));
    this.#options.announce();
    for (const { kind, id } of binned) await removers[kind].bringBack?.(id);
  }

  async status(): Promise<BinStatus> {
    const { marks, bin, filesOf } = this.#options;
    const items = marks.listBin();
    let sizeBytes = marks.imageBytesInBin() + bin.pictureBytes();
    for (const { kind, id } of items) sizeBytes += (await filesOf[kind]?.(id)()) ?? 0;
    return { count: items.length, sizeBytes };
  }

  /** What went in last comes first. */
  async list(): Promise<BinEntry[]> {
    const { bin, filesOf } = this.#options;
    const bytesOf = bin.fileBytes();
    const entries: BinEntry[] = [];
    for (const entry of bin.list()) {
      entries.push({ ...entry, sizeBytes: (bytesOf.get(entry.id) ?? 0) + ((await filesOf[entry.kind]?.(entry.id)()) ?? 0) });
    }
    return entries;
  }

  /** Removes all for good. What can't be removed stays in the bin and is told; bytes are those of files that are gone afterwards. */
  empty(): Promise<EmptiedBin> {
    this.#emptying ??= this.#removeAll().finally(() => (this.#emptying = null));
    return this.#emptying;
  }

  async #removeAll(): Promise<EmptiedBin> {
    const { marks, removers } = this.#options;
    const emptied: EmptiedBin = { removed: 0, freedBytes: 0, problems: [] };
    const items = marks.listBin().sort((left, right) => LAST.indexOf(left.kind) - LAST.indexOf(right.kind));
    for (const item of items) {
      // A testbed takes its provisionings with it, and what was restored meanwhile stays.
      if (!marks.isInBin(item)) continue;
      const name = this.#nameOf(item);
      try {
        const sizeOf = this.#measure(item);
        const beforeBytes = await sizeOf();
        await removers[item.kind].remove(item.id);
        emptied.freedBytes += beforeBytes - (await sizeOf());
        emptied.removed += 1;
      } catch (thrown) {
        // A fault of the program is none of the record.
        if (!(thrown instanceof AppError)) throw thrown;
        emptied.problems.push({ ...item, name, message: toErrorShape(thrown).message });
      }
    }
    this.#options.announce();
    return emptied;
  }

  /** Measures the files of a thing, again after it is gone. */
  #measure({ kind, id }: BinItem): () => Promise<number> {
    const { marks, bin, filesOf, imageFileBytes, pictureFileBytes } = this.#options;
    if (kind === 'run') {
      const sha256s = marks.imagesOfRun(id);
      return () => imageFileBytes(sha256s);
    }
    if (kind === 'dataset') {
      const sha256s = bin.picturesOf(id);
      return () => pictureFileBytes(sha256s);
    }
    return filesOf[kind]?.(id) ?? (() => Promise.resolve(0));
  }

  #nameOf(item: BinItem): string {
    const name = this.#options.bin.nameOf(item);
    if (name !== null) return name;
    const list = isHistoryItem(item) ? 'history' : `${item.kind}s`;
    throw new AppError('not-found', `There is no ${item.kind} “${item.id}”`, `List the ${list} to see what there is.`);
  }

  #record({ kind, id }: BinItem, what: 'binned' | 'restored', message: string): void {
    this.#options.recordEvent({ kind: `${kind}-${what}`, subjectId: id, message });
  }
}

function describe({ kind }: BinItem, name: string): string {
  return `${BIN_KIND_TITLES[kind]} “${name}”`;
}
