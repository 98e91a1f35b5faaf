// The state of a learner and the updates that change it: draws a batch, runs the update's graph, keeps what it gives back.

import type { RandomSource } from '../random.js';
import { computeBiasCorrections } from './adam.js';
import type { GraphRunner } from './graph-runner.js';
import type { NoisePool } from './normal-noise.js';
import type { ReplayBatch, ReplayBuffer } from './replay-buffer.js';

export type LearnerState = Record<string, Float32Array>;

export interface LearnerUpdatesOptions {
  /** Names of the state among the graph's inputs. */
  stateNames: readonly string[];
  state: LearnerState;
  /** Updates done before, where the state is from a checkpoint; Adam counts them. */
  updateCount: number;
  update: GraphRunner;
  replay: ReplayBuffer;
  noise: NoisePool;
}

export class LearnerUpdates {
  readonly #options: LearnerUpdatesOptions;
  readonly #batch: ReplayBatch;
  /** Numbers in the inputs that are neither state nor experience: normal noise, drawn anew for each update. */
  readonly #noiseLengths: Record<string, number> = {};
  readonly #sums = new Map<string, number>();
  #state: LearnerState;
  #updateCount: number;
  #summed = 0;

  constructor(options: LearnerUpdatesOptions) {
    this.#options = options;
    this.#state = options.state;
    this.#updateCount = options.updateCount;
    const shapes = options.update.inputShapes;
    this.#batch = options.replay.createBatch(shapes['rewards']![2]!);
    const known = new Set([...options.stateNames, ...Object.keys(this.#batch), 'biasCorrections']);
    for (const [name, shape] of Object.entries(shapes)) {
      if (!known.has(name)) this.#noiseLengths[name] = shape.reduce((product, size) => product * size, 1);
    }
  }

  /** As after the last update; not to be changed. */
  get state(): LearnerState {
    return this.#state;
  }

  get updateCount(): number {
    return this.#updateCount;
  }

  async run(random: RandomSource): Promise<void> {
    const { stateNames, update, replay, noise } = this.#options;
    replay.sample(this.#batch, random);
    const noiseInputs = Object.fromEntries(Object.entries(this.#noiseLengths).map(([name, count]) => [name, noise.take(count, random)]));
    const biasCorrections = computeBiasCorrections(this.#updateCount + 1);
    const outputs = await update.run({ ...this.#batch, ...noiseInputs, ...this.#state, biasCorrections });
    this.#state = Object.fromEntries(stateNames.map((name) => [name, outputs[`updated_${name}`]!]));
    this.#updateCount++;
    this.#addMetrics(outputs);
  }

  /** Means over agents and over the updates since the last call, by the names of the graph's outputs; empty where there was none. */
  takeMetrics(): Record<string, number> {
    const metrics = Object.fromEntries([...this.#sums].map(([name, sum]) => [name, sum / this.#summed]));
    this.#sums.clear();
    this.#summed = 0;
    return metrics;
  }

  #addMetrics(outputs: Record<string, Float32Array>): void {
    for (const [name, values] of Object.entries(outputs)) {
      if (name.startsWith('updated_')) continue;
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      this.#sums.set(name, (this.#sums.get(name) ?? 0) + mean);
    }
    this.#summed++;
  }
}
