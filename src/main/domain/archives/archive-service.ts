// Archives as the window and the terminal command them. The long work is a job of the data folder; here stands what it does.
import { createReadStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { basename, isAbsolute, join } from 'node:path';
import { Readable } from 'node:stream';
import type { ArchiveDescription, ArchiveOutcome, WrittenArchive } from '../../../shared/archive.js';
import type { ArchiveSource, ExportArchiveInput } from '../../../shared/api/record-inputs.js';
import { AppError } from '../../../shared/errors.js';
import { ScratchFolder } from '../../foundation/scratch-folder.js';
import { type ArchiveWork, exportArchive, type ExportSources } from './export-archive.js';
import { importArchive, type ImportTargets } from './import-archive.js';
import { describeArchive, openArchive } from './read-archive.js';
import { sweepImport, type SweepTargets } from './sweep-import.js';

export interface ArchiveServiceOptions {
  exports: ExportSources;
  imports: ImportTargets;
  sweep: Omit<SweepTargets, 'stagingDir'>;
  findUpload(uploadId: string): { path: string; fileName: string };
  /** Whether a run is under way, whose figures would suffer. */
  isBusy(): boolean;
  recordEvent(event: { kind: string; subjectId: string | null; message: string }): void;
}

/** A file to be downloaded. */
interface ArchiveFile {
  fileName: string;
  sizeBytes: number;
  body: ReadableStream<Uint8Array>;
}

const FILE_NAME = /^[a-z0-9][a-z0-9.-]{0,99}\.zip$/;

export class ArchiveService {
  readonly #options: ArchiveServiceOptions;
  /** Archives that wait to be downloaded, until the next start. */
  readonly #outgoing: ScratchFolder;
  readonly #stagingDir: string;
  #swept: Promise<void> = Promise.resolve();

  constructor(options: ArchiveServiceOptions) {
    this.#options = options;
    const folder = join(options.exports.dataDir, 'archives');
    this.#outgoing = new ScratchFolder(join(folder, 'outgoing'));
    this.#stagingDir = join(folder, 'incoming');
  }

  /** Removes what an import left that ended with its program. */
  sweep(): void {
    this.#swept = sweepImport({ ...this.#options.sweep, stagingDir: this.#stagingDir }).catch(() => undefined);
  }

  /** What an archive says of itself; nothing of it is taken. Throws `invalid-input`, `unsupported`, `not-found`. */
  async show(source: ArchiveSource): Promise<ArchiveDescription> {
    const { path, label } = this.find(source);
    const archive = await openArchive(path, label);
    archive.zip.close();
    return describeArchive(archive);
  }

  /** Where the file of a source is, and how it is named to people. Throws `not-found`, `invalid-input`. */
  find(source: ArchiveSource): { path: string; label: string } {
    if ('uploadId' in source) {
      const { path, fileName } = this.#options.findUpload(source.uploadId);
      return { path, label: fileName };
    }
    requireAbsolute(source.path);
    return { path: source.path, label: basename(source.path) };
  }

  async export(
    { records, path, fromMachine = null }: Omit<ExportArchiveInput, 'fromMachine'> & { fromMachine?: string | null | undefined },
    work: ArchiveWork,
  ): Promise<WrittenArchive> {
    const target = path ?? (await this.#outgoingPath());
    requireAbsolute(target);
    if (await stat(target).catch(() => null)) {
      throw new AppError('conflict', `${target} is there already`, 'Name a file that is not there yet.');
    }
    const written = await exportArchive({ records, path: target, fromMachine: fromMachine ?? null }, this.#options.exports, work);
    const message = `${written.items.length} records were exported to ${written.fileName}.`;
    this.#options.recordEvent({ kind: 'archive-exported', subjectId: null, message });
    return written;
  }

  async import(source: { path: string; label: string }, work: ArchiveWork): Promise<ArchiveOutcome> {
    await this.#swept;
    if (this.#options.isBusy()) {
      throw new AppError('conflict', 'A run is under way, and an import would make its figures worse', 'Import when it has ended.');
    }
    const outcome = await importArchive({ ...source, stagingDir: this.#stagingDir }, this.#options.imports, work);
    const message = `${outcome.imported.length} records were imported from ${source.label}; ${outcome.present.length} were here, ${outcome.refused.length} were refused.`;
    this.#options.recordEvent({ kind: 'archive-imported', subjectId: null, message });
    return outcome;
  }

  /** An archive that was written to be downloaded. Throws `not-found`. */
  async download(fileName: string): Promise<ArchiveFile> {
    const path = join(this.#outgoing.path, fileName);
    const found = FILE_NAME.test(fileName) ? await stat(path).catch(() => null) : null;
    if (!found?.isFile()) throw new AppError('not-found', `There is no archive ${fileName.slice(0, 100)}`, 'Export it again.');
    return { fileName, sizeBytes: found.size, body: Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array> };
  }

  async #outgoingPath(): Promise<string> {
    await this.#outgoing.prepare();
    await mkdir(this.#outgoing.path, { recursive: true, mode: 0o700 });
    const stamp = new Date(this.#options.exports.nowMs()).toISOString().slice(0, 19).replace(/[T:]/g, '-');
    return join(this.#outgoing.path, `dedgeai-${stamp}.zip`);
  }
}

function requireAbsolute(path: string): void {
  if (!isAbsolute(path)) throw new AppError('invalid-input', `${path} is no absolute path`, 'Name the file from the root of the disk on.');
}
