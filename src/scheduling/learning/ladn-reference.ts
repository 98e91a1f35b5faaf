// The LADN by the paper's own equations, one number at a time and for one observation: Theorem 2 (Eq. 10) and Fig. 4. Nothing runs on it.
// The program computes the same chain as a graph in another order (ladn.ts); tests hold that form to this one on random inputs.

import { computeDiffusionSchedule, type DiffusionSchedule, encodeStep } from './diffusion-schedule.js';
import type { LadnConfig } from './ladn.js';

/** Eq. (10): x_{i-1} from x_i. The paper prints lambda with an overline and no index; it is that of step i. */
export function reverseStep(
  { x, epsilon, noise, i }: { x: readonly number[]; epsilon: readonly number[]; noise: readonly number[] | null; i: number },
  { betas, alphasCumprod, posteriorVariances }: DiffusionSchedule,
  chainNoise: LadnConfig['chainNoise'],
): number[] {
  const [beta, lambdaBar, betaTilde] = [betas[i - 1]!, alphasCumprod[i - 1]!, posteriorVariances[i - 1]!];
  const lambda = 1 - beta;
  const deviation = chainNoise === 'half' ? betaTilde / 2 : Math.sqrt(betaTilde);
  return x.map((value, server) => {
    const mean = (1 / Math.sqrt(lambda)) * (value - (beta / Math.sqrt(1 - lambdaBar)) * epsilon[server]!);
    return mean + deviation * (noise?.[server] ?? 0);
  });
}

export interface LadnObservation {
  /** One agent's, packed as ladn.ts lays them out: the rows of a layer by input, each [units], the bias last. */
  parameters: readonly number[];
  /** s, [stateSize]. */
  state: readonly number[];
  /** x_I, [servers]. */
  latent: readonly number[];
  /** Standard normal, [servers] each, for i = I..2 in this order. */
  noises: readonly (readonly number[])[];
}

/** Theorem 2 for i = I..1, then the softmax unit of Fig. 4: the action probabilities, [servers]. */
export function decideByReference(config: LadnConfig, { parameters, state, latent, noises }: LadnObservation): number[] {
  const schedule = computeDiffusionSchedule(config);
  let x = [...latent];
  for (let i = config.denoisingSteps; i >= 1; i--) {
    const output = applyPerceptron(config, parameters, [...x, ...encodeStep(i, config.stepEncodingSize), ...state]);
    const epsilon = config.epsilonBound === 'softmax' ? softmax(output) : output;
    x = reverseStep({ x, epsilon, noise: noises[config.denoisingSteps - i] ?? null, i }, schedule, config.chainNoise);
  }
  return softmax(x);
}

/** The MLP of Fig. 4: two hidden layers with ReLU. */
function applyPerceptron({ servers, hiddenSize }: LadnConfig, parameters: readonly number[], features: readonly number[]): number[] {
  let start = 0;
  const layer = (inputs: readonly number[], units: number): number[] => {
    const rows = [...inputs, 1];
    const outputs = Array.from({ length: units }, (_, unit) =>
      rows.reduce((sum, value, row) => sum + value * parameters[start + row * units + unit]!, 0),
    );
    start += rows.length * units;
    return outputs;
  };
  const relu = (values: readonly number[]): number[] => values.map((value) => Math.max(value, 0));
  return layer(relu(layer(relu(layer(features, hiddenSize)), hiddenSize)), servers);
}

function softmax(logits: readonly number[]): number[] {
  const largest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - largest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}
