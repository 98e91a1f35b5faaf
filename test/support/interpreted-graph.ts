// Runs a graph by the plain interpreter in place of ONNX Runtime: slow, but the same numbers on every machine.
import { type Graph, inputShapesOf } from '../../src/scheduling/graph/graph.js';
import { interpretGraph } from '../../src/scheduling/graph/interpret.js';
import type { GraphRunner } from '../../src/scheduling/learning/graph-runner.js';

/** Computes in double precision; inputs and outputs are single, as with ONNX Runtime. */
export function openInterpretedGraph(graph: Graph): Promise<GraphRunner> {
  return Promise.resolve({
    inputShapes: inputShapesOf(graph),
    run: (feeds) => {
      const outputs = Object.entries(interpretGraph(graph, feeds));
      return Promise.resolve(Object.fromEntries(outputs.map(([name, { values }]) => [name, Float32Array.from(values)])));
    },
  });
}
