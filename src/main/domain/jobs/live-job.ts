// A job whose work runs in this program: its newest snapshot, and what was asked of it.
import { isOpenState, type Job, type JobLogLine, type JobState } from '../../../shared/job.js';
import { EndForecast } from './end-forecast.js';
import type { JobContext, JobKindOptions, KindJob } from './job-kind.js';

/** Older lines of a log go. */
const MAX_LOG_LINES = 200;

/** What a live job does through the jobs of its kind. */
export interface LiveJobHooks<Detail> {
  describe: JobKindOptions<Detail>['describe'];
  /** Wall clock, epoch ms. */
  nowMs(): number;
  save(job: KindJob<Detail>): void;
  announce(): void;
}

export class LiveJob<Detail> implements JobContext<Detail> {
  /** Settles when the end is known and, where the disk takes it, on record; never rejects. */
  ended: Promise<void> = Promise.resolve();
  asked: 'nothing' | 'pause' | 'cancel' = 'nothing';
  readonly #cancelling = new AbortController();
  readonly #pausing = new AbortController();
  readonly #forecast = new EndForecast();
  readonly #hooks: LiveJobHooks<Detail>;
  #job: KindJob<Detail>;

  constructor(job: KindJob<Detail>, hooks: LiveJobHooks<Detail>) {
    this.#job = job;
    this.#hooks = hooks;
  }

  get id(): string {
    return this.#job.id;
  }

  get subject(): KindJob<Detail>['subject'] {
    return this.#job.subject;
  }

  get detail(): Detail {
    return this.#job.detail;
  }

  get cancelling(): AbortSignal {
    return this.#cancelling.signal;
  }

  get pausing(): AbortSignal {
    return this.#pausing.signal;
  }

  /** As others see it: what was asked to stop is stopping until it has. */
  get snapshot(): KindJob<Detail> {
    const state: JobState = this.asked === 'nothing' ? this.#job.state : 'stopping';
    return { ...this.#job, state };
  }

  progress(): Pick<Job, 'progress' | 'remaining'> {
    const { progress } = this.#hooks.describe(this.#job);
    return { progress, remaining: this.asked === 'nothing' ? this.#forecast.remaining(this.#hooks.nowMs()) : null };
  }

  ask(what: 'pause' | 'cancel'): void {
    if (!isOpenState(this.#job.state) || this.asked === what || this.asked === 'cancel') return;
    this.asked = what;
    (what === 'pause' ? this.#pausing : this.#cancelling).abort();
    this.#hooks.announce();
  }

  /** The program ends and does not wait any longer; what was asked stays asked. */
  giveUp(): void {
    this.#cancelling.abort();
  }

  start(): void {
    this.#replace({ state: 'running', startedAtMs: this.#job.startedAtMs ?? this.#hooks.nowMs() });
    this.keep();
  }

  change(detail?: Detail): void {
    if (detail !== undefined) this.#job = { ...this.#job, detail };
    const nowMs = this.#hooks.nowMs();
    if (this.#forecast.isDue(nowMs)) this.#forecast.report(this.#hooks.describe(this.#job), nowMs);
    this.#hooks.announce();
  }

  keep(): void {
    this.#hooks.save(this.#job);
  }

  log(text: string): void {
    const line: JobLogLine = { atMs: this.#hooks.nowMs(), text };
    this.#replace({ log: [...this.#job.log, line].slice(-MAX_LOG_LINES) });
  }

  /** Its last snapshot. */
  end(end: Pick<KindJob<Detail>, 'state' | 'error' | 'outcome' | 'finishedAtMs'>): KindJob<Detail> {
    this.asked = 'nothing';
    this.#replace(end);
    return this.#job;
  }

  #replace(change: Partial<KindJob<Detail>>): void {
    this.#job = { ...this.#job, ...change };
    this.#hooks.announce();
  }
}
