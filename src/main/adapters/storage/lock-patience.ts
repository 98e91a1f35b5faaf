// How long statements wait for another program's lock. Waiting blocks the whole program (SQLite is called synchronously), so patience
// runs out: after one wait in vain no one waits again until a statement got through.
import type BetterSqlite3 from 'better-sqlite3';

/** While the last wait was in vain. */
const NO_PATIENCE_MS = 10;

export class LockPatience {
  #currentMs: number | null = null;
  #isUsedUp = false;

  constructor(private readonly connection: BetterSqlite3.Database) {}

  /** Runs a statement that waits for `patienceMs` at the most. */
  run<T>(patienceMs: number, act: () => T): T {
    this.#set(this.#isUsedUp ? NO_PATIENCE_MS : patienceMs);
    try {
      const result = act();
      this.#isUsedUp = false;
      return result;
    } catch (thrown) {
      if (isBusy(thrown)) this.#isUsedUp = true;
      throw thrown;
    }
  }

  #set(timeoutMs: number): void {
    if (this.#currentMs === timeoutMs) return;
    this.connection.pragma(`busy_timeout = ${timeoutMs}`);
    this.#currentMs = timeoutMs;
  }
}

function isBusy(thrown: unknown): boolean {
  return String((thrown as { code?: unknown } | null)?.code).startsWith('SQLITE_BUSY');
}
