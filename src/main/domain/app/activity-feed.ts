// Everything that runs, waits or has ended in the last day, as one live list for every window.
import type { ActivityEntry } from '../../../shared/activity-entry.js';
import type { Job } from '../../../shared/job.js';
import type { RunLive } from '../../../shared/run.js';
import { watchSnapshots } from '../../foundation/live/watch-snapshots.js';
import { EndForecast } from '../jobs/end-forecast.js';
import { endOf, entryOfJob, entryOfRun, type JobWait, sortEntries } from './activity-entries.js';

export interface ActivityFeedSources {
  jobs(): Job[];
  /** Ids of the runs that have ended since an instant, and of those that have not ended. */
  runsSince(atMs: number): string[];
  live(runId: string): RunLive;
  /** What a queued job waits for. */
  waitOf(job: Job): JobWait;
  /** Calls the listener after changes of runs and jobs until the returned function is called. */
  subscribe(listener: () => void): () => void;
  /** Wall clock, epoch ms. */
  nowMs(): number;
}

const LISTED_MS = 86_400_000;
/** Real ms between two lists; and where nothing is announced, for the time that is left. */
const MIN_INTERVAL_MS = 250;
const MAX_INTERVAL_MS = 5_000;
/** Nothing is said of the end before so many results or so much real time. */
const MIN_RESULTS = 20;
const MIN_RUNNING_MS = 30_000;

export class ActivityFeed {
  readonly #sources: ActivityFeedSources;
  readonly #forecasts = new Map<string, EndForecast>();
  /** Entries of ended runs: they do not change any more. */
  readonly #ended = new Map<string, ActivityEntry>();

  constructor(sources: ActivityFeedSources) {
    this.#sources = sources;
  }

  list(): ActivityEntry[] {
    const { jobs, runsSince, waitOf, nowMs } = this.#sources;
    const fromMs = nowMs() - LISTED_MS;
    const ids = runsSince(fromMs);
    for (const known of [this.#forecasts, this.#ended]) for (const id of known.keys()) if (!ids.includes(id)) known.delete(id);
    const isListed = (entry: ActivityEntry): boolean => entry.finishedAtMs === null || endOf(entry) >= fromMs;
    // What failed or was given up long ago without an end on record is history, not activity.
    const isRecent = ({ state, createdAtMs }: Job): boolean =>
      createdAtMs >= fromMs || !(state === 'failed' || state === 'cancelled' || state === 'succeeded');
    const listedJobs = jobs().filter((job) => job.finishedAtMs !== null || isRecent(job));
    return sortEntries(
      [...ids.map((id) => this.#entryOfRun(id)), ...listedJobs.map((job) => entryOfJob(job, waitOf(job)))].filter(isListed),
    );
  }

  watch(signal: AbortSignal): AsyncIterable<ActivityEntry[]> {
    return watchSnapshots(
      {
        read: () => this.list(),
        subscribe: (listener) => this.#sources.subscribe(listener),
        minIntervalMs: MIN_INTERVAL_MS,
        maxIntervalMs: MAX_INTERVAL_MS,
      },
      signal,
    );
  }

  #entryOfRun(id: string): ActivityEntry {
    const known = this.#ended.get(id);
    if (known) return known;
    const { run, estimatedRemainingMs } = this.#sources.live(id);
    const nowMs = this.#sources.nowMs();
    const forecast = this.#forecasts.get(id) ?? new EndForecast();
    this.#forecasts.set(id, forecast);
    const hasPace = run.counts.succeeded >= MIN_RESULTS || nowMs - (run.startedAtMs ?? nowMs) >= MIN_RUNNING_MS;
    if (run.state === 'running' && hasPace && estimatedRemainingMs !== null) {
      forecast.report({ progress: null, remainingSec: estimatedRemainingMs / 1000 / run.timeScale }, nowMs);
    }
    const entry = entryOfRun(run, forecast.remaining(nowMs));
    if (run.finishedAtMs !== null && nowMs - run.finishedAtMs > MAX_INTERVAL_MS) this.#ended.set(id, entry);
    return entry;
  }
}
