// LAD-TS's actor: the latent action diffusion network (LADN) of paper Sec. IV-A, Theorem 2 and Fig. 4. The chain starts from the latent
// action probabilities that the caller stored for this task, not from Gaussian noise; how it learns is in soft-actor-critic.ts.
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
}

/**
 * The LADN. Besides the states it takes
 * - `latents` (or as `startInput` says) [agents, servers, batch]: x_I, the probabilities last given for the same task;
 * - `noise` [I - 1, agents, servers, batch], standard normal, for i = I..2 in this order; absent where I = 1.
 */
export function createLadnActor(config: LadnConfig, startInput: 'latents' | 'gaussianStart' = 'latents'): Actor {
  return {
    layout: createLadnLayout(config),
    buildProbabilities: (builder, parameters, states, declareInput) => {
      const shape = states.shape.with(1, config.servers);
      const latents = declareInput(startInput, shape);
      const noiseSteps = config.denoisingSteps - 1;
      const noise = noiseSteps === 0 ? null : declareInput('noise', [noiseSteps, ...shape]);
      return builder.softmax(denoise(builder, config, { parameters, states, latents, noise }), 1);
    },
  };
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

interface LadnTensors {
  parameters: ReadonlyMap<string, Tensor>;
  states: Tensor;
  latents: Tensor;
  noise: Tensor | null;
}

/**
 * Theorem 2: from x_I to x_0, both [agents, servers, batch]; its plain form is in ladn-reference.ts. Biases as in mlp.ts. The chain is kept as y_i = x_i / growth_i, where
 * growth_i is the product of the factors 1 / sqrt(1 - beta) so far: then a step only adds to y, and the growth goes into the weights.
 */
function denoise(builder: GraphBuilder, config: LadnConfig, { parameters, states, latents, noise }: LadnTensors): Tensor {
  const { denoisingSteps, stepEncodingSize } = config;
  const { betas, alphasCumprod, posteriorVariances } = computeDiffusionSchedule(config);
  const block = (name: string): Tensor => parameters.get(name)!;
  const steps = Array.from({ length: denoisingSteps }, (_, index) => index + 1);
  const encodings = builder.constant(
    steps.flatMap((step) => encodeStep(step, stepEncodingSize)),
    [denoisingSteps, stepEncodingSize],
  );
  // The first layer but for the latent: [agents, hidden + 1, I] and [agents, hidden + 1, batch].
  const latentWeights = appendUnit(builder, block('layer1Latent'), 'nothing');
  const stepWeights = appendUnit(builder, block('layer1Step'), 'nothing');
  const stepPart = applyWeights(builder, stepWeights, builder.swapLastAxes(encodings));
  const statePart = applyWeights(builder, appendUnit(builder, block('layer1State'), 'always 1'), appendOnes(builder, states));
  const layer2 = appendUnit(builder, block('layer2'), 'always 1');
  let y = latents;
  let growth = 1;
  for (const step of steps.toReversed()) {
    const index = step - 1;
    const fixedPart = builder.add(statePart, builder.slice(stepPart, 2, index, step));
    const hidden1 = builder.relu(builder.add(applyWeights(builder, builder.scale(latentWeights, growth), y), fixedPart));
    const hidden2 = builder.relu(applyWeights(builder, layer2, hidden1));
    // The softmax carries the factor that eps enters the chain with.
    const epsilonFactor = -betas[index]! / Math.sqrt(1 - alphasCumprod[index]!) / growth;
    const output = applyWeights(builder, block('layer3'), hidden2);
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
