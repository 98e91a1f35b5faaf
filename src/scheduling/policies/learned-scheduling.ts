// A trained policy at work in an agent: the same network as in the simulator, run by the plain interpreter, which takes a fraction of a
// millisecond for one small network and needs no native part on the node.
//
// Differences from the simulator: tasks are decided one after the other and each counts in the backlogs that the next one sees, where the
// simulator shows the last slot's; ESs that do not answer get no share. A latent is what was last decided for the same place in a batch, the
// paper's X_b[n].
import { stateLength } from '../environment/state.js';
import { interpretGraph } from '../graph/interpret.js';
import { type Graph, inputShapesOf } from '../graph/graph.js';
import { createLearner } from '../learning/learner.js';
import { createNormalNoise, type NormalNoise } from '../learning/normal-noise.js';
import { countParameters } from '../learning/parameter-layout.js';
import { buildPolicyGraph } from '../learning/policy-graph.js';
import { type PolicyPort, sortPolicyPorts } from '../learning/ports.js';
import { parseTrainingSettings, type TrainingSettings } from '../learning/training-settings.js';
import type { RandomSource } from '../../random/random.js';
import { type LearnedPolicyDescription, learnedPolicySchema } from './learned-policy-description.js';
import { type EdgeServerView, expectedComputeSec, type SchedulableTask, type SchedulingPolicy } from './policy.js';
import { reachableIndices } from './reachable.js';

/** Latents kept, by place in a batch; later places share the last. */
const MAX_LATENTS = 1000;

/** A description that has been verified. */
export interface LearnedPolicy extends Omit<LearnedPolicyDescription, 'settings'> {
  settings: TrainingSettings;
}

/** Reads what came over the wire. Throws a RangeError that names the field where it is no policy for so many ESs. */
export function parseLearnedPolicy(json: string, edgeServers: number): LearnedPolicy {
  const parsed = learnedPolicySchema.safeParse(parseJson(json));
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'policy'}: ${issue.message}`);
    throw new RangeError(`The learned policy cannot be read: ${problems.join('; ')}`);
  }
  const description = parsed.data;
  if (description.baseStations !== edgeServers) {
    throw new RangeError(`The learned policy chooses among ${description.baseStations} edge servers, but the run has ${edgeServers}`);
  }
  const { settings, problems } = parseTrainingSettings(description.settings);
  if (settings === null) {
    const texts = problems.map(({ field, message }) => `${field}: ${message}`);
    throw new RangeError(`The learned policy has settings that this agent does not know: ${texts.join('; ')}`);
  }
  const policy = { ...description, settings };
  const needed = countParameters(actorOf(policy).layout);
  if (policy.parameters.length !== needed) {
    throw new RangeError(`The learned policy has ${policy.parameters.length} parameters, but its network needs ${needed}`);
  }
  return policy;
}

export function createLearnedSchedulingPolicy(policy: LearnedPolicy): SchedulingPolicy {
  const { baseStations: servers, work, meanQualitySteps } = policy;
  const scale = policy.settings.observationScale;
  const graph = buildGraph(policy);
  const ports = sortPolicyPorts(inputShapesOf(graph), 'inside');
  const noise = createNormalNoise();
  const latents: Float64Array[] = [];
  const workOf = (steps: number): number => work.fixedGigacycles + steps * work.gigacyclesPerStep;
  const meanWork = workOf(meanQualitySteps);

  const decide = (task: SchedulableTask, backlogGigacycles: readonly number[], position: number, random: RandomSource): Float64Array => {
    const states = [
      task.inputBits / 1e6 / scale.sizeMbit,
      workOf(task.qualitySteps) / scale.workGigacycles,
      ...backlogGigacycles.map((backlog) => backlog / scale.backlogGigacycles),
    ];
    const latent = Math.min(position, MAX_LATENTS - 1);
    latents[latent] ??= Float64Array.from(drawNormals(servers, noise, random));
    const feeds: Partial<Record<PolicyPort, ArrayLike<number>>> = { states };
    if (ports.latents.length > 0) feeds.latents = latents[latent];
    for (const { name, length } of ports.noise) feeds[name] = drawNormals(length, noise, random);
    const { values } = interpretGraph(graph, feeds)['probabilities']!;
    if (!values.every(Number.isFinite)) throw new Error('Its network gives what is no number.');
    latents[latent] = values;
    return values;
  };

  return {
    name: policy.method,
    usesBacklog: true,
    decideBatch(tasks, observation, random) {
      const reachable = reachableIndices(observation);
      const { edgeServers } = observation;
      // Seconds of an ES of capacity 1 are Gigacycles: how long the mean image takes gives the capacity.
      const capacities = edgeServers.map((es) => capacityOf(es, meanWork, meanQualitySteps));
      const backlogSec = edgeServers.map((es) => es.backlogSec);
      return tasks.map((task, position) => {
        const backlogGigacycles = backlogSec.map((seconds, index) => seconds * (capacities[index] ?? 0));
        const probabilities = decide(task, backlogGigacycles, position, random);
        const chosen = drawAmong(reachable, probabilities, random);
        backlogSec[chosen] = (backlogSec[chosen] ?? 0) + expectedComputeSec(task, edgeServers[chosen]!);
        return { taskId: task.id, edgeServerIndex: chosen };
      });
    },
  };
}

function capacityOf(es: EdgeServerView, meanWork: number, meanQualitySteps: number): number {
  const seconds = expectedComputeSec({ qualitySteps: meanQualitySteps }, es);
  return seconds > 0 ? meanWork / seconds : 0;
}

/** By the probabilities of those that can be chosen; uniformly where they have none. */
function drawAmong(reachable: readonly number[], probabilities: Float64Array, random: RandomSource): number {
  const total = reachable.reduce((sum, index) => sum + (probabilities[index] ?? 0), 0);
  if (!(total > 0)) return reachable[random.nextInt(0, reachable.length - 1)]!;
  let left = random.nextFloat() * total;
  for (const index of reachable) {
    left -= probabilities[index] ?? 0;
    if (left < 0) return index;
  }
  return reachable.at(-1)!;
}

function drawNormals(count: number, noise: NormalNoise, random: RandomSource): Float32Array {
  const values = new Float32Array(count);
  noise.fill(values, random);
  return values;
}

function actorOf({ method, baseStations, settings }: LearnedPolicy) {
  const sizes = { agents: 1, servers: baseStations, stateSize: stateLength(baseStations) };
  return createLearner(method, { ...settings, ...sizes }).actor;
}

function buildGraph(policy: LearnedPolicy): Graph {
  const stateSize = stateLength(policy.baseStations);
  return buildPolicyGraph(actorOf(policy), { agents: 1, batchSize: 1, stateSize, parameters: policy.parameters });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
