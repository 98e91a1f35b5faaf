// A run that this computer can't write for: says why, tries again by itself with growing pauses, and continues when the cause is gone.
// Results wait on their nodes meanwhile, which keep them until they are acknowledged; here only the news of them is held.
import { AppError, toErrorShape } from '../../../shared/errors.js';
import type { RunHold } from '../../../shared/run.js';
import { freeBytesAt, StorageFailure } from '../../foundation/storage-failure.js';

export interface StorageHoldOptions {
  /** Writes what a result would need to be written. Rejects while that can't be done. */
  probe(): Promise<void>;
  /** Nothing is to be written from now on. */
  started(error: AppError): void;
  /** The hold lasts: nodes need not continue making what can't be kept. */
  lasting(): void;
  /** Everything that waited may be written. */
  ended(hold: RunHold, heldMs: number): void;
  /** How many results wait. */
  heldResults(): number;
  changed(): void;
  /** Wall clock, epoch ms. */
  nowMs(): number;
}

const FIRST_PAUSE_MS = 250;
const MAX_PAUSE_MS = 5000;
/** A lock of another program is mostly gone by then; nodes are not bothered before. */
const LASTING_AFTER_MS = 3000;
/** A failure this soon after a hold is the same trouble again: pauses grow on. */
const SAME_TROUBLE_MS = 10_000;
/** On a full disk this much must be free before a run continues, or it would stop at the next image: the log of the database grows too. */
const GO_ON_FREE_BYTES = 16 * 1024 * 1024;

export class StorageHold {
  readonly #options: StorageHoldOptions;
  #hold: RunHold | null = null;
  #pauseMs = FIRST_PAUSE_MS;
  #endedAtMs = -Infinity;
  #timer: NodeJS.Timeout | undefined;
  #lastingTimer: NodeJS.Timeout | undefined;
  #trying: Promise<boolean> | null = null;
  #isClosed = false;
  readonly #waiting = new Set<() => void>();

  constructor(options: StorageHoldOptions) {
    this.#options = options;
  }

  /** Null while everything can be written. */
  get state(): RunHold | null {
    if (!this.#hold) return null;
    const { path } = this.#hold;
    return { ...this.#hold, freeBytes: path === null ? null : freeBytesAt(path), heldResults: this.#options.heldResults() };
  }

  get isOn(): boolean {
    return this.#hold !== null;
  }

  /** Does `work` now, or again each time that a hold for it is over, until it is written. False where the run is let go before. */
  async untilWritten(work: () => void): Promise<boolean> {
    while (!this.#isClosed) {
      try {
        work();
        return true;
      } catch (thrown) {
        if (!(thrown instanceof StorageFailure)) throw thrown;
        this.failed(thrown);
        await new Promise<void>((resolve) => this.#waiting.add(resolve));
      }
    }
    return false;
  }

  /** For work that a timer starts and no one awaits: what it can't write holds the run instead of ending the program. */
  attempt(work: () => void): void {
    try {
      work();
    } catch (thrown) {
      const { message, hint } = toErrorShape(thrown);
      this.failed(thrown instanceof AppError ? thrown : new AppError('internal', message, hint, { cause: thrown }));
    }
  }

  /** Something could not be written. Starts a hold, or brings the one that there is up to date. */
  failed(error: AppError): void {
    if (this.#isClosed) return;
    if (this.#hold) {
      this.#hold = { ...this.#hold, ...describe(error) };
      return;
    }
    const nowMs = this.#options.nowMs();
    if (performance.now() - this.#endedAtMs > SAME_TROUBLE_MS) this.#pauseMs = FIRST_PAUSE_MS;
    this.#hold = { ...describe(error), sinceMs: nowMs, tries: 0, nextTryAtMs: nowMs, heldResults: 0 };
    this.#options.started(error);
    const isLock = error.code === 'conflict';
    this.#lastingTimer = setTimeout(() => this.#options.lasting(), isLock ? LASTING_AFTER_MS : 0);
    this.#tryLater();
  }

  /** Tries at once; true when it is over. */
  tryNow(): Promise<boolean> {
    this.#trying ??= this.#try().finally(() => (this.#trying = null));
    return this.#trying;
  }

  close(): void {
    this.#isClosed = true;
    this.#hold = null;
    clearTimeout(this.#timer);
    clearTimeout(this.#lastingTimer);
    this.#release();
  }

  #release(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }

  #tryLater(): void {
    if (!this.#hold || this.#isClosed) return;
    clearTimeout(this.#timer);
    this.#hold = { ...this.#hold, nextTryAtMs: this.#options.nowMs() + this.#pauseMs };
    this.#timer = setTimeout(() => void this.tryNow(), this.#pauseMs);
    this.#pauseMs = Math.min(this.#pauseMs * 2, MAX_PAUSE_MS);
    this.#options.changed();
  }

  async #try(): Promise<boolean> {
    clearTimeout(this.#timer);
    if (!this.#hold) return true;
    this.#hold = { ...this.#hold, tries: this.#hold.tries + 1 };
    try {
      await this.#options.probe();
    } catch (thrown) {
      if (this.#hold) this.#hold = { ...this.#hold, ...describe(thrown) };
      this.#tryLater();
      return false;
    }
    if (this.#isClosed) return false;
    if (!hasRoom(this.state)) {
      this.#tryLater();
      return false;
    }
    const hold = this.#hold;
    this.#hold = null;
    this.#endedAtMs = performance.now();
    clearTimeout(this.#lastingTimer);
    this.attempt(() => this.#options.ended(hold, this.#options.nowMs() - hold.sinceMs));
    this.#release();
    this.#options.changed();
    return true;
  }
}

function hasRoom(hold: RunHold | null): boolean {
  if (hold?.error.code !== 'no-space' || hold.freeBytes === null) return true;
  return hold.freeBytes >= (hold.neededBytes ?? 0);
}

function describe(thrown: unknown): Pick<RunHold, 'error' | 'path' | 'freeBytes' | 'neededBytes'> {
  const error = toErrorShape(thrown);
  if (!(thrown instanceof StorageFailure)) return { error, path: null, freeBytes: null, neededBytes: null };
  const neededBytes = error.code === 'no-space' ? (thrown.neededBytes ?? 0) + GO_ON_FREE_BYTES : null;
  return { error, path: thrown.path, freeBytes: thrown.freeBytes, neededBytes };
}
