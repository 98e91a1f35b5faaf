// What can be done for a data folder, open or not: checks, backups, restores. The window's service and the terminal both use it; the
// terminal also where the program itself refuses to open the folder.
import { existsSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { BackupFile, BackupKind, DataCheckReport, RestoreOutcome } from '../../../shared/data-care.js';
import { AppError } from '../../../shared/errors.js';
import { lockInstance } from '../../adapters/storage/instance-lock.js';
import { backupFileName, dropOldBackups, listBackups, makeBackupsFolder } from '../../adapters/storage/backup-files.js';
import { DATABASE_FILE_NAME } from '../../adapters/storage/open-database.js';
import { restoreDatabase } from '../../adapters/storage/restore-database.js';
import { readLastCheck, writeLastCheck } from './check-record.js';
import type { DataWorker, DataWorkOptions } from './data-worker-messages.js';

export interface DataToolsOptions {
  dataDir: string;
  worker: DataWorker;
  /** Wall clock, epoch ms. */
  nowMs(): number;
}

export class DataTools {
  readonly #options: DataToolsOptions;

  constructor(options: DataToolsOptions) {
    this.#options = options;
  }

  /** Throws `not-found` where there is none. */
  requireDatabase(): void {
    const { dataDir } = this.#options;
    if (existsSync(join(dataDir, DATABASE_FILE_NAME))) return;
    throw new AppError(
      'not-found',
      `There is no database in ${dataDir}`,
      'Name another folder with --data, or put a backup back with `data restore latest`.',
    );
  }

  lastCheck(): DataCheckReport | null {
    return readLastCheck(this.#options.dataDir);
  }

  /** Reads everything, changes nothing; the report is kept as the last one. Throws `not-found` without a database, `cancelled`, `io`. */
  async check(options: DataWorkOptions): Promise<DataCheckReport> {
    const report = await this.#options.worker.check(this.#options.dataDir, options);
    writeLastCheck(this.#options.dataDir, report);
    return report;
  }

  /** What was mended since the last check is no longer among its findings. */
  noteRepaired(sha256s: readonly string[]): void {
    const report = this.lastCheck();
    if (!report || sha256s.length === 0) return;
    const list = report.pictures.list.filter(({ sha256 }) => !sha256s.includes(sha256));
    const counted = (state: 'missing' | 'damaged'): number =>
      report.pictures[state] - report.pictures.list.filter((each) => each.state === state && sha256s.includes(each.sha256)).length;
    const pictures = { ...report.pictures, missing: counted('missing'), damaged: counted('damaged'), list };
    writeLastCheck(this.#options.dataDir, { ...report, pictures });
  }

  quickCheck(options: DataWorkOptions): Promise<string | null> {
    return this.#options.worker.quickCheck(this.#options.dataDir, options);
  }

  /** Newest first. */
  listBackups(): BackupFile[] {
    return listBackups(this.#options.dataDir);
  }

  /** Into `backups/`, where older ones make room; or to a file of the user's, which must be free. Returns its path. */
  async backUp(
    kind: BackupKind,
    options: DataWorkOptions & { outPath?: string | undefined },
  ): Promise<{ path: string; sizeBytes: number }> {
    const { dataDir, nowMs } = this.#options;
    if (options.outPath !== undefined) return this.#backUpTo(resolve(options.outPath), options);
    const path = join(makeBackupsFolder(dataDir), backupFileName(kind, nowMs()));
    const { sizeBytes } = await this.#options.worker.backUp(dataDir, path, options);
    dropOldBackups(dataDir);
    return { path, sizeBytes };
  }

  /** Absolute path of a backup by what a person calls it: `latest`, a name in `backups/`, or a path. Throws `not-found`. */
  findBackup(named: string): string {
    const backups = this.listBackups();
    const found = named === 'latest' ? backups[0] : backups.find(({ fileName }) => fileName === named);
    if (found) return found.path;
    if (named !== 'latest' && existsSync(named)) return resolve(named);
    const message = named === 'latest' ? `There is no backup in ${this.#options.dataDir}/backups` : `There is no backup ${named}`;
    throw new AppError('not-found', message, '`data backups` lists those that there are; a path of a file will do too.');
  }

  /** Only while no program has the folder. Throws `instance-locked`, and as `restoreDatabase`. */
  async restore(named: string, options: DataWorkOptions): Promise<RestoreOutcome> {
    const { dataDir, nowMs } = this.#options;
    const source = this.findBackup(named);
    const lock = lockInstance(dataDir, Math.round(nowMs()));
    try {
      const outcome = await restoreDatabase(
        { dataDir, source, nowMs: nowMs() },
        { signal: options.signal, onProgress: (done, total) => options.onProgress({ phase: 'Copying the backup', done, total }) },
      );
      // It was of the database that is no longer there.
      rmSync(join(dataDir, 'last-check.json'), { force: true });
      return outcome;
    } finally {
      lock.release();
    }
  }

  async #backUpTo(path: string, options: DataWorkOptions): Promise<{ path: string; sizeBytes: number }> {
    if (existsSync(path)) throw new AppError('conflict', `${path} is there already`, 'Name another file.');
    if (!existsSync(dirname(path)))
      throw new AppError('not-found', `There is no folder ${dirname(path)}`, 'Make it, or name another file.');
    const { sizeBytes } = await this.#options.worker.backUp(this.#options.dataDir, path, options);
    return { path, sizeBytes };
  }
}
