// LAD-TS's actor: the latent action diffusion network (LADN) of paper Sec. IV-A, Theorem 2 and Fig. 4. The chain starts from the latent
// action probabilities that the caller stored for this task, not from Gaussian noise, or evenly; how it learns is in soft-actor-critic.ts.
// Its chain is shared with shared-actors.ts, whose network is another.
//
//   latents x_I ──┐
//                 ▼
//   for i = I..1: eps = softmax(MLP([x_i, encode(i), state]))
//                 x_{i-1} = (x_i - beta_i / sqrt(1 - alphasCumprod_i) eps) / sqrt(1 - beta_i) + sqrt(variance_i) noise_i
//                 ▼
//   probabilities = softmax(x_0)
//
// Deviations from the paper's text, each as its public code does; the first two can be taken back by settings:
// - softmax on the MLP's output: with I = 5 the chain amplifies, and an unbounded eps learns far worse;
// - noise of standard deviation sqrt(variance), where Eq. (10) prints variance / 2; none in the last step (its variance is 0);
// - the caller stores the probabilities as the next latent, where Algorithm 1 line 12 stores x_0, which grows without bound.

import type { Shape } from '../graph/graph.js';
import type { GraphBuilder, Tensor } from '../graph/graph-builder.js';
import type { Actor } from './actor.js';
import { computeDiffusionSchedule, encodeStep } from './diffusion-schedule.js';
import { appendOnes, appendUnit, applyWeights } from './mlp.js';
import type { ParameterLayout } from './parameter-layout.js';

export interface LadnConfig {
  /** Number of ESs, B: the number of actions. */
  servers: number;
  /** Numbers in an observation: task size, work, and the B backlogs (Eq. 6). */
  stateSize: number;
  /** Neurons in each of the two hidden layers; 20 (Table IV). */
  hiddenSize: number;
  /** I; 5 (Table IV). */
  denoisingSteps: number;
  /** Smallest and largest noise rate of the schedule; 0.1 and 10, from the paper's public code. */
  betaMin: number;
  betaMax: number;
  /** Numbers in the encoding of a step; 16, from the paper's public code. */
  stepEncodingSize: number;
  /** Whether eps goes through a softmax (the paper's public code) or is the MLP's output as it is (Fig. 4). */
  epsilonBound: 'softmax' | 'none';
  /** Standard deviation of step i's noise: the root of its variance (the paper's public code), or half the variance (Eq. 10 as printed). */
  chainNoise: 'root' | 'half';
  /** What a chain starts from: what was stored for its task, fresh Gaussian noise (D2SAC-TS), or 1 / B for every server, stored nowhere. */
  chainStart: 'latents' | 'gaussianStart' | 'even';
}

/** What a chain runs on: x_I [agents, servers, batch], and the noise of its steps; null where there is but one step. */
export interface Chain {
  start: Tensor;
  noise: Tensor | null;
}

/**
 * The LADN. Besides the states it takes
 * - `latents` or `gaussianStart`, as the chain's start says, [agents, servers, batch]: x_I; neither where it is even;
 * - `noise` [I - 1, agents, servers, batch], standard normal, for i = I..2 in this order; absent where I = 1.
 */
export function createLadnActor(config: LadnConfig): Actor {
  return {
    layout: createLadnLayout(config),
    buildProbabilities: (builder, parameters, states, declareInput) => {
      const chain = declareChain(builder, config, states.shape.with(1, config.servers), declareInput);
      return builder.softmax(denoise(builder, config, chain, buildNetwork(builder, config, parameters, states)), 1);
    },
  };
}

/** @param shape of the chain, [agents, servers, batch] */
export function declareChain(
  builder: GraphBuilder,
  { chainStart, denoisingSteps, servers }: LadnConfig,
  shape: Shape,
  declareInput: Parameters<Actor['buildProbabilities']>[3],
): Chain {
  const start = chainStart === 'even' ? builder.expand(builder.scalar(1 / servers), shape) : declareInput(chainStart, shape);
  const noiseSteps = denoisingSteps - 1;
  return { start, noise: noiseSteps === 0 ? null : declareInput('noise', [noiseSteps, ...shape]) };
}

/** The first layer's weights lie apart by what they multiply, so that the part of the state is computed once for all steps. */
function createLadnLayout({ servers, stateSize, hiddenSize, stepEncodingSize }: LadnConfig): ParameterLayout {
  const layerInputs = servers + stepEncodingSize + stateSize;
  return [
    { name: 'layer1Latent', rows: servers, columns: hiddenSize, layerInputs },
    { name: 'layer1Step', rows: stepEncodingSize, columns: hiddenSize, layerInputs },
    { name: 'layer1State', rows: stateSize + 1, columns: hiddenSize, layerInputs },
    { name: 'layer2', rows: hiddenSize + 1, columns: hiddenSize, layerInputs: hiddenSize },
    { name: 'layer3', rows: hiddenSize + 1, columns: servers, layerInputs: hiddenSize },
  ];
}

/** A denoising step as its network sees it: x_i is y times growth, [agents, servers, batch]. */
interface ChainStep {
  /** i - 1. */
  index: number;
  y: Tensor;
  growth: number;
}

/** The encodings of the steps i = 1..I as columns, [stepEncodingSize, I]. */
export function encodeSteps(builder: GraphBuilder, { denoisingSteps, stepEncodingSize }: LadnConfig): Tensor {
  const encodings = Array.from({ length: denoisingSteps }, (_, index) => encodeStep(index + 1, stepEncodingSize));
  return builder.swapLastAxes(builder.constant(encodings.flat(), [denoisingSteps, stepEncodingSize]));
}

/** The MLP of Fig. 4. Biases as in mlp.ts. */
function buildNetwork(
  builder: GraphBuilder,
  config: LadnConfig,
  parameters: ReadonlyMap<string, Tensor>,
  states: Tensor,
): (step: ChainStep) => Tensor {
  const block = (name: string): Tensor => parameters.get(name)!;
  // The first layer but for the latent: [agents, hidden + 1, I] and [agents, hidden + 1, batch].
  const latentWeights = appendUnit(builder, block('layer1Latent'), 'nothing');
  const stepWeights = appendUnit(builder, block('layer1Step'), 'nothing');
  const stepPart = applyWeights(builder, stepWeights, encodeSteps(builder, config));
  const statePart = applyWeights(builder, appendUnit(builder, block('layer1State'), 'always 1'), appendOnes(builder, states));
  const layer2 = appendUnit(builder, block('layer2'), 'always 1');
  return ({ index, y, growth }) => {
    const fixedPart = builder.add(statePart, builder.slice(stepPart, 2, index, index + 1));
    const hidden1 = builder.relu(builder.add(applyWeights(builder, builder.scale(latentWeights, growth), y), fixedPart));
    const hidden2 = builder.relu(applyWeights(builder, layer2, hidden1));
    return applyWeights(builder, block('layer3'), hidden2);
  };
}

/**
 * Theorem 2: from x_I to x_0, both [agents, servers, batch]; its plain form is in ladn-reference.ts. The chain is kept as y_i = x_i / growth_i, where
 * growth_i is the product of the factors 1 / sqrt(1 - beta) so far: then a step only adds to y, and the growth goes into the weights.
 * @param network gives a step's eps before it is bounded
 */
export function denoise(builder: GraphBuilder, config: LadnConfig, { start, noise }: Chain, network: (step: ChainStep) => Tensor): Tensor {
  const { denoisingSteps } = config;
  const { betas, alphasCumprod, posteriorVariances } = computeDiffusionSchedule(config);
  let y = start;
  let growth = 1;
  for (let step = denoisingSteps; step >= 1; step--) {
    const index = step - 1;
    const output = network({ index, y, growth });
    // The softmax carries the factor that eps enters the chain with.
    const epsilonFactor = -betas[index]! / Math.sqrt(1 - alphasCumprod[index]!) / growth;
    const isBounded = config.epsilonBound === 'softmax';
    y = builder.add(y, isBounded ? builder.softmax(output, 1, epsilonFactor) : builder.scale(output, epsilonFactor));
    growth /= Math.sqrt(1 - betas[index]!);
    if (step > 1) {
      const variance = posteriorVariances[index]!;
      const deviation = config.chainNoise === 'half' ? variance / 2 : Math.sqrt(variance);
      y = builder.add(y, builder.scale(takeNoise(builder, noise!, denoisingSteps - step), deviation / growth));
    }
  }
  return builder.scale(y, growth);
}

function takeNoise(builder: GraphBuilder, noise: Tensor, index: number): Tensor {
  return builder.reshape(builder.slice(noise, 0, index, index + 1), noise.shape.slice(1));
}
