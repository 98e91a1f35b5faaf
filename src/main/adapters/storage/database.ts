// The one place that talks to better-sqlite3: a connection whose every call throws AppErrors. Synchronous, one writer.
import type BetterSqlite3 from 'better-sqlite3';
import { LockPatience } from './lock-patience.js';
import { withStorageErrors } from './storage-errors.js';

/** A prepared statement with named parameters (`@name`). */
export interface Statement<Parameters extends object, Row> {
  /** Returns how many rows changed. */
  run(parameters: Parameters): number;
  get(parameters: Parameters): Row | undefined;
  all(parameters: Parameters): Row[];
}

/** One whose rows are arrays, in the order of their columns. */
export interface RawStatement<Parameters extends object, Row extends readonly unknown[]> {
  get(parameters: Parameters): Row | undefined;
  all(parameters: Parameters): Row[];
}

/** A lock of another program that is gone by then is not noticed by anyone who asked for the write. */
const PATIENCE_MS = 4000;
/** For writers that try again by themselves: agents are waiting to be heard meanwhile. */
const HASTY_PATIENCE_MS = 50;

export class Database {
  constructor(
    private readonly connection: BetterSqlite3.Database,
    /** The data folder it lives in. */
    readonly dataDir: string,
    private readonly patience: LockPatience = new LockPatience(connection),
    private readonly patienceMs: number = PATIENCE_MS,
  ) {}

  /** The same database for writers that rather fail than wait for another program's lock. */
  hasty(): Database {
    return new Database(this.connection, this.dataDir, this.patience, HASTY_PATIENCE_MS);
  }

  prepare<Parameters extends object, Row = never>(sql: string): Statement<Parameters, Row> {
    const statement = withStorageErrors(this.dataDir, () => this.connection.prepare<[Parameters], Row>(sql));
    return {
      run: (parameters) => this.call(() => statement.run(parameters).changes),
      get: (parameters) => this.call(() => statement.get(parameters)),
      all: (parameters) => this.call(() => statement.all(parameters)),
    };
  }

  prepareRaw<Parameters extends object, Row extends readonly unknown[]>(sql: string): RawStatement<Parameters, Row> {
    const statement = withStorageErrors(this.dataDir, () => this.connection.prepare<[Parameters], Row>(sql).raw());
    return {
      get: (parameters) => this.call(() => statement.get(parameters)),
      all: (parameters) => this.call(() => statement.all(parameters)),
    };
  }

  /** Runs `work` in one transaction, durable when it returns; nested calls join the outer one. */
  transaction<T>(work: () => T): T {
    if (this.connection.inTransaction) return withStorageErrors(this.dataDir, work);
    return this.call(() => this.connection.transaction(work).immediate());
  }

  close(): void {
    this.connection.close();
  }

  private call<T>(act: () => T): T {
    // Within a transaction the lock is held already.
    if (this.connection.inTransaction) return withStorageErrors(this.dataDir, act);
    return withStorageErrors(this.dataDir, () => this.patience.run(this.patienceMs, act));
  }
}
