// When a job will end, as honestly as it can be said: the spread of the last predictions, and nothing before there are a few.
import type { JobProgress, TimeLeft } from '../../../shared/job.js';

/** Predictions that the range is made of. */
const WINDOW = 8;
/** Fewer say nothing about how far they spread. */
const MIN_PREDICTIONS = 3;
/** Reports within it count as one, real ms. */
const SPACING_MS = 1000;

export class EndForecast {
  /** The instants of the predictions, and the end that each predicted. */
  readonly #predictions: { atMs: number; endMs: number }[] = [];
  #first: { atMs: number; done: number } | null = null;
  #lastDone = 0;

  /** Whether a report would count now. */
  isDue(nowMs: number): boolean {
    const last = this.#predictions.at(-1);
    return !last || nowMs - last.atMs >= SPACING_MS;
  }

  /** `remainingSec`: what the kind itself predicts; by the pace since the first report where it predicts nothing. */
  report({ progress, remainingSec }: { progress: JobProgress | null; remainingSec?: number | null }, nowMs: number): void {
    const left = remainingSec ?? this.#byPace(progress, nowMs);
    if (left === null || !this.isDue(nowMs)) return;
    this.#predictions.push({ atMs: nowMs, endMs: nowMs + left * 1000 });
    if (this.#predictions.length > WINDOW) this.#predictions.shift();
  }

  /** Null before there is a spread. */
  remaining(nowMs: number): TimeLeft | null {
    if (this.#predictions.length < MIN_PREDICTIONS) return null;
    const ends = this.#predictions.map(({ endMs }) => Math.max(0, endMs - nowMs) / 1000);
    return { lowSec: Math.min(...ends), highSec: Math.max(...ends) };
  }

  #byPace(progress: JobProgress | null, nowMs: number): number | null {
    if (!progress || progress.total === null) return null;
    // A new phase starts to count again.
    if (!this.#first || progress.done < this.#lastDone) {
      this.#first = { atMs: nowMs, done: progress.done };
      this.#predictions.length = 0;
    }
    this.#lastDone = progress.done;
    const done = progress.done - this.#first.done;
    if (done <= 0) return null;
    return ((progress.total - progress.done) * (nowMs - this.#first.atMs)) / done / 1000;
  }
}
