// The decisions of a slot, for all BSs and tasks at once, in the steps of Algorithm 1: observe (line 9), generate (line 10), choose (Eq. 8).

import { firstTaskOf } from '../environment/arrivals.js';
import type { SlotObservation } from '../environment/simulator-policy.js';
import type { RandomSource } from '../../random/random.js';
import type { GraphRunner } from './graph-runner.js';
import type { LatentStore } from './latent-store.js';
import type { NoisePool } from './normal-noise.js';
import { createObservationWriter, type ObservationScale, type WriteObservation } from './observation.js';
import { type NoisePort, POLICY_GRAPH, type Port, sortPolicyPorts, takeOutput } from './ports.js';

export interface SlotDecisionsOptions {
  /** Of buildPolicyGraph, its parameters an input. */
  policy: GraphRunner;
  scale: ObservationScale;
  noise: NoisePool;
  /** How a server is taken from the probabilities: drawn (as the paper's public code), or the most probable (Eq. 8). */
  choice: 'drawn' | 'most-probable';
  /** Called with the action probabilities of each decision [servers]; only to be looked at, and only during the call. */
  onDecision?: (probabilities: Float32Array) => void;
}

export class SlotDecisions {
  /** What the last slot's decisions saw, [agents, tasks, stateSize]; rows of tasks that did not arrive hold anything. */
  readonly states: Float32Array;
  /** x_I: what the last slot's chains started from, [agents, tasks, servers]; null where the policy starts from no latents. */
  readonly latents: Float32Array | null;
  readonly #options: SlotDecisionsOptions;
  readonly #noisePorts: readonly Port<NoisePort>[];
  readonly #writeObservation: WriteObservation;
  readonly #agents: number;
  readonly #tasks: number;
  readonly #stateSize: number;

  /** @throws Error where the graph's inputs are not the ports of a policy */
  constructor(options: SlotDecisionsOptions) {
    this.#options = options;
    const shapes = options.policy.inputShapes;
    const ports = sortPolicyPorts(shapes, 'fed');
    [this.#agents, this.#tasks, this.#stateSize] = shapes['states'] as readonly [number, number, number];
    this.#noisePorts = ports.noise;
    this.states = new Float32Array(ports.observation[0]!.length);
    this.latents = ports.latents[0] === undefined ? null : new Float32Array(ports.latents[0].length);
    this.#writeObservation = createObservationWriter(this.states, this.#agents, options.scale);
  }

  /** The row of an agent's task among those of its slot, in the arrays above. */
  rowOf(agent: number, index: number): number {
    return agent * this.#tasks + index;
  }

  /** Line 9: s of every task of the slot, and x_I <- X_b[n]. */
  observe({ slot, arrivals, backlogGigacycles }: SlotObservation, latentStore: LatentStore | null): void {
    for (let agent = 0; agent < this.#agents; agent++) {
      const first = firstTaskOf(arrivals, slot, agent);
      const count = firstTaskOf(arrivals, slot, agent + 1) - first;
      for (let index = 0; index < count; index++) {
        this.#writeObservation(arrivals, first + index, backlogGigacycles, this.rowOf(agent, index) * this.#stateSize);
      }
    }
    if (this.latents !== null) latentStore?.readSlot(slot, this.latents);
  }

  /**
   * Line 10: what the actor gives for what was observed, [agents, tasks, servers].
   * @param actor [agents, parameters]
   */
  async generate(actor: Float32Array, random: RandomSource): Promise<Float32Array> {
    const { policy, noise } = this.#options;
    const noiseFeeds: Partial<Record<NoisePort, Float32Array>> = {};
    for (const { name, length } of this.#noisePorts) noiseFeeds[name] = noise.take(length, random);
    const outputs = await policy.run({ actor, states: this.states, ...(this.latents && { latents: this.latents }), ...noiseFeeds });
    return takeOutput(outputs, 'probabilities', POLICY_GRAPH);
  }

  /**
   * Eq. (8), for each task of the slot: fills `choices`, which starts with the slot's first task.
   * @param explorationRate share of the tasks that go to a server drawn uniformly
   */
  choose(
    probabilities: Float32Array,
    { slot, arrivals, firstTask }: SlotObservation,
    choices: Int32Array,
    { random, explorationRate }: { random: RandomSource; explorationRate: number },
  ): void {
    const { choice, onDecision } = this.#options;
    const servers = this.#agents;
    for (let agent = 0; agent < this.#agents; agent++) {
      const first = firstTaskOf(arrivals, slot, agent);
      const end = firstTaskOf(arrivals, slot, agent + 1);
      for (let task = first; task < end; task++) {
        const row = this.rowOf(agent, task - first);
        choices[task - firstTask] =
          choice === 'drawn'
            ? drawServer(probabilities, row, { servers, random, explorationRate })
            : findMostProbable(probabilities, row, servers);
        onDecision?.(probabilities.subarray(row * servers, (row + 1) * servers));
      }
    }
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
