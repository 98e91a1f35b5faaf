// Looks after the data folder of a running program: one piece of long work at a time, by a person's wish or once a day.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type DataCheckReport, type DataJob, type DataStatus, judgeDataCheck } from '../../../shared/data-care.js';
import { describeDataCheck } from '../../../shared/describe-data-check.js';
import { AppError, toErrorShape } from '../../../shared/errors.js';
import { formatBytes } from '../../../shared/format.js';
import type { DamagedImages } from '../images/damaged-images.js';
import { ChangeTopic } from '../../foundation/live/change-topic.js';
import { watchSnapshots } from '../../foundation/live/watch-snapshots.js';
import { DATABASE_FILE_NAME, NEWEST_SCHEMA } from '../../adapters/storage/open-database.js';
import { checkBackup } from '../../adapters/storage/restore-database.js';
import { freeBytesAt } from '../../foundation/storage-failure.js';
import { CareSchedule } from './care-schedule.js';
import type { DataWorkOptions } from './data-worker-messages.js';
import type { DataTools } from './data-tools.js';
import { findStagedRestore, stageRestore, withdrawStagedRestore } from './staged-restore.js';

export interface DataCareOptions {
  dataDir: string;
  tools: DataTools;
  damaged: DamagedImages;
  countImages(): number;
  /** Makes images again; returns what came of it in words. */
  remake(sha256s: readonly string[], options: DataWorkOptions): Promise<string>;
  /** A run is under way, whose figures would suffer. */
  isBusy(): boolean;
  recordEvent(event: { kind: string; subjectId: string | null; message: string }): void;
  nowMs(): number;
}

/** Damaged images that the window is told of; the rest is in the report's counts. */
const MOST_SHOWN = 500;

/** The data folder's health: checks, backups, lost images. One piece of work at a time. */
export class DataCareService {
  readonly #options: DataCareOptions;
  readonly #changes = new ChangeTopic();
  readonly #schedule: CareSchedule;
  #job: DataJob | null = null;
  #cancel = new AbortController();
  #ended: Promise<void> = Promise.resolve();

  constructor(options: DataCareOptions) {
    this.#options = options;
    options.damaged.replace(options.tools.lastCheck()?.images.list ?? []);
    this.#schedule = new CareSchedule({
      nowMs: () => options.nowMs(),
      lastBackupMs: () => options.tools.listBackups()[0]?.madeAtMs ?? null,
      lastChangeMs: () => this.#lastChangeMs(),
      lastCheckMs: () => options.tools.lastCheck()?.finishedAtMs ?? null,
      isBusy: () => options.isBusy() || this.#job?.state === 'running',
      backUp: () => this.#begin('backup', (work) => this.#backUp('daily', work)),
      check: () => this.#begin('check', (work) => this.#check(work)),
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
      databaseBytes: statSync(join(dataDir, DATABASE_FILE_NAME), { throwIfNoEntry: false })?.size ?? 0,
      imagesOnRecord: countImages(),
      freeBytes: freeBytesAt(dataDir),
      schemaVersion: NEWEST_SCHEMA,
      lastCheck: tools.lastCheck(),
      backups: tools.listBackups(),
      job: this.#job,
      restoreAtNextStart: findStagedRestore(dataDir),
      damagedImages: damaged.list().slice(0, MOST_SHOWN),
    };
  }

  /** Yields the status at once, after each change (conflated), and now and then. */
  watch(signal: AbortSignal): AsyncIterable<DataStatus> {
    return watchSnapshots(
      { read: () => this.status(), subscribe: (listener) => this.#changes.subscribe(listener), minIntervalMs: 200, maxIntervalMs: 10_000 },
      signal,
    );
  }

  /** Begins in the background. Throws `conflict` while other work on the data is under way; so do the next two. */
  check(): DataJob {
    return this.#start('check', (work) => this.#check(work));
  }

  backUp(): DataJob {
    return this.#start('backup', (work) => this.#backUp('manual', work));
  }

  /** Throws `conflict` also where nothing is known to be lost. */
  remakeImages(sha256s: readonly string[] | 'all'): DataJob {
    const { damaged, remake } = this.#options;
    const wanted = sha256s === 'all' ? damaged.list().map(({ sha256 }) => sha256) : sha256s;
    if (wanted.length === 0) throw new AppError('conflict', 'No image is known to be damaged or missing', 'Check the data folder first.');
    return this.#start('remake', (work) => remake(wanted, work));
  }

  /** Resolves when nothing is worked on any more. */
  async cancelJob(): Promise<void> {
    this.#cancel.abort();
    await this.#ended;
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

  async close(): Promise<void> {
    this.#cancel.abort();
    await this.#schedule.close();
    await this.#ended;
  }

  async #check(work: DataWorkOptions): Promise<string> {
    const report = await this.#options.tools.check(work);
    this.#options.damaged.replace(report.images.list);
    this.#tellOfDamage(report);
    return describeDataCheck(report);
  }

  #tellOfDamage(report: DataCheckReport): void {
    const verdict = judgeDataCheck(report);
    if (verdict === 'sound') return;
    this.#options.recordEvent({ kind: `data-${verdict}`, subjectId: null, message: describeDataCheck(report) });
  }

  async #backUp(kind: 'daily' | 'manual', work: DataWorkOptions): Promise<string> {
    const { path, sizeBytes } = await this.#options.tools.backUp(kind, work);
    return `Backed up to ${path} (${formatBytes(sizeBytes)}) and verified.`;
  }

  #start(kind: DataJob['kind'], act: (work: DataWorkOptions) => Promise<string>): DataJob {
    if (this.#job?.state === 'running') {
      throw new AppError('conflict', `The data folder is being worked on (${this.#job.kind})`, 'Wait for it, or cancel it.');
    }
    void this.#begin(kind, act).catch(() => undefined);
    return this.#current();
  }

  /** Rejects as the work does; the job tells of it too. */
  #begin(kind: DataJob['kind'], act: (work: DataWorkOptions) => Promise<string>): Promise<void> {
    this.#cancel = new AbortController();
    this.#job = {
      kind,
      state: 'running',
      progress: null,
      outcome: null,
      error: null,
      startedAtMs: this.#options.nowMs(),
      finishedAtMs: null,
    };
    this.#changes.announce();
    const working = act({ signal: this.#cancel.signal, onProgress: (progress) => this.#change({ progress }) }).then(
      (outcome) => this.#change({ state: 'succeeded', outcome, finishedAtMs: this.#options.nowMs() }),
      (thrown: unknown) => {
        const error = toErrorShape(thrown);
        this.#change({ state: error.code === 'cancelled' ? 'cancelled' : 'failed', error, finishedAtMs: this.#options.nowMs() });
        if (error.code !== 'cancelled') {
          this.#options.recordEvent({ kind: `data-${kind}-failed`, subjectId: null, message: error.message });
        }
        throw thrown;
      },
    );
    this.#ended = working.catch(() => undefined);
    return working;
  }

  #change(change: Partial<DataJob>): void {
    this.#job = { ...this.#current(), ...change };
    this.#changes.announce();
  }

  #current(): DataJob {
    if (!this.#job) throw new Error('No work on the data folder was begun');
    return this.#job;
  }

  #lastChangeMs(): number | null {
    const path = join(this.#options.dataDir, DATABASE_FILE_NAME);
    const times = ['', '-wal'].map((ending) => statSync(`${path}${ending}`, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    return Math.max(...times) || null;
  }
}
