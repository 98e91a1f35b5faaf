// A softmax over another axis than the last: ONNX Runtime would transpose the tensor, take it over the last axis and transpose back.
// As plain operators it needs half the time of even the one over the last axis, and a factor on it is nearly free.

import type { Graph, GraphNode, Operation, Shape } from '../graph.js';

/** The same graph with every softmax written out that is over another axis than the last or has a factor: exp(x - max) * (factor / sum). */
export function expandSoftmax(graph: Graph): Graph {
  return { ...graph, nodes: graph.nodes.flatMap((node) => expandNode(node)) };
}

function expandNode({ operation, name, shape, inputs }: GraphNode): GraphNode[] {
  if (operation.op !== 'Softmax' || (operation.axis === shape.length - 1 && operation.scale === 1)) {
    return [{ operation, name, shape, inputs }];
  }
  const { axis, scale } = operation;
  const [x = '', max, below, powers, sum, factor, share] = [
    ...inputs,
    ...['max', 'below max', 'powers', 'sum', 'factor', 'share'].map((part) => `${name} ${part}`),
  ];
  const reduced = shape.with(axis, 1);
  const node = (partName: string, part: Operation, partInputs: string[], partShape: Shape): GraphNode => {
    return { name: partName, operation: part, inputs: partInputs, shape: partShape };
  };
  return [
    node(max!, { op: 'ReduceMax', axes: [axis] }, [x], reduced),
    node(below!, { op: 'Sub' }, [x, max!], shape),
    node(powers!, { op: 'Exp' }, [below!], shape),
    node(sum!, { op: 'ReduceSum', axes: [axis] }, [powers!], reduced),
    node(factor!, { op: 'Constant', values: [scale] }, [], []),
    node(share!, { op: 'Div' }, [factor!, sum!], reduced),
    node(name, { op: 'Mul' }, [powers!, share!], shape),
  ];
}
