// Congestion prices: the seconds of waiting that a Gigacycle sent to an ES in a slot adds to the tasks that come there later. They are known
// only in hindsight, and learned from one episode to the next.
//
// Queues are first in, first out, so a task of work w at ES j makes everyone wait w / f_j longer who comes there before its queue has run
// empty. With n[s][j] the tasks that ES j gets in slot s:
//
//   L[t][j]      = n[t][j] / 2 + sum of n[s][j] over the slots s after t until ES j's queue is empty at a slot's end
//                  (of its own slot's tasks, half come after it on average)
//   price[t][j] += rate (L[t][j] / f_j - price[t][j])

import type { SlotOutcome } from '../environment/simulator-policy.js';

export interface PriceSizes {
  slots: number;
  servers: number;
}

export class CongestionPrices {
  /** Seconds a Gigacycle, [slots, servers]; changes when an episode is learned. */
  readonly values: Float32Array;
  readonly #sizes: PriceSizes;
  /** Of the episode under way: n, and whether the queue was busy at the slot's end, both [slots, servers]. */
  readonly #taskCounts: Float64Array;
  readonly #busyAtEnd: Uint8Array;

  /** @param values from a checkpoint; zero without, so that the first episode is greedy */
  constructor(sizes: PriceSizes, values: Float32Array = new Float32Array(sizes.slots * sizes.servers)) {
    if (values.length !== sizes.slots * sizes.servers) throw new Error('The prices are of an environment of other sizes');
    this.#sizes = sizes;
    this.values = values.slice();
    this.#taskCounts = new Float64Array(values.length);
    this.#busyAtEnd = new Uint8Array(values.length);
  }

  /** Forgets what was recorded of an episode that did not reach its end. */
  startEpisode(): void {
    this.#taskCounts.fill(0);
    this.#busyAtEnd.fill(0);
  }

  recordSlot({ slot, choices, nextBacklogGigacycles }: Pick<SlotOutcome, 'slot' | 'choices' | 'nextBacklogGigacycles'>): void {
    const row = slot * this.#sizes.servers;
    for (const server of choices) this.#taskCounts[row + server]! += 1;
    for (let server = 0; server < this.#sizes.servers; server++) this.#busyAtEnd[row + server] = nextBacklogGigacycles[server]! > 0 ? 1 : 0;
  }

  /** Moves the prices by `rate` (0 to 1) of the way to those that the recorded episode had; f is `capacityGigacyclesPerSec`, [servers]. */
  learnEpisode(capacityGigacyclesPerSec: Float64Array, rate: number): void {
    const { slots, servers } = this.#sizes;
    for (let server = 0; server < servers; server++) {
      let later = 0;
      for (let slot = slots - 1; slot >= 0; slot--) {
        const cell = slot * servers + server;
        const count = this.#taskCounts[cell]!;
        if (this.#busyAtEnd[cell] === 0) later = 0;
        const price = (later + count / 2) / capacityGigacyclesPerSec[server]!;
        this.values[cell]! += rate * (price - this.values[cell]!);
        later += count;
      }
    }
  }
}
