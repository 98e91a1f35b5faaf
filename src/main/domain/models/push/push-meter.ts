// How far the push to one node is: bytes by where they came from, their rate over the last seconds, and the time left.
import type { PushNodeState, PushProgress } from '../../../../shared/model-push.js';

/** Between two reports at the least, real ms. */
const REPORT_EVERY_MS = 200;
/** The rate looks back this far: relayed blocks come 8 MiB at once. */
const WINDOW_MS = 5000;

export class PushMeter {
  #state: PushNodeState = 'connecting';
  #foundBytes = 0;
  #writtenBytes = 0;
  #relayedBytes = 0;
  #sentBytes = 0;
  /** Sent and not yet known to be in the file. */
  #underwayBytes = 0;
  #lastReportMs = -Infinity;
  #marks: { atMs: number; bytes: number }[] = [];

  constructor(
    private readonly options: {
      totalBytes: number;
      /** Monotonic clock, ms. */
      nowMs: () => number;
      report(progress: PushProgress): void;
    },
  ) {}

  /** Reports at once. */
  enter(state: PushNodeState): void {
    this.#state = state;
    if (state === 'sending' && this.#marks.length === 0) this.#mark();
    this.#report();
  }

  /** The connection starts again: what is on the node is found out again, and what was on its way is lost. */
  restart(): void {
    this.#foundBytes = this.#writtenBytes = this.#relayedBytes = this.#underwayBytes = 0;
    this.#marks = [];
  }

  addFound(bytes: number): void {
    this.#foundBytes += bytes;
    this.#reportSometimes();
  }

  addSent(bytes: number): void {
    this.#sentBytes += bytes;
    this.#underwayBytes += bytes;
    this.#reportSometimes();
  }

  /** What was sent is in the file; `isNew` unless it was there by another way. */
  addWritten(bytes: number, isNew: boolean): void {
    this.#underwayBytes -= bytes;
    if (isNew) this.#writtenBytes += bytes;
    this.#reportSometimes();
  }

  addRelayed(bytes: number): void {
    this.#relayedBytes += bytes;
    this.#reportSometimes();
  }

  get totals(): { foundBytes: number; sentBytes: number; relayedBytes: number } {
    return { foundBytes: this.#foundBytes, sentBytes: this.#sentBytes, relayedBytes: this.#relayedBytes };
  }

  /** Grows with everything that gets to the node. */
  get arrivedBytes(): number {
    return this.#writtenBytes + this.#relayedBytes;
  }

  #reportSometimes(): void {
    if (this.options.nowMs() - this.#lastReportMs >= REPORT_EVERY_MS) this.#report();
  }

  #report(): void {
    const { totalBytes, report } = this.options;
    this.#lastReportMs = this.options.nowMs();
    const bytesPerSec = this.#rate();
    const doneBytes = Math.min(totalBytes, this.#foundBytes + this.arrivedBytes + this.#underwayBytes);
    report({
      state: this.#state,
      totalBytes,
      doneBytes,
      ...this.totals,
      bytesPerSec,
      remainingSec: bytesPerSec ? (totalBytes - doneBytes) / bytesPerSec : null,
    });
  }

  #mark(): void {
    this.#marks.push({ atMs: this.options.nowMs(), bytes: this.arrivedBytes + this.#underwayBytes });
  }

  #rate(): number | null {
    if (this.#marks.length === 0) return null;
    this.#mark();
    const { atMs, bytes } = this.#marks.at(-1)!;
    while (this.#marks.length > 2 && atMs - this.#marks[1]!.atMs > WINDOW_MS) this.#marks.shift();
    const first = this.#marks[0]!;
    return atMs > first.atMs ? ((bytes - first.bytes) / (atMs - first.atMs)) * 1000 : null;
  }
}
