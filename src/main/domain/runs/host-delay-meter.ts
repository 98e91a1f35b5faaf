// Measures how late this machine is while a run is in progress: a timer that is due every 20 real ms, and how long after that it fires. It sees
// whatever delays this process: its own work, and other programs that take the processors.
import type { HostDelay } from '../../../shared/run.js';

const INTERVAL_MS = 20;

export interface MeterClock {
  nowMs(): number;
  /** Calls back after some real ms, zero or more; returns what stops it. */
  after(realMs: number, act: () => void): () => void;
}

const REAL_CLOCK: MeterClock = {
  nowMs: () => performance.now(),
  after(realMs, act) {
    const timer = setTimeout(act, realMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

export class HostDelayMeter {
  readonly #clock: MeterClock;
  #sumMs: number;
  #maxMs: number;
  #count: number;
  #stop: (() => void) | null = null;

  /** @param earlier what was measured before the program was interrupted */
  constructor(earlier: HostDelay | null, clock: MeterClock = REAL_CLOCK) {
    this.#clock = clock;
    this.#count = earlier?.sampleCount ?? 0;
    this.#sumMs = (earlier?.meanMs ?? 0) * this.#count;
    this.#maxMs = earlier?.maxMs ?? 0;
  }

  /** Starts, or continues; a second call does nothing. */
  start(): void {
    if (this.#stop === null) this.#expect(this.#clock.nowMs() + INTERVAL_MS);
  }

  stop(): void {
    this.#stop?.();
    this.#stop = null;
  }

  /** Null before the first sample. */
  reading(): HostDelay | null {
    return this.#count === 0 ? null : { meanMs: this.#sumMs / this.#count, maxMs: this.#maxMs, sampleCount: this.#count };
  }

  #expect(dueMs: number): void {
    // It may be due already: a busy machine can hold this process up after it read the clock.
    const inMs = Math.max(0, dueMs - this.#clock.nowMs());
    this.#stop = this.#clock.after(inMs, () => {
      const nowMs = this.#clock.nowMs();
      this.#add(Math.max(0, nowMs - dueMs));
      this.#expect(nowMs + INTERVAL_MS);
    });
  }

  /**
   * A block of 500 ms is one late timer, but twenty-five events would have come within it and waited 500, 480, ... ms. They are counted as if
   * they had, so that the mean is that of an event at any moment and not of a timer that itself was held up.
   */
  #add(latenessMs: number): void {
    this.#maxMs = Math.max(this.#maxMs, latenessMs);
    const missed = Math.floor(latenessMs / INTERVAL_MS);
    this.#sumMs += (missed + 1) * latenessMs - (INTERVAL_MS * missed * (missed + 1)) / 2;
    this.#count += missed + 1;
  }
}
