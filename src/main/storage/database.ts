// The one place that talks to better-sqlite3: a connection whose every call throws AppErrors. Synchronous, one writer.
import type BetterSqlite3 from 'better-sqlite3';
import { withStorageErrors } from './storage-errors.js';

/** A prepared statement with named parameters (`@name`). */
export interface Statement<Parameters extends object, Row> {
  /** Returns how many rows changed. */
  run(parameters: Parameters): number;
  get(parameters: Parameters): Row | undefined;
  all(parameters: Parameters): Row[];
}

export class Database {
  constructor(
    private readonly connection: BetterSqlite3.Database,
    /** The data folder it lives in. */
    readonly dataDir: string,
  ) {}

  prepare<Parameters extends object, Row = never>(sql: string): Statement<Parameters, Row> {
    const statement = withStorageErrors(this.dataDir, () => this.connection.prepare<[Parameters], Row>(sql));
    return {
      run: (parameters) => withStorageErrors(this.dataDir, () => statement.run(parameters).changes),
      get: (parameters) => withStorageErrors(this.dataDir, () => statement.get(parameters)),
      all: (parameters) => withStorageErrors(this.dataDir, () => statement.all(parameters)),
    };
  }

  /** Runs `work` in one transaction, durable when it returns; nested calls join the outer one. */
  transaction<T>(work: () => T): T {
    return withStorageErrors(this.dataDir, () => (this.connection.inTransaction ? work() : this.connection.transaction(work).immediate()));
  }

  close(): void {
    this.connection.close();
  }
}
