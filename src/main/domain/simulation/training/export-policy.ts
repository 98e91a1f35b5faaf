// A trained policy as a plain ONNX model that travels alone: parameters inside, standard operators, float32, fixed shapes.
import { createEnvironment } from '../../../../scheduling/environment/environment.js';
import { stateLength } from '../../../../scheduling/environment/state.js';
import { type Graph, inputShapesOf } from '../../../../scheduling/graph/graph.js';
import { writeOnnx } from '../../../../scheduling/graph/onnx/write-onnx.js';
import { createLearner } from '../../../../scheduling/learning/learner.js';
import { buildPolicyGraph } from '../../../../scheduling/learning/policy-graph.js';
import { buildPriceGraph } from '../../../../scheduling/learning/price-graph.js';
import { PRICE_METHOD } from '../../../../scheduling/learning/price-ts.js';
import { serverStateLength } from '../../../../scheduling/decisions/server-state.js';
import { countAgents } from '../../../../scheduling/testbed/learn-on-testbed.js';
import { isTestbedConfig } from '../../../../scheduling/testbed/testbed-config.js';
import type { TrainingCheckpoint } from './training-checkpoint.js';
import type { TrainingPlan } from './trainer-messages.js';

interface NamedShape {
  name: string;
  shape: readonly number[];
}

export interface ExportedPolicy {
  onnx: Uint8Array;
  /** As the model names them. */
  inputs: NamedShape[];
  outputs: NamedShape[];
  metadata: Readonly<Record<string, string>>;
}

/**
 * Inputs: `states` [agents, batch, 2 + B] (paper Eq. 6, each number divided as the metadata say), and what the method asks for: `latents`
 * [agents, batch, B] and `noise` [steps - 1, agents, batch, B], or `slot` [1, slots], one-hot. Output: `probabilities` [agents, batch, B].
 * Of the testbed's environment, `states` are [agents, batch, 1 + B] (scheduling/decisions/server-state.ts), with one agent where the network is
 * shared; the shapes are for the B that it learned with, the parameters fit any.
 * @param batchSize observations of each agent in one run
 */
export function exportPolicy(
  plan: TrainingPlan,
  { curve, learning }: TrainingCheckpoint,
  { batchSize, programVersion }: { batchSize: number; programVersion: string },
): ExportedPolicy {
  const { spec, settings, environment } = plan;
  const servers = isTestbedConfig(environment) ? environment.nodes.length : environment.baseStations;
  const graph = buildGraph(plan, learning, batchSize);
  const metadata = {
    method: spec.method,
    preset: spec.preset,
    seed: String(spec.seed),
    programVersion,
    baseStations: String(servers),
    episodes: String(curve.length),
    denoisingSteps: String(settings.denoisingSteps),
    ...(isTestbedConfig(environment)
      ? {
          state: settings.state,
          completionBound: String(settings.completionBound),
          largestQualitySteps: String(environment.qualitySteps.max),
        }
      : { observationScale: JSON.stringify(settings.observationScale) }),
    environment: JSON.stringify(environment),
    ...(spec.method === PRICE_METHOD && { externalityWeight: String(settings.externalityWeight), ownDispatchesCounted: String(servers) }),
  };
  const onnx = writeOnnx(graph, { name: `${spec.method} policy`, producerVersion: programVersion, metadata });
  return { onnx, inputs: inputsOf(graph), outputs: outputsOf(graph), metadata };
}

function buildGraph({ spec, settings, environment }: TrainingPlan, learning: TrainingCheckpoint['learning'], batchSize: number): Graph {
  if (isTestbedConfig(environment)) {
    if (learning.method === PRICE_METHOD) throw new Error('PRICE-TS does not learn in the testbed’s environment');
    const servers = environment.nodes.length;
    const sizes = { agents: countAgents(settings, environment), servers, stateSize: serverStateLength(servers) };
    const { actor } = createLearner(learning.method, { ...settings, ...sizes });
    return buildPolicyGraph(actor, { ...sizes, batchSize, parameters: learning.state.actor });
  }
  const agents = environment.baseStations;
  if (learning.method === PRICE_METHOD) {
    const { capacityGigacyclesPerSec } = createEnvironment(environment, spec.seed);
    const { externalityWeight, observationScale: scale } = settings;
    const { prices } = learning;
    return buildPriceGraph({ agents, batchSize, slots: environment.slots, capacityGigacyclesPerSec, prices, externalityWeight, scale });
  }
  const sizes = { agents, servers: agents, stateSize: stateLength(agents) };
  const { actor } = createLearner(learning.method, { ...settings, ...sizes });
  return buildPolicyGraph(actor, { ...sizes, batchSize, parameters: learning.state.actor });
}

function inputsOf(graph: Graph): NamedShape[] {
  return Object.entries(inputShapesOf(graph)).map(([name, shape]) => ({ name, shape }));
}

function outputsOf(graph: Graph): NamedShape[] {
  const shapes = new Map(graph.nodes.map(({ name, shape }) => [name, shape]));
  return graph.outputs.map(({ name, node }) => ({ name, shape: shapes.get(node) ?? [] }));
}
