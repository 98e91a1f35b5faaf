// The state of a learner and the updates that change it (Algorithm 1 line 17): runs the update's graph, keeps what it gives back.

import type { RandomSource } from '../../random/random.js';
import { computeBiasCorrections } from './adam.js';
import type { GraphRunner } from './graph-runner.js';
import type { LearnerState, StateName } from './learner.js';
import type { NoisePool } from './normal-noise.js';
import { BATCH_PORTS, type Port, sortPorts, takeOutput, UPDATE_NOISE_PORTS } from './ports.js';
import type { ReplayBatch } from './replay-buffer.js';

/** In errors. */
const GRAPH = 'graph of the update';
/** Only diffusion policies have them. */
const OPTIONAL_PORTS = ['latents', 'next_latents', ...UPDATE_NOISE_PORTS] as const;

export interface LearnerUpdatesOptions {
  /** All names of the state, each an input of the graph and, with the prefix `updated_`, an output. */
  stateNames: readonly StateName[];
  state: LearnerState;
  /** Updates done before, where the state is from a checkpoint; Adam counts them. */
  updateCount: number;
  update: GraphRunner;
  noise: NoisePool;
}

export class LearnerUpdates {
  /** K: transitions of a batch that an update takes. */
  readonly batchSize: number;
  readonly #options: LearnerUpdatesOptions;
  /** In the graph's order, in which they are drawn. */
  readonly #noisePorts: readonly Port<(typeof UPDATE_NOISE_PORTS)[number]>[];
  readonly #batchPorts: readonly Port<keyof ReplayBatch>[];
  readonly #sums = new Map<string, number>();
  #state: LearnerState;
  #updateCount: number;
  #summed = 0;

  /** @throws Error where the graph's inputs are not the ports, or the state is of a learner of other sizes */
  constructor(options: LearnerUpdatesOptions) {
    const { update, stateNames, state, updateCount } = options;
    const ports = sortPorts(update.inputShapes, {
      graph: GRAPH,
      groups: { state: stateNames, batch: BATCH_PORTS, noise: UPDATE_NOISE_PORTS, step: ['biasCorrections'] },
      optional: OPTIONAL_PORTS,
    });
    for (const { name, length } of ports.state) {
      const found = state[name]?.length;
      if (found !== length) throw new Error(`The state's ${name} has ${found ?? 'no'} numbers, and the ${GRAPH} takes ${length}`);
    }
    this.#options = options;
    this.#state = state;
    this.#updateCount = updateCount;
    this.#noisePorts = ports.noise;
    this.#batchPorts = ports.batch;
    this.batchSize = update.inputShapes['rewards']![2]!;
  }

  /** As after the last update; not to be changed. */
  get state(): LearnerState {
    return this.#state;
  }

  get updateCount(): number {
    return this.#updateCount;
  }

  /** One update of all agents: Eqs. (14)-(17), or those of dqn-ts.ts. */
  async run(batch: ReplayBatch, random: RandomSource): Promise<void> {
    const { stateNames, update, noise } = this.#options;
    const batchFeeds: Partial<ReplayBatch> = {};
    for (const { name } of this.#batchPorts) batchFeeds[name] = batch[name];
    const noiseFeeds: Partial<Record<(typeof UPDATE_NOISE_PORTS)[number], Float32Array>> = {};
    for (const { name, length } of this.#noisePorts) noiseFeeds[name] = noise.take(length, random);
    const biasCorrections = computeBiasCorrections(this.#updateCount + 1);
    const outputs = await update.run({ ...batchFeeds, ...noiseFeeds, ...this.#state, biasCorrections });
    this.#state = Object.fromEntries(stateNames.map((name) => [name, takeOutput(outputs, `updated_${name}`, GRAPH)])) as LearnerState;
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
