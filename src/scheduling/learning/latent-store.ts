// The latent action probabilities X that LAD-TS starts its chains from: what the policy last gave for the same task index, copied in and
// out. The paper indexes by BS and task, X_b[n]; its public code also by time slot, so that a chain starts from the previous episode's
// output for the same slot, which learns better.

import type { RandomSource } from '../../random/random.js';
import type { NormalNoise } from './normal-noise.js';

export interface LatentStoreSizes {
  agents: number;
  /** The most tasks that arrive at a BS in a slot. */
  tasks: number;
  servers: number;
  /** Time slots with latents of their own; 1 is the paper's text, where all slots share them. */
  slots: number;
}

export class LatentStore {
  readonly #sizes: LatentStoreSizes;
  /** [slots, agents, tasks, servers]. */
  #latents: Float32Array;

  /** Starts standard normal, as Algorithm 1 line 1. */
  constructor(sizes: LatentStoreSizes, noise: NormalNoise, random: RandomSource) {
    this.#sizes = sizes;
    this.#latents = new Float32Array(sizes.slots * sizes.agents * sizes.tasks * sizes.servers);
    noise.fill(this.#latents, random);
  }

  /** Copies the latents of a slot, counted from 0, to `target` [agents, tasks, servers]: the input of a slot's decisions. */
  readSlot(slot: number, target: Float32Array): void {
    const start = this.#startOf(slot);
    target.set(this.#latents.subarray(start, start + target.length));
  }

  /** Stores the probabilities [agents, tasks, servers] given in a slot. Those of tasks that did not arrive keep their old latents. */
  writeSlot(slot: number, probabilities: Float32Array, arrived: (agent: number) => number): void {
    const { agents, tasks, servers } = this.#sizes;
    const start = this.#startOf(slot);
    for (let agent = 0; agent < agents; agent++) {
      const from = agent * tasks * servers;
      this.#latents.set(probabilities.subarray(from, from + arrived(agent) * servers), start + from);
    }
  }

  takeSnapshot(): Float32Array {
    return this.#latents.slice();
  }

  /** @throws Error where the snapshot is of a store of other sizes */
  restore(snapshot: Float32Array): void {
    if (snapshot.length !== this.#latents.length) throw new Error('The snapshot is of a latent store of other sizes');
    this.#latents = snapshot.slice();
  }

  #startOf(slot: number): number {
    const { agents, tasks, servers, slots } = this.#sizes;
    return (slot % slots) * agents * tasks * servers;
  }
}
