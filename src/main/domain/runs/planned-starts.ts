// Runs and series that wait for a time. Each is kept as an instant until its wait is over; one whose time was missed by more than a few minutes
// starts only when a person says so: a testbed that was free at 20:00 may be anyone's at 03:00.
import { AppError } from '../../../shared/errors.js';
import { type PlannedStart, refuseStart } from '../../../shared/planned-start.js';

export interface PlannedStartStore {
  list(): { id: string; startAtMs: number }[];
  save(id: string, startAtMs: number): void;
  remove(id: string): void;
}

export interface PlannedStartsOptions {
  store: PlannedStartStore;
  /** The clock on the wall as it is now, epoch ms: it jumps when someone sets it, and when the computer wakes up. */
  wallMs(): number;
  recordEvent(event: { kind: string; subjectId: string; message: string }): void;
  /** The disk did not take the end of a wait; it is tried again. */
  onProblem(thrown: unknown): void;
}

/** What becomes of one that waits. */
export interface PlannedStartHandlers {
  /** `Run “Night”` */
  what: string;
  /** Its time has come, or a person started it: it waits no longer. */
  due(): void;
  /** Its time has passed unseen: it waits for a person. */
  missed(): void;
}

interface Waiting {
  atMs: number;
  /** Null until someone in this program is there to start it. */
  handlers: PlannedStartHandlers | null;
  isMissedSaid: boolean;
}

/** Real ms after its time within which one still starts by itself: a restart of the program, a computer that wakes up. */
export const LATE_LIMIT_MS = 10 * 60_000;
/** Real ms between two looks at the clock at the most: it may be set, and timers stand still while a computer sleeps. */
const LOOK_MS = 5_000;

export class PlannedStarts {
  readonly #options: PlannedStartsOptions;
  readonly #waiting: Map<string, Waiting>;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: PlannedStartsOptions) {
    this.#options = options;
    this.#waiting = new Map(
      options.store.list().map(({ id, startAtMs }) => [id, { atMs: startAtMs, handlers: null, isMissedSaid: false }]),
    );
  }

  /** Throws `invalid-input` for an instant that nothing can be planned for. */
  check(atMs: number): void {
    const problem = refuseStart(atMs, this.#options.wallMs());
    if (problem !== null) throw new AppError('invalid-input', problem);
  }

  /** Null of one that waits for no time. */
  of(id: string): PlannedStart | null {
    const waiting = this.#waiting.get(id);
    return waiting ? { atMs: waiting.atMs, isMissed: this.#lateMs(waiting) > LATE_LIMIT_MS } : null;
  }

  /** Those whose time has passed unseen. */
  missed(): { id: string; atMs: number }[] {
    return [...this.#waiting].flatMap(([id, { atMs }]) => (this.of(id)?.isMissed ? [{ id, atMs }] : []));
  }

  /** Has one wait for a time, or for another. On disk when it returns. Throws as `check`. */
  plan(id: string, atMs: number): void {
    this.check(atMs);
    this.#options.store.save(id, atMs);
    this.#waiting.set(id, { atMs, handlers: this.#waiting.get(id)?.handlers ?? null, isMissedSaid: false });
    this.#lookIn(0);
  }

  /** Says who starts it; what is due or missed already is said soon after. */
  hold(id: string, handlers: PlannedStartHandlers): void {
    const waiting = this.#waiting.get(id);
    if (!waiting) return;
    waiting.handlers = handlers;
    this.#lookIn(0);
  }

  /** Resolves when its time has come or a person started it, at once where it waits for none; and when the signal aborts, which leaves it planned. */
  async wait(id: string, signal: AbortSignal, { what, missed }: Omit<PlannedStartHandlers, 'due'>): Promise<void> {
    if (!this.#waiting.has(id) || signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const mine: PlannedStartHandlers = { what, due: () => resolve(undefined), missed };
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
    this.hold(id, mine);
    await promise;
    const waiting = this.#waiting.get(id);
    if (waiting?.handlers === mine) waiting.handlers = null;
  }

  /** Starts one now. False where it waits for no time. */
  release(id: string): boolean {
    const waiting = this.#waiting.get(id);
    if (!waiting) return false;
    this.forget(id);
    waiting.handlers?.due();
    return true;
  }

  /** Another time for one that waits; null starts it now. Throws `conflict` where it waits for none, and as `check`. */
  reschedule(id: string, what: string, atMs: number | null): void {
    if (!this.#waiting.has(id)) throw new AppError('conflict', `${what} does not wait for a time`);
    if (atMs === null) this.release(id);
    else this.plan(id, atMs);
  }

  /** It is given up, or started otherwise. */
  forget(id: string): void {
    if (!this.#waiting.has(id)) return;
    this.#options.store.remove(id);
    this.#waiting.delete(id);
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#waiting.clear();
  }

  #lateMs({ atMs }: Waiting): number {
    return this.#options.wallMs() - atMs;
  }

  #lookIn(ms: number): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), ms);
    this.#timer.unref();
  }

  #look(): void {
    for (const [id, waiting] of [...this.#waiting]) {
      const { handlers } = waiting;
      if (!handlers || this.#lateMs(waiting) < 0) continue;
      if (this.#lateMs(waiting) <= LATE_LIMIT_MS) this.#releaseInTime(id);
      else if (!waiting.isMissedSaid) {
        waiting.isMissedSaid = true;
        const message = `${handlers.what} was not started at its time: the program was not running.`;
        this.#options.recordEvent({ kind: 'start-missed', subjectId: id, message });
        handlers.missed();
      }
    }
    const next = Math.min(...[...this.#waiting.values()].map((waiting) => -this.#lateMs(waiting)).filter((ms) => ms > 0), LOOK_MS);
    if ([...this.#waiting.values()].some(({ handlers }) => handlers !== null)) this.#lookIn(next);
  }

  #releaseInTime(id: string): void {
    try {
      this.release(id);
    } catch (thrown) {
      this.#options.onProblem(thrown);
    }
  }
}
