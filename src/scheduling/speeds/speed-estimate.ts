/** A single computation is believed up to this factor: a node that stood still for a while is not thousands of times as slow. */
const MAX_FACTOR = 100;

/**
 * How many times as long as on record a node takes, learned from what it has computed: 1 at first, then an exponentially weighted moving
 * average of measured over expected compute times. One small thing, for agents and simulators alike: whoever reckons with a node's times
 * multiplies them by `slowness`.
 */
export class SpeedEstimate {
  readonly #weight: number;
  #slowness = 1;

  /** @param weight of the newest computation, (0, 1]; 1 believes the last one alone. */
  constructor(weight: number) {
    this.#weight = weight;
  }

  get slowness(): number {
    return this.#slowness;
  }

  /** Takes in a computation; one that took no time, or none by its record, says nothing. Any unit of time, the same for both. */
  observe(measured: number, expected: number): void {
    const ratio = measured / expected;
    if (!Number.isFinite(ratio) || ratio <= 0) return;
    const believed = Math.min(Math.max(ratio, 1 / MAX_FACTOR), MAX_FACTOR);
    this.#slowness += this.#weight * (believed - this.#slowness);
  }
}
