// Looks after the data folder of a running program: one piece of long work at a time, by a person's wish or once a day.
import { statSync } from 'node:fs';
import { join, relative } from 'node:path';
import {
  type DamagedImage,
  type DataCheckReport,
  type DataJob,
  type DataProgress,
  type DataStatus,
  assessDataCheck,
} from '../../../shared/data-care.js';
import { describeDataCheck } from '../../../shared/describe-data-check.js';
import { AppError, toErrorShape } from '../../../shared/errors.js';
import type { ArchiveOutcome, WrittenArchive } from '../../../shared/archive.js';
import { formatBytes, formatQuantity } from '../../../shared/format.js';
import type { ExportImagesInput } from '../../../shared/api/gallery-inputs.js';
import type { WrittenImages } from '../../../shared/written-images-schema.js';
import type { RecordRef } from '../../../shared/record.js';
import type { DamagedImages } from '../images/damaged-images.js';
import { ChangeTopic } from '../../foundation/live/change-topic.js';
import { watchSnapshots } from '../../foundation/live/watch-snapshots.js';
import { databaseBytesAt } from '../../adapters/storage/database-size.js';
import { DATABASE_FILE_NAME, NEWEST_SCHEMA } from '../../adapters/storage/open-database.js';
import { checkBackup } from '../../adapters/storage/restore-database.js';
import { freeBytesAt, totalBytesAt } from '../../foundation/storage-failure.js';
import type { JobEngine } from '../jobs/job-engine.js';
import type { JobContext, JobEnd } from '../jobs/job-kind.js';
import type { JobsOfKind } from '../jobs/jobs-of-kind.js';
import { CareSchedule } from './care-schedule.js';
import { type DataCareDetail, dataCareJobs, type DataCareWork, titleOfDataJob, toDataJob } from './data-care-job.js';
import type { DataWorkOptions } from './data-worker-messages.js';
import type { DataTools } from './data-tools.js';
import type { PictureRepair } from './repair-pictures.js';
import { findStagedRestore, stageRestore, withdrawStagedRestore } from './staged-restore.js';

export interface DataCareOptions {
  dataDir: string;
  tools: DataTools;
  jobs: JobEngine;
  damaged: DamagedImages;
  countImages(): number;
  /** Why an image can't be made again now; null where it can. */
  obstacleToRemake(sha256: string): string | null;
  /** Makes images again; returns what came of it in words. */
  remake(sha256s: readonly string[], options: DataWorkOptions): Promise<string>;
  /** Copies lost input pictures back. */
  repair(wish: { lost: readonly DamagedImage[]; from: string | null }, options: DataWorkOptions): Promise<PictureRepair>;
  /** What archives are made and taken by. */
  archives: ArchiveWorker;
  /** Writes images with what is known of them. */
  imageExport: ImageExporter;
  /** A run is under way, whose figures would suffer. */
  isBusy(): boolean;
  recordEvent(event: { kind: string; subjectId: string | null; message: string }): void;
  nowMs(): number;
}

/** Writes and takes archives; the service does it as a job. */
export interface ArchiveWorker {
  export(
    order: { records: RecordRef[]; path?: string | undefined; fromMachine: string | null },
    work: DataWorkOptions,
  ): Promise<WrittenArchive>;
  import(source: { path: string; label: string }, work: DataWorkOptions): Promise<ArchiveOutcome>;
}

export interface ImageExporter {
  /** Throws what is wrong with the order, before it is a job. */
  check(order: ExportImagesInput): void;
  write(order: ExportImagesInput, work: DataWorkOptions): Promise<WrittenImages>;
}

/** Damaged images that the window is sent; the rest is in the report's counts. */
const MAX_SHOWN = 500;

/** The data folder's health: checks, backups, lost images. One piece of work at a time. */
export class DataCareService {
  readonly #options: DataCareOptions;
  readonly #changes = new ChangeTopic();
  readonly #schedule: CareSchedule;
  readonly #jobs: JobsOfKind<DataCareDetail>;
  /** Running, or the last one since the program started. */
  #lastId: string | null = null;

  constructor(options: DataCareOptions) {
    this.#options = options;
    options.damaged.replace(options.tools.lastCheck()?.images.list ?? []);
    this.#jobs = options.jobs.plugIn(dataCareJobs({ run: (context) => this.#work(context), requireIdle: () => this.#requireIdle() }));
    this.#schedule = new CareSchedule({
      nowMs: () => options.nowMs(),
      lastBackupMs: () => options.tools.listBackups()[0]?.madeAtMs ?? null,
      lastChangeMs: () => this.#lastChangeMs(),
      lastCheckMs: () => options.tools.lastCheck()?.finishedAtMs ?? null,
      isBusy: () => options.isBusy() || this.#isWorking(),
      backUp: () => this.#untilDone({ kind: 'backup', of: 'daily' }),
      check: () => this.#untilDone({ kind: 'check' }),
    });
  }

  /** A backup and a check a day from now on. */
  startSchedule(): void {
    this.#schedule.start();
  }

  status(): DataStatus {
    const { dataDir, tools, damaged, countImages } = this.#options;
    return {
      dataDir,
      databaseBytes: databaseBytesAt(dataDir),
      imagesOnRecord: countImages(),
      freeBytes: freeBytesAt(dataDir),
      totalBytes: totalBytesAt(dataDir),
      schemaVersion: NEWEST_SCHEMA,
      lastCheck: tools.lastCheck(),
      backups: tools.listBackups(),
      job: this.#lastId === null ? null : toDataJob(this.#jobs.get(this.#lastId)),
      restoreAtNextStart: findStagedRestore(dataDir),
      damagedImages: damaged.list().slice(0, MAX_SHOWN),
      damagedPictures: this.#lostPictures().slice(0, MAX_SHOWN),
    };
  }

  /** Yields the status at once, after each change (conflated), and now and then. */
  watch(signal: AbortSignal): AsyncIterable<DataStatus> {
    const subscribe = (listener: () => void): (() => void) => {
      const ends = [this.#changes.subscribe(listener), this.#jobs.subscribe(listener)];
      return () => ends.forEach((end) => end());
    };
    return watchSnapshots({ read: () => this.status(), subscribe, minIntervalMs: 200, maxIntervalMs: 10_000 }, signal);
  }

  /** Starts in the background. Throws `conflict` while other work on the data is under way; so do the next two. */
  check(): DataJob {
    return this.#start({ kind: 'check' });
  }

  backUp(): DataJob {
    return this.#start({ kind: 'backup', of: 'manual' });
  }

  /** Throws `conflict` also where nothing is known to be lost. */
  remakeImages(sha256s: readonly string[] | 'all'): DataJob {
    const requested = sha256s === 'all' ? this.#options.damaged.list().map(({ sha256 }) => sha256) : [...sha256s];
    if (requested.length === 0)
      throw new AppError('conflict', 'No image is known to be damaged or missing', 'Check the data folder first.');
    return this.#start({ kind: 'remake', sha256s: requested });
  }

  /** Why a lost image can't be made again now; null where it can. */
  obstacleToRemake(sha256: string): string | null {
    return this.#options.obstacleToRemake(sha256);
  }

  /** `from`: the only folder to look in; null: those that the datasets came from. Throws `conflict` where no picture is known to be lost. */
  repairPictures(from: string | null): DataJob {
    if (this.#lostPictures().length === 0)
      throw new AppError('conflict', 'No input picture is known to be damaged or missing', 'Check the data folder first.');
    return this.#start({ kind: 'repair', from });
  }

  exportArchive({ records, path, fromMachine }: Parameters<ArchiveWorker['export']>[0]): DataJob {
    return this.#start({ kind: 'archive-export', records, fromMachine, ...(path !== undefined && { path }) });
  }

  /** Throws `invalid-input` as well. */
  exportImages(order: ExportImagesInput): DataJob {
    this.#options.imageExport.check(order);
    return this.#start({ kind: 'image-export', order });
  }

  importArchive({ path, label }: { path: string; label: string }): DataJob {
    return this.#start({ kind: 'archive-import', path, label });
  }

  /** Throws `not-found`. */
  job(id: string): DataJob {
    return toDataJob(this.#jobs.get(id));
  }

  /** Yields it at once and after each change (conflated), and ends when it has ended. */
  watchJob(id: string, signal: AbortSignal): AsyncIterable<DataJob> {
    return this.#jobs.watch(id, signal, toDataJob);
  }

  /** Verifies the backup first. Throws `not-found`, `database-damaged`, `database-newer`. */
  restoreAtNextStart(fileName: string): DataStatus {
    const { dataDir, tools } = this.#options;
    const backup = tools.listBackups().find((candidate) => candidate.fileName === fileName);
    if (!backup) throw new AppError('not-found', `There is no backup ${fileName}`, 'Choose one of the list.');
    checkBackup(backup.path);
    stageRestore(dataDir, fileName);
    this.#changes.announce();
    return this.status();
  }

  withdrawRestore(): DataStatus {
    withdrawStagedRestore(this.#options.dataDir);
    this.#changes.announce();
    return this.status();
  }

  /** Ends the schedule; what runs ends with the other jobs. */
  close(): Promise<void> {
    return this.#schedule.close();
  }

  async #check(work: DataWorkOptions): Promise<string> {
    const report = await this.#options.tools.check(work);
    this.#options.damaged.replace(report.images.list);
    this.#reportDamage(report);
    return describeDataCheck(report);
  }

  #reportDamage(report: DataCheckReport): void {
    const verdict = assessDataCheck(report);
    if (verdict === 'sound') return;
    this.#options.recordEvent({ kind: `data-${verdict}`, subjectId: null, message: describeDataCheck(report) });
  }

  async #backUp(kind: 'daily' | 'manual', work: DataWorkOptions): Promise<string> {
    const { path, sizeBytes } = await this.#options.tools.backUp(kind, work);
    return `Backed up to ${relative(this.#options.dataDir, path)} (${formatBytes(sizeBytes)}) and verified.`;
  }

  #start(work: DataCareWork): DataJob {
    this.#requireIdle();
    const subject = { kind: 'data-folder', id: null, name: this.#options.dataDir } as const;
    return toDataJob(
      this.#jobs.start({
        title: titleOfDataJob(work),
        subject,
        detail: { work, progress: null, written: null, taken: null, images: null },
      }),
    );
  }

  /** Rejects as the work does; the job reports it too. */
  async #untilDone(work: DataCareWork): Promise<void> {
    this.#start(work);
    const { state, error } = await this.#jobs.whenEnded(this.#lastId ?? '');
    if (state !== 'succeeded') throw new AppError(error?.code ?? 'cancelled', error?.message ?? 'It was canceled');
  }

  async #work(context: JobContext<DataCareDetail>): Promise<JobEnd> {
    const { work } = context.detail;
    this.#lastId = context.id;
    const onProgress = (progress: DataProgress): void => {
      context.change({ ...context.detail, progress });
    };
    try {
      const outcome = await this.#do(context, { signal: context.cancelling, onProgress });
      return { state: 'succeeded', outcome };
    } catch (thrown) {
      const { code, message } = toErrorShape(thrown);
      if (code !== 'cancelled') this.#options.recordEvent({ kind: `data-${work.kind}-failed`, subjectId: null, message });
      throw thrown;
    }
  }

  async #do(context: JobContext<DataCareDetail>, options: DataWorkOptions): Promise<string> {
    const { work } = context.detail;
    switch (work.kind) {
      case 'check':
        return this.#check(options);
      case 'backup':
        return this.#backUp(work.of, options);
      case 'remake':
        return this.#options.remake(work.sha256s, options);
      case 'repair':
        return this.#repair(work.from, options);
      case 'archive-export': {
        const written = await this.#options.archives.export(work, options);
        context.change({ ...context.detail, written });
        return `Wrote ${written.fileName} (${formatBytes(written.sizeBytes)}) with ${formatQuantity(written.items.length, 'record')}.`;
      }
      case 'image-export': {
        const images = await this.#options.imageExport.write(work.order, options);
        context.change({ ...context.detail, images });
        return describeWritten(images);
      }
      case 'archive-import': {
        const taken = await this.#options.archives.import(work, options);
        context.change({ ...context.detail, taken });
        return describeTaken(taken);
      }
    }
  }

  async #repair(from: string | null, work: DataWorkOptions): Promise<string> {
    const { repaired, outcome } = await this.#options.repair({ lost: this.#lostPictures(), from }, work);
    this.#options.tools.noteRepaired(repaired);
    return outcome;
  }

  #lostPictures(): DamagedImage[] {
    return this.#options.tools.lastCheck()?.pictures.list ?? [];
  }

  #isWorking(): boolean {
    return this.#jobs.open().length > 0;
  }

  #requireIdle(): void {
    const [job] = this.#jobs.open();
    if (job) throw new AppError('conflict', `The data folder is being worked on (${job.detail.work.kind})`, 'Wait for it, or cancel it.');
  }

  #lastChangeMs(): number | null {
    const path = join(this.#options.dataDir, DATABASE_FILE_NAME);
    const times = ['', '-wal'].map((ending) => statSync(`${path}${ending}`, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    return Math.max(...times) || null;
  }
}

function describeWritten({ path, sizeBytes, count, missing }: WrittenImages): string {
  const lost = missing === 0 ? '' : ` ${formatQuantity(missing, 'image')} had no sound file; the manifest says which.`;
  return `Wrote ${formatQuantity(count - missing, 'image')} (${formatBytes(sizeBytes)}) and the manifest to ${path}.${lost}`;
}

function describeTaken({ imported, present, refused }: ArchiveOutcome): string {
  return `${formatQuantity(imported.length, 'record')} came in, ${present.length} were here already, ${refused.length} were refused.`;
}
