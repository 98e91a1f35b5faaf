// The bin: what is in it is in no list and nothing of it is lost. Emptying it removes each record as its own kind does, and frees the disk.
import { AppError, toErrorShape } from '../../../shared/errors.js';
import { type EmptiedBin, HISTORY_KIND_TITLES, type HistoryBin, type HistoryItem, type HistoryKind } from '../../../shared/history.js';
import type { HistoryMarksRepository } from '../../adapters/storage/history-marks-repository.js';

/** How records of a kind go. */
export interface Remover {
  /** Throws `conflict` while it can't be removed. */
  requireRemovable(id: string): void;
  /** For good, with its files. */
  remove(id: string): Promise<void> | void;
}

export interface HistoryBinOptions {
  marks: HistoryMarksRepository;
  /** Throws `not-found`. */
  nameOf(item: HistoryItem): string;
  removers: Readonly<Record<HistoryKind, Remover>>;
  /** Of these kinds' files on disk, bytes; kinds without files are absent. */
  filesOf: Partial<Record<HistoryKind, (id: string) => Promise<number>>>;
  /** Of the image files that a run has and their thumbnails, bytes on disk. */
  imageFileBytes(sha256s: readonly string[]): Promise<number>;
  /** Lists are other ones now. */
  announce(): void;
  recordEvent(event: { kind: string; subjectId: string | null; message: string }): void;
  /** Wall clock, epoch ms. */
  nowMs(): number;
}

export class HistoryBinService {
  readonly #options: HistoryBinOptions;
  #emptying: Promise<EmptiedBin> | null = null;

  constructor(options: HistoryBinOptions) {
    this.#options = options;
  }

  /** All of them or none: throws `not-found`, and `conflict` for the first that is still under way. */
  move(items: readonly HistoryItem[]): void {
    const { marks, nameOf, removers, nowMs } = this.#options;
    const names = items.map((item) => {
      const name = nameOf(item);
      removers[item.kind].requireRemovable(item.id);
      return name;
    });
    marks.setBinned(items, nowMs());
    items.forEach((item, index) => this.#record(item, 'binned', `${describe(item, names[index] ?? '')} was moved to the bin.`));
    this.#options.announce();
  }

  /** With all that is on them. Throws `not-found`. */
  restore(items: readonly HistoryItem[]): void {
    const { marks, nameOf } = this.#options;
    const names = items.map((item) => nameOf(item));
    marks.setBinned(items, null);
    items.forEach((item, index) => this.#record(item, 'restored', `${describe(item, names[index] ?? '')} was restored from the bin.`));
    this.#options.announce();
  }

  async status(): Promise<HistoryBin> {
    const { marks, filesOf } = this.#options;
    const items = marks.listBin();
    let sizeBytes = marks.imageBytesInBin();
    for (const { kind, id } of items) sizeBytes += (await filesOf[kind]?.(id)) ?? 0;
    return { count: items.length, sizeBytes };
  }

  /** Removes all for good. What can't be removed stays in the bin and is told; bytes are those of files that are gone afterwards. */
  empty(): Promise<EmptiedBin> {
    this.#emptying ??= this.#removeAll().finally(() => (this.#emptying = null));
    return this.#emptying;
  }

  async #removeAll(): Promise<EmptiedBin> {
    const { marks, nameOf, removers } = this.#options;
    const emptied: EmptiedBin = { removed: 0, freedBytes: 0, problems: [] };
    for (const item of marks.listBin()) {
      const name = nameOf(item);
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

  /** Measures the files of a record, again after it is gone. */
  #measure({ kind, id }: HistoryItem): () => Promise<number> {
    const { marks, filesOf, imageFileBytes } = this.#options;
    if (kind !== 'run') return async () => (await filesOf[kind]?.(id)) ?? 0;
    const sha256s = marks.imagesOfRun(id);
    return () => imageFileBytes(sha256s);
  }

  #record({ kind, id }: HistoryItem, what: 'binned' | 'restored', message: string): void {
    this.#options.recordEvent({ kind: `${kind}-${what}`, subjectId: id, message });
  }
}

function describe({ kind }: HistoryItem, name: string): string {
  return `${HISTORY_KIND_TITLES[kind]} “${name}”`;
}
