// The one driver of reverse-mode differentiation: walks the builder's nodes backwards and asks the table of rules.

import { stretchedAxes } from './broadcast.js';
import type { GraphNode } from './graph.js';
import type { GraphBuilder, Tensor } from './graph-builder.js';
import { gradientRules, type RuleArguments } from './gradient-rules.js';

/**
 * Adds the nodes that compute the gradient of the sum over all elements of `loss` by each tensor of `by`.
 * @returns one gradient per tensor of `by`, in its shape
 * @throws Error naming the operation that has no rule, or the tensor that the loss does not depend on
 */
export function differentiate(builder: GraphBuilder, loss: Tensor, by: readonly Tensor[]): Tensor[] {
  const nodes = builder.nodes;
  const dependent = findDependent(nodes, by);
  const tensors = new Map<string, Tensor>(nodes.map((node) => [node.name, node]));
  const gradients = new Map<string, Tensor>([[loss.name, builder.expand(builder.scalar(1), loss.shape)]]);
  for (const node of nodes.toReversed()) {
    const gradient = gradients.get(node.name);
    if (gradient === undefined || !dependent.has(node.name) || by.some((tensor) => tensor.name === node.name)) continue;
    const inputs = node.inputs.map((input) => tensors.get(input)!);
    const inputGradients = applyRule({ builder, operation: node.operation, inputs, result: node, gradient });
    inputs.forEach((input, index) => {
      if (!dependent.has(input.name)) return;
      const fitted = undoBroadcast(builder, inputGradients[index]!, input);
      const sofar = gradients.get(input.name);
      gradients.set(input.name, sofar === undefined ? fitted : builder.add(sofar, fitted));
    });
  }
  return by.map((tensor) => {
    const gradient = gradients.get(tensor.name);
    if (gradient === undefined || !dependent.has(loss.name)) {
      throw new Error(`The loss ${loss.name} does not depend on ${tensor.name}: there is no gradient to take`);
    }
    return gradient;
  });
}

/** Names of the nodes through which a gradient can reach one of `by`. */
function findDependent(nodes: readonly GraphNode[], by: readonly Tensor[]): Set<string> {
  const dependent = new Set(by.map((tensor) => tensor.name));
  for (const node of nodes) {
    if (node.operation.op !== 'StopGradient' && node.inputs.some((input) => dependent.has(input))) dependent.add(node.name);
  }
  return dependent;
}

function applyRule(args: RuleArguments): readonly Tensor[] {
  const rule = gradientRules[args.operation.op] as ((args: RuleArguments) => readonly Tensor[]) | undefined;
  if (rule === undefined) throw new Error(`Graph node ${args.result.name}: the operation ${args.operation.op} has no gradient rule`);
  return rule(args);
}

/** Sums a gradient over the axes along which the input was stretched, and gives it the input's shape. */
function undoBroadcast(builder: GraphBuilder, gradient: Tensor, input: Tensor): Tensor {
  const axes = stretchedAxes(input.shape, gradient.shape);
  return builder.reshape(axes.length === 0 ? gradient : builder.sum(gradient, axes), input.shape);
}
