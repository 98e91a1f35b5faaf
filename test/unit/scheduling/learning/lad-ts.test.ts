import { describe, expect, test } from 'vitest';
import { interpretGraph } from '../../../../src/scheduling/graph/interpret.js';
import { computeDiffusionSchedule, encodeStep } from '../../../../src/scheduling/learning/diffusion-schedule.js';
import { createLadnActor, type LadnConfig } from '../../../../src/scheduling/learning/lad-ts.js';
import { countParameters } from '../../../../src/scheduling/learning/parameter-layout.js';
import { buildPolicyGraph } from '../../../../src/scheduling/learning/policy-graph.js';
import { createRandom } from '../../../../src/scheduling/random.js';

const CONFIG: LadnConfig = {
  servers: 3,
  stateSize: 5,
  hiddenSize: 4,
  denoisingSteps: 3,
  betaMin: 0.1,
  betaMax: 10,
  stepEncodingSize: 4,
  epsilonBound: 'softmax',
  chainNoise: 'root',
};

function draw(seed: number, length: number): number[] {
  const random = createRandom(seed);
  return Array.from({ length }, () => random.nextFloat() * 2 - 1);
}

const state = draw(2, 5);
const latents = draw(3, 3);
/** Of the steps 3 and 2, in this order. */
const noise = draw(4, 6);

function decide(config: LadnConfig): { parameters: number[]; probabilities: number[] } {
  const actor = createLadnActor(config);
  const parameters = draw(1, countParameters(actor.layout));
  const graph = buildPolicyGraph(actor, { agents: 1, batchSize: 1, stateSize: 5, parameters });
  return { parameters, probabilities: [...interpretGraph(graph, { states: state, latents, noise })['probabilities']!.values] };
}

const softmax = (logits: number[]): number[] => {
  const powers = logits.map(Math.exp);
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
};

/** Theorem 2 as printed, number by number. */
function decideByHand(parameters: number[], config: LadnConfig): number[] {
  const { betas, alphasCumprod, posteriorVariances } = computeDiffusionSchedule(config);
  const [inputs, hidden] = [config.servers + config.stepEncodingSize + config.stateSize + 1, config.hiddenSize];
  /** Weights, row-major by input, the bias last. */
  const layer = (start: number, x: number[], units: number): number[] =>
    Array.from({ length: units }, (_, unit) =>
      [...x, 1].reduce((sum, value, row) => sum + value * parameters[start + row * units + unit]!, 0),
    );
  const relu = (values: number[]): number[] => values.map((value) => Math.max(value, 0));
  const second = inputs * hidden;
  const third = second + (hidden + 1) * hidden;
  let x = latents;
  for (let step = config.denoisingSteps; step >= 1; step--) {
    const features = [...x, ...encodeStep(step, config.stepEncodingSize), ...state];
    const output = layer(third, relu(layer(second, relu(layer(0, features, hidden)), hidden)), config.servers);
    const epsilon = config.epsilonBound === 'softmax' ? softmax(output) : output;
    const [beta, variance] = [betas[step - 1]!, posteriorVariances[step - 1]!];
    const deviation = config.chainNoise === 'root' ? Math.sqrt(variance) : variance / 2;
    x = x.map((value, server) => {
      const mean = (value - (beta / Math.sqrt(1 - alphasCumprod[step - 1]!)) * epsilon[server]!) / Math.sqrt(1 - beta);
      return step === 1 ? mean : mean + deviation * noise[(config.denoisingSteps - step) * config.servers + server]!;
    });
  }
  return softmax(x);
}

describe("LAD-TS's actor", () => {
  test.each([
    ['as the public code has it', {}],
    ['with an eps that nothing bounds', { epsilonBound: 'none' }],
    ['with the noise of Eq. 10 as printed', { chainNoise: 'half' }],
    ['with both as printed', { epsilonBound: 'none', chainNoise: 'half' }],
  ] as const)('follows Theorem 2 %s', (_how, change) => {
    const config = { ...CONFIG, ...change };
    const { parameters, probabilities } = decide(config);
    const expected = decideByHand(parameters, config);
    probabilities.forEach((probability, server) => expect(probability).toBeCloseTo(expected[server]!, 12));
  });

  test('decides otherwise with each of the settings', () => {
    const all = [{}, { epsilonBound: 'none' }, { chainNoise: 'half' }] as const;
    const different = new Set(all.map((change) => decide({ ...CONFIG, ...change }).probabilities.join()));
    expect(different.size).toBe(3);
  });
});
