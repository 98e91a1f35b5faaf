// Decides all tasks of a slot in one run of the policy's graph: observations in, probabilities out, a server drawn for each task.

import { firstTaskOf } from '../environment/arrivals.js';
import type { SlotObservation } from '../policies/simulator/simulator-policy.js';
import type { RandomSource } from '../random.js';
import type { GraphRunner } from './graph-runner.js';
import type { LatentStore } from './latent-store.js';
import type { NoisePool } from './normal-noise.js';
import { createObservationWriter, type ObservationScale, type WriteObservation } from './observation.js';

export interface SlotDecisionsOptions {
  /** Reads `actor`, `states` [agents, tasks, stateSize] and perhaps `latents`; everything else it asks for is normal noise. */
  policy: GraphRunner;
  scale: ObservationScale;
  latents: LatentStore;
  noise: NoisePool;
  /** How a server is taken from the probabilities: drawn (as the paper's public code), or the most probable (Eq. 8). */
  choice: 'drawn' | 'most-probable';
  /** Told the action probabilities of each decision [servers]; only to be looked at, and only during the call. */
  onDecision?: (probabilities: Float32Array) => void;
}

export class SlotDecisions {
  readonly #options: SlotDecisionsOptions;
  readonly #inputs: Record<string, Float32Array> = {};
  readonly #writeObservation: WriteObservation;
  readonly #agents: number;
  readonly #tasks: number;
  readonly #stateSize: number;

  constructor(options: SlotDecisionsOptions) {
    this.#options = options;
    const shapes = options.policy.inputShapes;
    for (const [name, shape] of Object.entries(shapes)) {
      this.#inputs[name] = new Float32Array(shape.reduce((product, size) => product * size, 1));
    }
    [this.#agents, this.#tasks, this.#stateSize] = shapes['states'] as readonly [number, number, number];
    this.#writeObservation = createObservationWriter(this.states, this.#agents, options.scale);
  }

  /** What the last slot's decisions saw, [agents, tasks, stateSize]; rows of tasks that did not arrive hold anything. */
  get states(): Float32Array {
    return this.#inputs['states']!;
  }

  /** What the last slot's chains started from, [agents, tasks, servers]; null where the policy stores no latents. */
  get latents(): Float32Array | null {
    return this.#inputs['latents'] ?? null;
  }

  /** The row of an agent's task among those of its slot, in the arrays above. */
  rowOf(agent: number, index: number): number {
    return agent * this.#tasks + index;
  }

  /**
   * Decides a slot and stores the probabilities as the tasks' next latents.
   * @param explorationRate share of the tasks that go to a server drawn uniformly
   */
  async decide(
    observation: SlotObservation,
    choices: Int32Array,
    { actor, random, explorationRate }: { actor: Float32Array; random: RandomSource; explorationRate: number },
  ): Promise<void> {
    const { policy, latents, noise, choice, onDecision } = this.#options;
    const { slot, arrivals, firstTask, backlogGigacycles } = observation;
    const countOf = (agent: number): number => firstTaskOf(arrivals, slot, agent + 1) - firstTaskOf(arrivals, slot, agent);
    for (let agent = 0; agent < this.#agents; agent++) {
      const first = firstTaskOf(arrivals, slot, agent);
      for (let index = 0; index < countOf(agent); index++) {
        this.#writeObservation(arrivals, first + index, backlogGigacycles, this.rowOf(agent, index) * this.#stateSize);
      }
    }
    for (const [name, values] of Object.entries(this.#inputs)) {
      if (name === 'latents') latents.readSlot(slot, values);
      else if (name !== 'states' && name !== 'actor') this.#inputs[name] = noise.take(values.length, random);
    }
    const { probabilities } = await policy.run({ ...this.#inputs, actor });
    for (let agent = 0; agent < this.#agents; agent++) {
      const first = firstTaskOf(arrivals, slot, agent) - firstTask;
      for (let index = 0; index < countOf(agent); index++) {
        const row = this.rowOf(agent, index);
        choices[first + index] =
          choice === 'drawn'
            ? drawServer(probabilities!, row, { servers: this.#agents, random, explorationRate })
            : findMostProbable(probabilities!, row, this.#agents);
        onDecision?.(probabilities!.subarray(row * this.#agents, (row + 1) * this.#agents));
      }
    }
    if (this.latents !== null) latents.writeSlot(slot, probabilities!, countOf);
  }
}

/** A server by the probabilities of one row [servers]. */
function drawServer(
  probabilities: Float32Array,
  row: number,
  { servers, random, explorationRate }: { servers: number; random: RandomSource; explorationRate: number },
): number {
  if (explorationRate > 0 && random.nextFloat() < explorationRate) return random.nextInt(0, servers - 1);
  let left = random.nextFloat();
  for (let server = 0; server < servers - 1; server++) {
    left -= probabilities[row * servers + server]!;
    if (left < 0) return server;
  }
  return servers - 1;
}

/** The server of the highest probability of one row, the first of equals. */
function findMostProbable(probabilities: Float32Array, row: number, servers: number): number {
  let best = 0;
  for (let server = 1; server < servers; server++) {
    if (probabilities[row * servers + server]! > probabilities[row * servers + best]!) best = server;
  }
  return best;
}
