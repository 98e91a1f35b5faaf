// Experience of all agents (the paper's R_b): the newest transitions of each, copied in and copied out, so that nothing that the caller
// changes later reaches the past. The paper's public code keeps views of the latent array, whose newer outputs overwrite stored ones.

import type { RandomSource } from '../../random/random.js';

export interface ReplaySizes {
  agents: number;
  /** Transitions kept for each agent; 1000 (Table IV). */
  capacity: number;
  /** Numbers in a state. */
  stateSize: number;
  /** Number of actions. */
  servers: number;
}

/** One decision and what came of it. */
export interface Transition {
  state: ArrayLike<number>;
  /** What the chain started from, [servers]; absent for methods that store none. */
  latent?: ArrayLike<number>;
  /** The server chosen. */
  action: number;
  reward: number;
  nextState: ArrayLike<number>;
  nextLatent?: ArrayLike<number>;
  /** True for the last task of an episode: no state follows, so none is valued. */
  done: boolean;
}

/** A batch by the names of the update's inputs (see soft-actor-critic.ts), each [agents, numbers, batch] row-major: feature-major. */
export interface ReplayBatch {
  states: Float32Array;
  latents: Float32Array;
  /** One-hot. */
  actions: Float32Array;
  rewards: Float32Array;
  nextStates: Float32Array;
  next_latents: Float32Array;
  /** 1 - done: what a target's next value is multiplied by. */
  notDone: Float32Array;
}

/** All of a buffer, for a checkpoint: what it gives to `restore` makes the same samples from the same random numbers. */
export interface ReplaySnapshot {
  rows: Float32Array;
  counts: Int32Array;
  nextSlots: Int32Array;
}

export class ReplayBuffer {
  readonly #sizes: ReplaySizes;
  /** [agents, capacity, width]: state, latent, next state, next latent, action, reward, notDone. */
  #rows: Float32Array;
  #counts: Int32Array;
  #nextSlots: Int32Array;

  constructor(sizes: ReplaySizes) {
    this.#sizes = sizes;
    this.#rows = new Float32Array(sizes.agents * sizes.capacity * this.#width);
    this.#counts = new Int32Array(sizes.agents);
    this.#nextSlots = new Int32Array(sizes.agents);
  }

  /** Stores a transition of one agent; over the capacity it takes the place of the agent's oldest. */
  add(agent: number, transition: Transition): void {
    const { capacity, stateSize, servers } = this.#sizes;
    const slot = this.#nextSlots[agent]!;
    let offset = (agent * capacity + slot) * this.#width;
    const write = (values: ArrayLike<number> | undefined, length: number): void => {
      for (let index = 0; index < length; index++) this.#rows[offset++] = values === undefined ? 0 : values[index]!;
    };
    write(transition.state, stateSize);
    write(transition.latent, servers);
    write(transition.nextState, stateSize);
    write(transition.nextLatent, servers);
    this.#rows[offset++] = transition.action;
    this.#rows[offset++] = transition.reward;
    this.#rows[offset] = transition.done ? 0 : 1;
    this.#nextSlots[agent] = (slot + 1) % capacity;
    this.#counts[agent] = Math.min(this.#counts[agent]! + 1, capacity);
  }

  /** Transitions of the agent that has the fewest: what "learning starts at" is compared with. */
  get minCount(): number {
    return Math.min(...this.#counts);
  }

  createBatch(batchSize: number): ReplayBatch {
    const { agents, stateSize, servers } = this.#sizes;
    const make = (width: number): Float32Array => new Float32Array(agents * batchSize * width);
    return {
      states: make(stateSize),
      latents: make(servers),
      actions: make(servers),
      rewards: make(1),
      nextStates: make(stateSize),
      next_latents: make(servers),
      notDone: make(1),
    };
  }

  /**
   * Fills a batch of createBatch with transitions drawn uniformly with replacement, of every agent from its own.
   * @throws Error where an agent has none
   */
  sample(batch: ReplayBatch, random: RandomSource): void {
    const { agents, capacity, stateSize, servers } = this.#sizes;
    if (this.minCount === 0) throw new Error('The replay buffer has no transition of some agent yet');
    const batchSize = batch.rewards.length / agents;
    const drawn = new Int32Array(batchSize);
    batch.actions.fill(0);
    for (let agent = 0; agent < agents; agent++) {
      const newest = this.#counts[agent]! - 1;
      for (let row = 0; row < batchSize; row++) drawn[row] = (agent * capacity + random.nextInt(0, newest)) * this.#width;
      const nextStart = stateSize + servers;
      this.#gather(drawn, 0, { target: batch.states, agent, length: stateSize });
      this.#gather(drawn, stateSize, { target: batch.latents, agent, length: servers });
      this.#gather(drawn, nextStart, { target: batch.nextStates, agent, length: stateSize });
      this.#gather(drawn, nextStart + stateSize, { target: batch.next_latents, agent, length: servers });
      this.#gather(drawn, 2 * nextStart + 1, { target: batch.rewards, agent, length: 1 });
      this.#gather(drawn, 2 * nextStart + 2, { target: batch.notDone, agent, length: 1 });
      for (let row = 0; row < batchSize; row++) {
        const action = this.#rows[drawn[row]! + 2 * nextStart]!;
        batch.actions[(agent * servers + action) * batchSize + row] = 1;
      }
    }
  }

  takeSnapshot(): ReplaySnapshot {
    return { rows: this.#rows.slice(), counts: this.#counts.slice(), nextSlots: this.#nextSlots.slice() };
  }

  /** Whether the snapshot is of a buffer of these sizes. */
  fits(snapshot: ReplaySnapshot): boolean {
    return snapshot.rows.length === this.#rows.length && snapshot.counts.length === this.#counts.length;
  }

  /** @throws Error where the snapshot is of a buffer of other sizes */
  restore(snapshot: ReplaySnapshot): void {
    if (!this.fits(snapshot)) {
      throw new Error('The snapshot is of a replay buffer of other sizes');
    }
    this.#rows = snapshot.rows.slice();
    this.#counts = snapshot.counts.slice();
    this.#nextSlots = snapshot.nextSlots.slice();
  }

  get #width(): number {
    return 2 * (this.#sizes.stateSize + this.#sizes.servers) + 3;
  }

  /** Copies a stretch of the rows that start at `drawn` into an agent's part of the target, [length, rows]: number by number, row by row. */
  #gather(drawn: Int32Array, start: number, { target, agent, length }: { target: Float32Array; agent: number; length: number }): void {
    const rows = this.#rows;
    const count = drawn.length;
    let offset = agent * length * count;
    for (let index = start; index < start + length; index++) {
      for (let row = 0; row < count; row++) target[offset++] = rows[drawn[row]! + index]!;
    }
  }
}
