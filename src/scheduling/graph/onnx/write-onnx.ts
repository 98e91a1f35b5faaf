// Writes a graph as an ONNX model (opset 17) with the official schema. Standard operators and float32 only: any runtime opens it.

import { create, toBinary } from '@bufbuild/protobuf';
import { countElements, type Graph, type GraphNode, type Shape } from '../graph.js';
import { verifyGraph } from '../verify-graph.js';
import {
  type AttributeProto,
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProto_DataType,
  TensorProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from './gen/onnx_pb.js';
import { expandSoftmax } from './expand-softmax.js';
import { type OnnxAttribute, toOnnxOperator } from './onnx-operators.js';

const OPSET_VERSION = 17n;
/** The file format that came with opset 17; runtimes refuse one newer than they know. */
const IR_VERSION = 8n;

export interface OnnxDescription {
  /** Name of the graph inside the file. */
  name: string;
  producerVersion: string;
  /** Free pairs that travel with the model, such as preset, seed and number of base stations. */
  metadata: Readonly<Record<string, string>>;
}

/** @throws Error naming the node where the graph is not sound */
export function writeOnnx(source: Graph, description: OnnxDescription): Uint8Array<ArrayBuffer> {
  const graph = expandSoftmax(source);
  verifyGraph(graph);
  const valueNames = nameValues(graph);
  const initializers = new Map<string, TensorProto>();
  const nodes = graph.nodes.flatMap((node) => toNodeProtos(node, valueNames, initializers));
  const aliases = graph.outputs.flatMap(({ name, node }) =>
    valueNames.get(node) === name ? [] : [makeNode('Identity', name, [valueNames.get(node)!])],
  );
  const shapes = new Map(graph.nodes.map((node) => [node.name, node.shape]));
  const inputs = graph.nodes.filter((node) => node.operation.op === 'Input');
  const model = create(ModelProtoSchema, {
    irVersion: IR_VERSION,
    producerName: 'DEdgeAI Control Center',
    producerVersion: description.producerVersion,
    opsetImport: [{ domain: '', version: OPSET_VERSION }],
    metadataProps: Object.entries(description.metadata).map(([key, value]) => ({ key, value })),
    graph: create(GraphProtoSchema, {
      name: description.name,
      node: [...nodes, ...aliases],
      initializer: [...initializers.values()],
      input: inputs.map((node) => toValueInfo(node.name, node.shape)),
      output: graph.outputs.map((output) => toValueInfo(output.name, shapes.get(output.node)!)),
    }),
  });
  return toBinary(ModelProtoSchema, model);
}

/** Values are called like their nodes, except that a computed output carries the output's name. */
function nameValues(graph: Graph): Map<string, string> {
  const names = new Map(graph.nodes.map((node) => [node.name, node.name]));
  const computed = new Set(graph.nodes.filter(isComputed).map((node) => node.name));
  for (const { name, node } of graph.outputs) {
    if (computed.has(node) && names.get(node) === node) names.set(node, name);
  }
  return names;
}

function isComputed(node: GraphNode): boolean {
  return node.operation.op !== 'Input' && node.operation.op !== 'Constant';
}

/** The node's operator; constants go among the initializers instead. */
function toNodeProtos(node: GraphNode, valueNames: ReadonlyMap<string, string>, initializers: Map<string, TensorProto>): NodeProto[] {
  if (node.operation.op === 'Input') return [];
  const name = valueNames.get(node.name)!;
  if (node.operation.op === 'Constant') {
    initializers.set(name, toFloatTensor(name, node.operation.values, node.shape));
    return [];
  }
  const operator = toOnnxOperator(node.operation);
  const parameters = operator.parameters.map((parameter) => {
    const tensor =
      parameter.type === 'float' ? toFloatTensor('', [parameter.value], []) : toIntegerTensor(parameter.values, [parameter.values.length]);
    tensor.name = `parameter ${parameter.type} ${parameter.type === 'float' ? parameter.value : parameter.values.join(' ')}`;
    initializers.set(tensor.name, tensor);
    return tensor.name;
  });
  const inputs = [...node.inputs.map((input) => valueNames.get(input)!), ...parameters];
  return [makeNode(operator.type, name, inputs, operator.attributes)];
}

function makeNode(
  opType: string,
  output: string,
  input: readonly string[],
  attributes: Readonly<Record<string, OnnxAttribute>> = {},
): NodeProto {
  return create(NodeProtoSchema, {
    name: output,
    opType,
    input: [...input],
    output: [output],
    attribute: Object.entries(attributes).map(([name, value]) => makeAttribute(name, value)),
  });
}

function makeAttribute(name: string, value: OnnxAttribute): AttributeProto {
  if (typeof value === 'number') return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INT, i: BigInt(value) });
  if ('float' in value) return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.FLOAT, f: value.float });
  return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INTS, ints: value.map(BigInt) });
}

/** The format is little-endian on every machine. */
function toFloatTensor(name: string, values: readonly number[], shape: Shape): TensorProto {
  const bytes = new DataView(new ArrayBuffer(4 * countElements(shape)));
  values.forEach((value, index) => bytes.setFloat32(4 * index, value, true));
  return toTensor(name, TensorProto_DataType.FLOAT, bytes, shape);
}

function toIntegerTensor(values: readonly number[], shape: Shape): TensorProto {
  const bytes = new DataView(new ArrayBuffer(8 * values.length));
  values.forEach((value, index) => bytes.setBigInt64(8 * index, BigInt(value), true));
  return toTensor('', TensorProto_DataType.INT64, bytes, shape);
}

function toTensor(name: string, dataType: TensorProto_DataType, bytes: DataView<ArrayBuffer>, shape: Shape): TensorProto {
  return create(TensorProtoSchema, { name, dataType, dims: shape.map(BigInt), rawData: new Uint8Array(bytes.buffer) });
}

function toValueInfo(name: string, shape: Shape): ValueInfoProto {
  const dim = shape.map((size) => ({ value: { case: 'dimValue' as const, value: BigInt(size) } }));
  return create(ValueInfoProtoSchema, {
    name,
    type: { value: { case: 'tensorType', value: { elemType: TensorProto_DataType.FLOAT, shape: { dim } } } },
  });
}
