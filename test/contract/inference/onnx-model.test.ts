import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import { openInferenceSession } from '../../../src/main/adapters/inference/inference-session.js';
import { countElements, type Graph } from '../../../src/scheduling/graph/graph.js';
import { GraphBuilder } from '../../../src/scheduling/graph/graph-builder.js';
import { interpretGraph } from '../../../src/scheduling/graph/interpret.js';
import { ModelProtoSchema } from '../../../src/scheduling/graph/onnx/gen/onnx_pb.js';
import { writeOnnx } from '../../../src/scheduling/graph/onnx/write-onnx.js';
import { createRandom } from '../../../src/random/random.js';
import { runOnnxInPython } from '../../support/onnx-in-python.js';

const description = { name: 'test', producerVersion: '1.2.3', metadata: { preset: 'paper', seed: '7' } };

/** One output per operation of the graph. */
function buildEveryOperation(): Graph {
  const b = new GraphBuilder();
  const x = b.input('x', [2, 3, 4]);
  const y = b.input('y', [3, 1]);
  const positive = b.exp(x);
  return b.finish({
    add: b.add(x, y),
    sub: b.sub(x, y),
    mul: b.mul(x, y),
    div: b.div(x, b.exp(y)),
    smaller: b.smaller(x, y),
    neg: b.neg(x),
    exp: positive,
    log: b.log(positive),
    sqrt: b.sqrt(positive),
    relu: b.relu(x),
    sign: b.sign(x),
    step: b.step(x),
    clip: b.clip(x, -0.5, 0.25),
    softmax: b.softmax(x, 2),
    middleSoftmax: b.softmax(x, 1),
    scaledSoftmax: b.softmax(x, 2, 0.5),
    matMul: b.matMul(b.transpose(x, [0, 2, 1]), y),
    sum: b.sum(x, [0, 2]),
    mean: b.mean(x, [1]),
    max: b.max(x, [0, 2]),
    min: b.min(x, [0, 2]),
    reshape: b.reshape(x, [4, 6]),
    expand: b.expand(y, [2, 3, 4]),
    slice: b.slice(x, 2, 1, 3),
    concat: b.concat([x, b.constant([1, 2, 3, 4, 5, 6], [2, 3, 1])], 2),
    stopGradient: b.stopGradient(x),
  });
}

function drawInputs(graph: Graph): Record<string, Float32Array> {
  const random = createRandom(3);
  const inputs = graph.nodes.filter((node) => node.operation.op === 'Input');
  return Object.fromEntries(
    inputs.map((node) => [node.name, Float32Array.from({ length: countElements(node.shape) }, () => random.nextFloat() * 2 - 1)]),
  );
}

function expectClose(actual: Record<string, ArrayLike<number>>, expected: ReturnType<typeof interpretGraph>): void {
  expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, { values }] of Object.entries(expected)) {
    const found = Array.from(actual[name]!);
    expect(found, name).toHaveLength(values.length);
    found.forEach((value, index) => expect(value, name).toBeCloseTo(values[index]!, 5));
  }
}

describe('a written model', () => {
  test('computes every operation in ONNX Runtime as the interpreter does', async () => {
    const graph = buildEveryOperation();
    const inputs = drawInputs(graph);
    const session = await openInferenceSession(writeOnnx(graph, description));
    expectClose(await session.run(inputs), interpretGraph(graph, inputs));
    await session.close();
  });

  test('opens in Python with equal outputs and its metadata', async ({ annotate }) => {
    const graph = buildEveryOperation();
    const inputs = drawInputs(graph);
    const result = await runOnnxInPython(writeOnnx(graph, description), inputs);
    if (result === null) {
      await annotate('No Python with onnxruntime on this machine: only the runtime of Node.js has read the model.');
      return;
    }
    expect(result.metadata).toEqual(description.metadata);
    expectClose(result.outputs, interpretGraph(graph, inputs));
  });

  test('says its format, opset, producer and metadata', () => {
    const model = fromBinary(ModelProtoSchema, writeOnnx(buildEveryOperation(), description));
    expect(model.irVersion).toBe(8n);
    expect(model.opsetImport.map(({ domain, version }) => [domain, version])).toEqual([['', 17n]]);
    expect(model.producerVersion).toBe('1.2.3');
    expect(model.metadataProps.map(({ key, value }) => [key, value])).toEqual(Object.entries(description.metadata));
  });

  test('names inputs and outputs as the graph does, with their shapes', async () => {
    const session = await openInferenceSession(writeOnnx(buildEveryOperation(), description));
    expect(session.inputShapes).toEqual({ x: [2, 3, 4], y: [3, 1] });
    expect(session.outputShapes).toMatchObject({ sum: [1, 3, 1], concat: [2, 3, 5] });
    await session.close();
  });

  test('gives an input, a constant and one node under two names as outputs', async () => {
    const b = new GraphBuilder();
    const x = b.input('x', [2]);
    const doubled = b.add(x, x);
    const graph = b.finish({ same: x, fixed: b.constant([5], [1]), first: doubled, second: doubled });
    const session = await openInferenceSession(writeOnnx(graph, description));
    const outputs = await session.run({ x: Float32Array.of(1, 2) });
    expect(Object.fromEntries(Object.entries(outputs).map(([name, values]) => [name, [...values]]))).toEqual({
      same: [1, 2],
      fixed: [5],
      first: [2, 4],
      second: [2, 4],
    });
    await session.close();
  });

  test('is not written from a graph that is not sound', () => {
    const graph: Graph = {
      nodes: [{ name: 'y', operation: { op: 'Exp' }, inputs: ['x'], shape: [1] }],
      outputs: [{ name: 'out', node: 'y' }],
    };
    expect(() => writeOnnx(graph, description)).toThrow('Graph node y (Exp): reads x');
  });
});

describe('an inference session', () => {
  const b = new GraphBuilder();
  const model = writeOnnx(b.finish({ out: b.neg(b.input('x', [2, 2])) }), description);

  test('refuses a missing input by name', async () => {
    const session = await openInferenceSession(model);
    await expect(session.run({})).rejects.toMatchObject({ code: 'invalid-input', message: "The model's input x is missing" });
    await session.close();
  });

  test('refuses a value for no input of its own, by name', async () => {
    const session = await openInferenceSession(model);
    const inputs = { x: new Float32Array(4), continues: Float32Array.of(1) };
    await expect(session.run(inputs)).rejects.toMatchObject({ code: 'invalid-input', message: 'The model has no input continues' });
    await session.close();
  });

  test('refuses an input of another length', async () => {
    const session = await openInferenceSession(model);
    await expect(session.run({ x: new Float32Array(3) })).rejects.toMatchObject({ message: "The model's input x has 3 values" });
    await session.close();
  });

  test('takes the output of one run as the input of the next', async () => {
    const session = await openInferenceSession(model);
    const first = await session.run({ x: Float32Array.of(1, 2, 3, 4) });
    const second = await session.run({ x: first['out']! });
    expect([...second['out']!]).toEqual([1, 2, 3, 4]);
    await session.close();
  });

  test('refuses bytes that are no model', async () => {
    await expect(openInferenceSession(new Uint8Array([1, 2, 3]))).rejects.toMatchObject({ code: 'invalid-input' });
  });

  test('refuses a model whose shapes are open', async () => {
    const open = fromBinary(ModelProtoSchema, model);
    const type = open.graph!.input[0]!.type!.value;
    if (type.case === 'tensorType') type.value.shape!.dim[0]!.value = { case: 'dimParam', value: 'batch' };
    await expect(openInferenceSession(toBinary(ModelProtoSchema, open))).rejects.toMatchObject({
      message: "The model's input x is no float32 tensor of a fixed shape",
    });
  });
});
