// A backup and a check a day, by themselves, when no run would be slowed by them.
export interface CareScheduleOptions {
  nowMs(): number;
  /** When the newest backup was made; null where there is none. */
  lastBackupMs(): number | null;
  /** When the database was last written. */
  lastChangeMs(): number | null;
  lastCheckMs(): number | null;
  /** A run or other long work is under way. */
  isBusy(): boolean;
  backUp(): Promise<void>;
  check(): Promise<void>;
  firstLookAfterMs?: number;
}

const DAY_MS = 86_400_000;
/** Work that always finds a run under way is done beside it when it is this late. */
const LATE_MS = 2 * DAY_MS;
/** Not in the first moments, in which the program has enough to do and many a terminal command ends. */
const FIRST_LOOK_AFTER_MS = 60_000;
const LOOK_EVERY_MS = 10 * 60_000;

export class CareSchedule {
  readonly #options: CareScheduleOptions;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();

  constructor(options: CareScheduleOptions) {
    this.#options = options;
  }

  start(): void {
    const look = (): void => {
      this.#looking = this.look().finally(() => (this.#timer = setTimeout(look, LOOK_EVERY_MS).unref()));
    };
    this.#timer = setTimeout(look, this.#options.firstLookAfterMs ?? FIRST_LOOK_AFTER_MS).unref();
  }

  /** Does what is due now. Never rejects: both say themselves what went wrong. */
  async look(): Promise<void> {
    if (this.#isDue(this.#options.lastBackupMs()) && this.#hasChangedSinceBackup()) await this.#options.backUp().catch(() => undefined);
    if (this.#isDue(this.#options.lastCheckMs())) await this.#options.check().catch(() => undefined);
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#looking;
    clearTimeout(this.#timer);
  }

  #isDue(lastMs: number | null): boolean {
    const ageMs = lastMs === null ? DAY_MS : this.#options.nowMs() - lastMs;
    if (ageMs < DAY_MS) return false;
    return ageMs >= LATE_MS || !this.#options.isBusy();
  }

  #hasChangedSinceBackup(): boolean {
    return (this.#options.lastChangeMs() ?? 0) > (this.#options.lastBackupMs() ?? -1);
  }
}
