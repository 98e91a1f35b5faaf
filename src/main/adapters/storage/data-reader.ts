// Reads a database for a check of the data folder, beside a program that may be writing to it. Never writes.
import type BetterSqlite3 from 'better-sqlite3';
import { listForeignKeyProblems, listIntegrityProblems, openForReading, readSchemaVersion } from './inspect-database.js';
import type { ImageRow } from './image-repository.js';
import { toStorageError } from './storage-errors.js';

const MAX_PROBLEMS = 100;

export class DataReader {
  readonly #connection: BetterSqlite3.Database;

  /** Throws AppErrors where the file can't be opened. */
  constructor(
    databasePath: string,
    private readonly dataDir: string,
  ) {
    this.#connection = this.#guard(() => openForReading(databasePath));
  }

  get schemaVersion(): number {
    return this.#guard(() => readSchemaVersion(this.#connection));
  }

  integrityProblems({ isQuick }: { isQuick: boolean }): string[] {
    return this.#guard(() => listIntegrityProblems(this.#connection, { isQuick, maxProblems: MAX_PROBLEMS }));
  }

  foreignKeyProblems(): string[] {
    return this.#guard(() => listForeignKeyProblems(this.#connection));
  }

  countImages(): number {
    return this.#guard(() => (this.#connection.prepare('SELECT count(*) AS n FROM images').get() as { n: number }).n);
  }

  /** The next images by name, those made again among them. */
  imagesAfter(sha256: string, limit: number): ImageRow[] {
    const remade = this.#hasRemade()
      ? 'UNION SELECT remade_sha256, size_bytes, media_type FROM remade_images WHERE remade_sha256 > @sha256'
      : '';
    return this.#guard(
      () =>
        this.#connection
          .prepare(
            `SELECT sha256, size_bytes AS sizeBytes, media_type AS mediaType FROM images WHERE sha256 > @sha256 ${remade} ORDER BY 1 LIMIT @limit`,
          )
          .all({ sha256, limit }) as ImageRow[],
    );
  }

  isOnRecord(sha256: string): boolean {
    const remade = this.#hasRemade() ? 'UNION ALL SELECT 1 FROM remade_images WHERE remade_sha256 = @sha256' : '';
    return this.#guard(
      () => this.#connection.prepare(`SELECT 1 FROM images WHERE sha256 = @sha256 ${remade} LIMIT 1`).get({ sha256 }) !== undefined,
    );
  }

  /** None in a folder of a version before input pictures. */
  countPictures(): number {
    if (!this.#hasTable('pictures')) return 0;
    return this.#guard(() => (this.#connection.prepare('SELECT count(*) AS n FROM pictures').get() as { n: number }).n);
  }

  /** The next input pictures by name. */
  picturesAfter(sha256: string, limit: number): Pick<ImageRow, 'sha256' | 'sizeBytes'>[] {
    if (!this.#hasTable('pictures')) return [];
    const sql = 'SELECT sha256, size_bytes AS sizeBytes FROM pictures WHERE sha256 > @sha256 ORDER BY 1 LIMIT @limit';
    return this.#guard(() => this.#connection.prepare(sql).all({ sha256, limit }) as Pick<ImageRow, 'sha256' | 'sizeBytes'>[]);
  }

  /** Names of the datasets whose prompts come with the picture; null where it is no longer on record. */
  datasetsOfPicture(sha256: string): string[] | null {
    return this.#guard(() => {
      if (!this.#connection.prepare('SELECT 1 FROM pictures WHERE sha256 = @sha256').get({ sha256 })) return null;
      const sql = 'SELECT name FROM datasets WHERE id IN (SELECT dataset_id FROM prompts WHERE picture_sha256 = @sha256) ORDER BY name';
      return (this.#connection.prepare(sql).all({ sha256 }) as { name: string }[]).map(({ name }) => name);
    });
  }

  /** `task 17 of run-x`, for succeeded tasks that have no image on record. */
  tasksWithoutImage(): string[] {
    const sql = `SELECT run_id AS runId, ordinal FROM tasks t WHERE state = 'succeeded'
      AND NOT EXISTS (SELECT 1 FROM task_images ti WHERE ti.task_id = t.id) ORDER BY run_id, ordinal`;
    return this.#guard(() =>
      (this.#connection.prepare(sql).all() as { runId: string; ordinal: number }[]).map(
        ({ runId, ordinal }) => `Task ${ordinal + 1} of ${runId}`,
      ),
    );
  }

  close(): void {
    this.#connection.close();
  }

  #hasRemade(): boolean {
    return this.#hasTable('remade_images');
  }

  #hasTable(name: string): boolean {
    return this.#guard(() => this.#connection.prepare('SELECT 1 FROM sqlite_schema WHERE name = @name').get({ name }) !== undefined);
  }

  #guard<T>(read: () => T): T {
    try {
      return read();
    } catch (thrown) {
      throw toStorageError(thrown, this.dataDir);
    }
  }
}
