import { describe, expect, test } from 'vitest';
import { openInferenceSession } from '../../../src/main/adapters/inference/inference-session.js';
import { interpretGraph } from '../../../src/scheduling/graph/interpret.js';
import { writeOnnx } from '../../../src/scheduling/graph/onnx/write-onnx.js';
import { createLearner, type LearningConfig, PAPER_LEARNING } from '../../../src/scheduling/learning/learner.js';
import { findLargestDifference, readGoldenUpdates, runGoldenUpdates, type RunUpdate } from '../../support/golden-updates.js';

const description = { name: 'update', producerVersion: '0', metadata: {} };

/** Reads `latents` of the golden batches also under D2SAC's name: given its start, the same chain. */
function renameStart(numbers: Record<string, readonly number[]>): Record<string, readonly number[]> {
  return Object.fromEntries(Object.entries(numbers).map(([name, values]) => [name.replace('latents', 'gaussianStart'), values]));
}

async function readCase(method: 'lad-ts' | 'd2sac-ts' | 'sac-ts' | 'dqn-ts') {
  const golden = await readGoldenUpdates<LearningConfig>(method === 'd2sac-ts' ? 'lad-ts' : method);
  const batches = method === 'd2sac-ts' ? golden.batches.map(renameStart) : golden.batches;
  const learner = createLearner(method, { ...PAPER_LEARNING, ...golden.config });
  return { golden: { ...golden, batches }, learner, graph: learner.buildUpdate() };
}

describe.each(['lad-ts', 'd2sac-ts', 'sac-ts', 'dqn-ts'] as const)('%s', (method) => {
  test('one and three updates agree with PyTorch in double precision', async () => {
    const { golden, learner, graph } = await readCase(method);
    const run: RunUpdate = async (inputs) =>
      Object.fromEntries(Object.entries(interpretGraph(graph, inputs)).map(([name, { values }]) => [name, values]));
    const results = await runGoldenUpdates(golden, learner.stateNames, run);
    expect(findLargestDifference(results[0]!, golden.afterOneUpdate)).toBeLessThan(1e-8);
    expect(findLargestDifference(results[2]!, golden.afterThreeUpdates)).toBeLessThan(1e-8);
  });

  test('one and three updates in ONNX Runtime agree with PyTorch to single precision', async () => {
    const { golden, learner, graph } = await readCase(method);
    const session = await openInferenceSession(writeOnnx(graph, description));
    const run: RunUpdate = (inputs) =>
      session.run(Object.fromEntries(Object.entries(inputs).map(([name, values]) => [name, Float32Array.from(values)])));
    const results = await runGoldenUpdates(golden, learner.stateNames, run);
    expect(findLargestDifference(results[0]!, golden.afterOneUpdate)).toBeLessThan(1e-5);
    expect(findLargestDifference(results[2]!, golden.afterThreeUpdates)).toBeLessThan(1e-5);
    await session.close();
  });

  test('two sessions give the same bits', async () => {
    const { golden, learner, graph } = await readCase(method);
    const [batch] = golden.batches;
    const inputs = Object.fromEntries(
      graph.nodes
        .filter((node) => node.operation.op === 'Input')
        .map(({ name, shape }) => {
          const zeros = new Float32Array(shape.reduce((product, size) => product * size, 1));
          const given = batch![name] ?? golden.start[name];
          return [name, given === undefined ? zeros : Float32Array.from(given)];
        }),
    );
    const runOnce = async () => {
      const session = await openInferenceSession(writeOnnx(graph, description));
      const outputs = await session.run({ ...inputs, biasCorrections: Float32Array.of(10, 31) });
      await session.close();
      return outputs;
    };
    expect(learner.stateNames.every((name) => name in inputs)).toBe(true);
    expect(await runOnce()).toEqual(await runOnce());
  });
});
