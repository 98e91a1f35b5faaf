// Bytes done, their rate over the last seconds, and the time left; reported a few times a second at most.
import type { ModelProgress } from '../../../shared/model.js';

/** Between two reports at the least. */
const REPORT_EVERY_MS = 200;
/** The rate looks back this far: long enough to be calm, short enough to follow a disk that slows down. */
const WINDOW_MS = 3000;

export class ProgressMeter {
  private doneBytes = 0;
  private lastReportMs = -Infinity;
  private readonly marks: { atMs: number; doneBytes: number }[] = [];

  constructor(
    private readonly options: {
      phase: ModelProgress['phase'];
      totalBytes: number;
      /** Monotonic clock, ms. */
      nowMs: () => number;
      report(progress: ModelProgress): void;
    },
  ) {
    this.marks.push({ atMs: options.nowMs(), doneBytes: 0 });
  }

  /** So many bytes were done before: they count, and are not part of the rate. */
  startFrom(doneBytes: number): void {
    this.doneBytes = doneBytes;
    this.marks.splice(0, this.marks.length, { atMs: this.options.nowMs(), doneBytes });
    this.options.report(this.progress(this.options.nowMs()));
  }

  add(bytes: number): void {
    this.doneBytes += bytes;
    const atMs = this.options.nowMs();
    if (atMs - this.lastReportMs < REPORT_EVERY_MS && this.doneBytes < this.options.totalBytes) return;
    this.lastReportMs = atMs;
    this.marks.push({ atMs, doneBytes: this.doneBytes });
    while (this.marks.length > 2 && atMs - (this.marks[1]?.atMs ?? atMs) > WINDOW_MS) this.marks.shift();
    this.options.report(this.progress(atMs));
  }

  private progress(atMs: number): ModelProgress {
    const { phase, totalBytes } = this.options;
    const { doneBytes } = this;
    const [first] = this.marks;
    const sinceMs = first ? atMs - first.atMs : 0;
    const bytesPerSec = first && sinceMs > 0 ? ((doneBytes - first.doneBytes) / sinceMs) * 1000 : null;
    const remainingSec = bytesPerSec ? (totalBytes - doneBytes) / bytesPerSec : null;
    return { phase, doneBytes, totalBytes, bytesPerSec, remainingSec };
  }
}
