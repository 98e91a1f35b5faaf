/** As the protocol says: percentiles over the last 1,000 decisions. */
const WINDOW = 1_000;

/** Real milliseconds that the policy took for each of the last decisions. */
export class DecisionTimes {
  readonly #timesMs: number[] = [];
  #next = 0;

  /** Adds one sample for each of `count` tasks decided together in `batchMs`. */
  add(batchMs: number, count: number): void {
    for (let i = 0; i < Math.min(count, WINDOW); i++) {
      this.#timesMs[this.#next] = batchMs / count;
      this.#next = (this.#next + 1) % WINDOW;
    }
  }

  /** The smallest time that `share` (0..1) of the decisions did not exceed; 0 before the first. */
  percentileMs(share: number): number {
    const sorted = Float64Array.from(this.#timesMs).sort();
    return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  }
}
