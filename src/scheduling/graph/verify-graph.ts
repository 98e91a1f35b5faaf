// Checks a graph as data, so that a mistake in building or changing it is reported with the node's name before a runtime sees it.

import { formatShape, type Graph, type GraphNode, shapesAreEqual } from './graph.js';
import { inferShape } from './infer-shape.js';

/**
 * Checks that names are unique, every input is defined before it is used (so there is no cycle), shapes follow from the operations,
 * constants are finite, and outputs exist.
 * @throws Error naming the node and the fault
 */
export function verifyGraph(graph: Graph): void {
  const all = new Set(graph.nodes.map((node) => node.name));
  const defined = new Map<string, GraphNode>();
  for (const node of graph.nodes) {
    const fail = (problem: string): never => {
      throw new Error(`Graph node ${node.name} (${node.operation.op}): ${problem}`);
    };
    if (defined.has(node.name)) fail('its name is taken by an earlier node');
    if (node.shape.some((size) => !Number.isInteger(size) || size < 1)) fail(`${formatShape(node.shape)} is no shape`);
    const inputShapes = node.inputs.map((input) => {
      const found = defined.get(input);
      if (found !== undefined) return found.shape;
      return fail(
        all.has(input) ? `reads ${input}, which is not before it: a cycle or a wrong order` : `reads ${input}, which is not defined`,
      );
    });
    const inferred = inferShape(node.name, node.operation, inputShapes, node.shape);
    if (!shapesAreEqual(inferred, node.shape)) fail(`says ${formatShape(node.shape)} where its inputs give ${formatShape(inferred)}`);
    if (node.operation.op === 'Constant' && !node.operation.values.every(Number.isFinite)) fail('holds a value that is not finite');
    defined.set(node.name, node);
  }
  verifyOutputs(graph, defined);
}

function verifyOutputs(graph: Graph, defined: ReadonlyMap<string, GraphNode>): void {
  const names = new Set<string>();
  for (const output of graph.outputs) {
    const fail = (problem: string): never => {
      throw new Error(`Graph output ${output.name}: ${problem}`);
    };
    if (names.has(output.name)) fail('its name is taken by another output');
    if (!defined.has(output.node)) fail(`its node ${output.node} is not defined`);
    if (output.name !== output.node && defined.has(output.name)) fail('its name is taken by a node');
    names.add(output.name);
  }
  if (names.size === 0) throw new Error('The graph has no output');
}
