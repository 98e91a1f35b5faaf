import { expect, test } from 'vitest';
import { type InferenceSession, openInferenceSession } from '../../../src/main/adapters/inference/inference-session.js';
import { interpretGraph } from '../../../src/scheduling/graph/interpret.js';
import { writeOnnx } from '../../../src/scheduling/graph/onnx/write-onnx.js';
import { computeBiasCorrections } from '../../../src/scheduling/learning/adam.js';
import { createLearner, LEARNING_METHODS, type LearningMethod, PAPER_LEARNING } from '../../../src/scheduling/learning/learner.js';
import { buildPolicyGraph } from '../../../src/scheduling/learning/policy-graph.js';
import { createRandom, type RandomSource } from '../../../src/random/random.js';
import { runOnnxInPython } from '../../support/onnx-in-python.js';

const sizes = { agents: 2, batchSize: 32, stateSize: 3, servers: 3 };
const description = { name: 'learning', producerVersion: '0', metadata: { preset: 'test', servers: '3' } };
const config = {
  ...PAPER_LEARNING,
  ...sizes,
  actorLearningRate: 0.02,
  criticLearningRate: 0.02,
  tau: 0.1,
  discount: 0,
  targetEntropy: 0.1,
};

/** Which action pays is written in the state, one-hot; every other costs 1. */
function drawBatch(session: InferenceSession, random: RandomSource): Record<string, Float32Array> {
  const batch: Record<string, Float32Array> = {};
  const isTaken = (name: string): boolean => session.inputShapes[name] !== undefined;
  for (const [name, shape] of Object.entries(session.inputShapes)) {
    const length = shape.reduce((product, size) => product * size, 1);
    batch[name] = Float32Array.from({ length }, () => 2 * random.nextFloat() - 1);
  }
  // Updates take their batch feature-major, policies observation by observation.
  const isFeatureMajor = session.inputShapes['states']![1] === sizes.stateSize;
  const rows = sizes.agents * sizes.batchSize;
  const chosen: Record<string, Float32Array> = { rewards: new Float32Array(rows) };
  for (const name of ['states', 'nextStates', 'actions']) chosen[name] = new Float32Array(rows * 3);
  for (let row = 0; row < rows; row++) {
    const [target, taken] = [random.nextInt(0, 2), random.nextInt(0, 2)];
    const [agent, observation] = [Math.floor(row / sizes.batchSize), row % sizes.batchSize];
    const indexOf = (number: number): number => (isFeatureMajor ? (agent * 3 + number) * sizes.batchSize + observation : 3 * row + number);
    chosen['states']![indexOf(target)] = 1;
    chosen['nextStates']![indexOf(random.nextInt(0, 2))] = 1;
    chosen['actions']![indexOf(taken)] = 1;
    chosen['rewards']![row] = target === taken ? 0 : -1;
  }
  return { ...batch, ...Object.fromEntries(Object.entries(chosen).filter(([name]) => isTaken(name))) };
}

async function train(method: LearningMethod, updates: number): Promise<Float32Array> {
  const learner = createLearner(method, config);
  const session = await openInferenceSession(writeOnnx(learner.buildUpdate(), description));
  const random = createRandom(4);
  let state: Record<string, Float32Array> = { ...learner.initialize(random) };
  for (let step = 1; step <= updates; step++) {
    const batch = { ...drawBatch(session, random), ...state, biasCorrections: computeBiasCorrections(step) };
    const outputs = await session.run(batch);
    state = Object.fromEntries(learner.stateNames.map((name) => [name, outputs[`updated_${name}`]!]));
  }
  await session.close();
  return state['actor']!;
}

/** A third is chance. The noise of its chain keeps a diffusion policy from certainty. */
const MIN_ON_PAYING = { 'lad-ts': 0.7, 'd2sac-ts': 0.7, 'sac-ts': 0.9, 'dqn-ts': 0.99 } as const;

test.each(LEARNING_METHODS)('%s learns which action pays, for every agent', async (method) => {
  const parameters = await train(method, 250);
  const policy = await openInferenceSession(
    writeOnnx(buildPolicyGraph(createLearner(method, config).actor, { ...sizes, parameters }), description),
  );
  const batch = drawBatch(policy, createRandom(5));
  const { probabilities } = await policy.run(batch);
  await policy.close();
  const onPaying = batch['states']!.reduce((sum, isPaying, index) => sum + isPaying * probabilities![index]!, 0);
  expect(onPaying / (sizes.agents * sizes.batchSize)).toBeGreaterThan(MIN_ON_PAYING[method]);
});

test.each(LEARNING_METHODS)('%s learns the same bits from the same seed', async (method) => {
  expect(await train(method, 20)).toEqual(await train(method, 20));
});

test('a policy that travels alone opens in Python with equal probabilities', async ({ annotate }) => {
  const learner = createLearner('lad-ts', config);
  const parameters = learner.initialize(createRandom(6)).actor;
  const graph = buildPolicyGraph(learner.actor, { ...sizes, parameters });
  const model = writeOnnx(graph, description);
  const session = await openInferenceSession(model);
  const inputs = drawBatch(session, createRandom(7));
  const named = Object.fromEntries(Object.keys(session.inputShapes).map((name) => [name, inputs[name]!]));
  await session.close();
  const result = await runOnnxInPython(model, named);
  if (result === null) {
    await annotate('No Python with onnxruntime on this machine: only the runtime of Node.js has read the policy.');
    return;
  }
  expect(result.metadata).toEqual(description.metadata);
  const expected = interpretGraph(graph, named)['probabilities']!.values;
  result.outputs['probabilities']!.forEach((value, index) => expect(value).toBeCloseTo(expected[index]!, 5));
});
