import { describe, expect, test } from 'vitest';
import { interpretGraph } from '../../../../src/scheduling/graph/interpret.js';
import { computeDiffusionSchedule } from '../../../../src/scheduling/learning/diffusion-schedule.js';
import { createLadnActor, type LadnConfig } from '../../../../src/scheduling/learning/ladn.js';
import { decideByReference, reverseStep } from '../../../../src/scheduling/learning/ladn-reference.js';
import { countParameters } from '../../../../src/scheduling/learning/parameter-layout.js';
import { buildPolicyGraph } from '../../../../src/scheduling/learning/policy-graph.js';
import { createRandom, type RandomSource } from '../../../../src/random/random.js';

const CASES = 60;

const pick = <T>(random: RandomSource, choices: readonly T[]): T => choices[random.nextInt(0, choices.length - 1)]!;

/** In -2 to 2. */
const draw = (random: RandomSource, length: number): number[] => Array.from({ length }, () => 4 * random.nextFloat() - 2);

function drawConfig(random: RandomSource): LadnConfig {
  const servers = random.nextInt(1, 5);
  const betaMin = 0.05 + random.nextFloat();
  return {
    servers,
    stateSize: 2 + servers,
    hiddenSize: random.nextInt(1, 6),
    denoisingSteps: random.nextInt(1, 8),
    betaMin,
    betaMax: betaMin + 9 * random.nextFloat(),
    stepEncodingSize: pick(random, [4, 6, 16]),
    epsilonBound: pick(random, ['softmax', 'none']),
    chainStart: 'latents',
    chainNoise: pick(random, ['root', 'half']),
  };
}

/** Both forms on the same random numbers: agents, observations of each, every action's probability. */
function decideBothWays(seed: number) {
  const random = createRandom(seed);
  const config = drawConfig(random);
  const { servers, stateSize, denoisingSteps } = config;
  const [agents, batchSize] = [random.nextInt(1, 3), random.nextInt(1, 4)];
  const actor = createLadnActor(config);
  const size = countParameters(actor.layout);
  // Smaller than the inputs, or an unbounded eps saturates the softmax and hides differences.
  const parameters = draw(random, agents * size).map((value) => value / 4);
  const rows = agents * batchSize;
  const [states, latents, noise] = [rows * stateSize, rows * servers, (denoisingSteps - 1) * rows * servers].map((n) => draw(random, n));
  const graph = buildPolicyGraph(actor, { agents, batchSize, stateSize, parameters });
  const fast = interpretGraph(graph, { states: states!, latents: latents!, ...(denoisingSteps > 1 && { noise: noise! }) })[
    'probabilities'
  ]!;
  const expected = Array.from({ length: rows }, (_, row) => {
    const agent = Math.floor(row / batchSize);
    const noiseOf = (step: number): number[] => noise!.slice((step * rows + row) * servers, (step * rows + row + 1) * servers);
    return decideByReference(config, {
      parameters: parameters.slice(agent * size, (agent + 1) * size),
      state: states!.slice(row * stateSize, (row + 1) * stateSize),
      latent: latents!.slice(row * servers, (row + 1) * servers),
      noises: Array.from({ length: denoisingSteps - 1 }, (_, step) => noiseOf(step)),
    });
  });
  return { config, fast: [...fast.values], expected: expected.flat() };
}

describe("LAD-TS's actor", () => {
  test(`decides by Theorem 2 whatever its sizes, settings and inputs (${CASES} at random)`, () => {
    for (let seed = 1; seed <= CASES; seed++) {
      const { config, fast, expected } = decideBothWays(seed);
      expect(fast).toHaveLength(expected.length);
      const difference = Math.max(...fast.map((probability, index) => Math.abs(probability - expected[index]!)));
      expect(difference, `seed ${seed}: ${JSON.stringify(config)}`).toBeLessThan(1e-10);
    }
  });

  test('the cases at random have all settings, chains of one step and of several, and decisions that are open', () => {
    const cases = Array.from({ length: CASES }, (_, index) => decideBothWays(index + 1));
    const kinds = new Set(cases.map(({ config }) => [config.epsilonBound, config.chainNoise, config.denoisingSteps > 1].join()));
    expect(kinds.size).toBe(8);
    const isOpen = (probabilities: readonly number[]): boolean => probabilities.some((value) => value > 0.1 && value < 0.9);
    expect(cases.filter(({ expected }) => isOpen(expected)).length).toBeGreaterThan(CASES / 2);
  });
});

describe('Eq. (10)', () => {
  // I = 1 and beta_1 = 1 - exp(-betaMin - (betaMax - betaMin) / 2), by hand: ln 4 gives beta 3/4 and lambda 1/4.
  const schedule = computeDiffusionSchedule({ denoisingSteps: 1, betaMin: Math.log(4), betaMax: Math.log(4) });

  test('takes beta / sqrt(1 - lambdabar) of eps away and divides by the root of lambda', () => {
    const [x] = reverseStep({ x: [1], epsilon: [0.5], noise: null, i: 1 }, schedule, 'root');
    expect(x).toBeCloseTo(2 * (1 - (0.75 / Math.sqrt(0.75)) * 0.5), 12);
  });

  test('adds noise of the deviation that it is reported, and none at the last step', () => {
    const two = computeDiffusionSchedule({ denoisingSteps: 2, betaMin: Math.log(16), betaMax: Math.log(16) });
    // beta is 3/4 in both steps, so betatilde_2 = (1 - 1/4) / (1 - 1/16) * 3/4 = 0.6.
    const step = (i: number, chainNoise: 'root' | 'half') => reverseStep({ x: [0], epsilon: [0], noise: [1], i }, two, chainNoise)[0];
    expect(step(2, 'root')).toBeCloseTo(Math.sqrt(0.6), 12);
    expect(step(2, 'half')).toBeCloseTo(0.3, 12);
    expect(step(1, 'root')).toBe(0);
  });
});
