// The one place that decides what is worth a notification: looks at what jobs, runs, nodes and the disk say, again and again, and hands the
// rules' notices to the service. It looks at states, not at events, so that what happened while no one listened is found by the next look.
import type { Job } from '../../../shared/job.js';
import type { Notice } from '../../../shared/notification.js';
import { type Conditions, isOver, listConditionNotices } from './condition-notices.js';
import { instantOfJob, noticeOfJob } from './job-notices.js';
import type { NotificationService } from './notification-service.js';
import { type NoticedRun, noticeOfRun } from './run-notices.js';

export interface NotificationSources {
  jobs(): Job[];
  /** Ids of the runs that have ended since an instant, and of those that have not ended. */
  runsSince(atMs: number): string[];
  /** Null where it is not on record any more. */
  run(id: string): NoticedRun | null;
  /** Until it has ended and its last figures are in. */
  isUnderWay(runId: string): boolean;
  seriesName(seriesId: string): string | null;
  /** `runIds`: those that are under way. */
  conditions(runIds: readonly string[]): Promise<Conditions>;
}

export interface NotificationWatchOptions {
  sources: NotificationSources;
  notifications: Pick<NotificationService, 'keep' | 'lasting' | 'end'>;
  /** Since when things are news in this data folder, epoch ms. */
  sinceMs: number;
  /** Wall clock, epoch ms. */
  nowMs(): number;
  /** A look that fails is no reason for anything else to fail. */
  onProblem(thrown: unknown): void;
}

/** How far back a start looks for what ended unseen; less than the store remembers, so that nothing comes twice. */
const LOOK_BACK_MS = 86_400_000;
/** Real ms between two looks where nothing is announced: for nodes and the disk. */
const INTERVAL_MS = 5_000;
/** Real ms after something was announced; more of it within them is one look. */
const SETTLE_MS = 300;

export class NotificationWatch {
  readonly #options: NotificationWatchOptions;
  readonly #fromMs: number;
  /** Runs that have not been noticed yet. */
  readonly #runs = new Set<string>();
  /** Keys of the conditions that were found by this start of the program. */
  readonly #seen = new Set<string>();
  /** What kept the last look from its end: said once, however many looks it keeps. */
  #problem: string | null = null;
  #timer: NodeJS.Timeout | null = null;
  #dueAtMs = Number.POSITIVE_INFINITY;
  #looking: Promise<void> | null = null;
  #isClosed = false;

  constructor(options: NotificationWatchOptions) {
    this.#options = options;
    this.#fromMs = Math.max(options.sinceMs, options.nowMs() - LOOK_BACK_MS);
    for (const id of options.sources.runsSince(this.#fromMs)) this.#runs.add(id);
  }

  /** Looks now and then, until it is closed. */
  start(): void {
    this.#lookIn(SETTLE_MS);
  }

  /** Something has changed. */
  wake(): void {
    this.#lookIn(SETTLE_MS);
  }

  /** A run was started. */
  follow(runId: string): void {
    this.#runs.add(runId);
    this.wake();
  }

  /** Looks once. Never rejects. */
  async look(): Promise<void> {
    const { sources, notifications, onProblem } = this.#options;
    try {
      const ended = [...this.#runs].filter((id) => !sources.isUnderWay(id));
      notifications.keep([...this.#listRunNotices(ended), ...this.#listJobNotices()]);
      // Not before it is kept: where the disk refuses it, the next look tries again.
      for (const id of ended) this.#runs.delete(id);
      const conditions = await sources.conditions([...this.#runs]);
      if (this.#isClosed) return;
      const notices = listConditionNotices(conditions);
      notifications.keep(notices);
      for (const { key } of notices) this.#seen.add(key);
      const over = notifications.lasting().filter((each) => isOver(each, conditions, this.#seen.has(each.key)));
      notifications.end(over.map(({ id }) => id));
      this.#problem = null;
    } catch (thrown) {
      const problem = thrown instanceof Error ? thrown.message : String(thrown);
      if (problem !== this.#problem) onProblem(thrown);
      this.#problem = problem;
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#timer) clearTimeout(this.#timer);
    await this.#looking;
  }

  #listRunNotices(ids: readonly string[]): Notice[] {
    const { sources } = this.#options;
    return ids.flatMap((id) => {
      const run = sources.run(id);
      return (run && noticeOfRun(run, run.series && sources.seriesName(run.series.seriesId))) ?? [];
    });
  }

  #listJobNotices(): Notice[] {
    const jobs = this.#options.sources.jobs().filter((job) => instantOfJob(job) >= this.#fromMs);
    return jobs.map(noticeOfJob).filter((notice) => notice !== null);
  }

  #lookIn(ms: number): void {
    const dueAtMs = performance.now() + ms;
    if (this.#isClosed || dueAtMs >= this.#dueAtMs) return;
    if (this.#timer) clearTimeout(this.#timer);
    this.#dueAtMs = dueAtMs;
    this.#timer = setTimeout(() => void this.#lookNow(), ms);
    this.#timer.unref();
  }

  async #lookNow(): Promise<void> {
    this.#dueAtMs = Number.POSITIVE_INFINITY;
    // One look at a time: what is announced during this one gets its own.
    await this.#looking;
    this.#looking = this.look();
    await this.#looking;
    this.#lookIn(INTERVAL_MS);
  }
}
