// One network decides for one task: the one way from a state to action probabilities that training, evaluation and agents have. In double
// precision and plain JavaScript, so that a node decides what the simulator decides, bit for bit, and needs no native part.
import { compileGraph } from '../graph/compile-graph.js';
import { countElements, inputShapesOf } from '../graph/graph.js';
import { createLearner, type LearningMethod } from '../learning/learner.js';
import { countParameters } from '../learning/parameter-layout.js';
import { buildPolicyGraph } from '../learning/policy-graph.js';
import { type NoisePort, type PolicyPort, type Port, sortPolicyPorts } from '../learning/ports.js';
import type { TrainingSettings } from '../learning/training-settings.js';

/** A network's method, form and number of inputs; the sizes of Table IV are in its settings. */
export interface NetworkShape {
  method: LearningMethod;
  settings: TrainingSettings;
  servers: number;
  stateSize: number;
}

/** What a chain starts from and meets on its way; what is left out is zero. */
export interface ChainInputs {
  /** x_I, [servers]. */
  latents?: ArrayLike<number> | undefined;
  /** Standard normal numbers, so many of each input. */
  noise?: ((port: Port<NoisePort>) => ArrayLike<number>) | undefined;
}

export interface NetworkDecider {
  /** Whether its chain starts from latents that the caller keeps. */
  readonly takesLatents: boolean;
  setParameters(parameters: ArrayLike<number>): void;
  /** Action probabilities [servers] of a state; the array is good until the next decision. Throws where one is no number. */
  decide(state: ArrayLike<number>, chain?: ChainInputs): Float64Array;
}

/** Without parameters yet. */
export function createNetworkDecider(shape: NetworkShape): NetworkDecider {
  const { stateSize } = shape;
  const graph = buildPolicyGraph(actorOf(shape), { agents: 1, batchSize: 1, stateSize });
  const shapes = inputShapesOf(graph);
  const ports = sortPolicyPorts(shapes, 'fed');
  const compiled = compileGraph(graph, ['actor']);
  const zeros = new Map(Object.entries(shapes).map(([name, size]) => [name, new Float64Array(countElements(size))]));
  const takesLatents = ports.latents.length > 0;
  return {
    takesLatents,
    setParameters: (parameters) => compiled.fix({ actor: parameters }),
    decide(state, { latents, noise } = {}) {
      const feeds: Partial<Record<PolicyPort, ArrayLike<number>>> = { states: state };
      if (takesLatents) feeds.latents = latents ?? zeros.get('latents')!;
      for (const port of ports.noise) feeds[port.name] = noise?.(port) ?? zeros.get(port.name)!;
      const probabilities = compiled.run(feeds)['probabilities']!;
      if (!probabilities.every(Number.isFinite)) throw new Error('The network gives what is no number.');
      return probabilities;
    },
  };
}

export function countNetworkParameters(shape: NetworkShape): number {
  return countParameters(actorOf(shape).layout);
}

function actorOf({ method, settings, servers, stateSize }: NetworkShape) {
  return createLearner(method, { ...settings, agents: 1, servers, stateSize }).actor;
}

/** The server of the highest probability among those that can be chosen, the first of equals. */
export function mostProbableAmong(choices: readonly number[], probabilities: ArrayLike<number>): number {
  let best = choices[0]!;
  for (const server of choices) if (probabilities[server]! > probabilities[best]!) best = server;
  return best;
}
