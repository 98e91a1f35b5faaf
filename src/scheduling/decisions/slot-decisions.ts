// A policy that learned in a copy of one testbed in slots, at work in an agent. Those of the testbed's environment: testbed-decisions.ts.
//
// Differences from its simulator: tasks are decided one after the other and each counts in the backlogs that the next one sees, where the
// simulator shows the last slot's; ESs that do not answer get no share. A latent is what was last decided for the same place in a batch, the
// paper's X_b[n].
import type { RandomSource } from '../../random/random.js';
import { stateLength } from '../environment/state.js';
import { createNormalNoise, type NormalNoise } from '../learning/normal-noise.js';
import type { TrainingSettings } from '../learning/training-settings.js';
import { type EdgeServerView, expectedComputeSec, type SchedulableTask, type SchedulingPolicy } from '../policies/policy.js';
import { reachableIndices } from '../policies/reachable.js';
import type { SlotPolicyDescription } from './learned-policy-description.js';
import { createNetworkDecider, type NetworkShape } from './network-decider.js';

/** Latents kept, by place in a batch; later places share the last. */
const MAX_LATENTS = 1000;

/** A description that has been verified. */
export interface SlotPolicy extends Omit<SlotPolicyDescription, 'settings'> {
  settings: TrainingSettings;
}

export function slotNetworkShape({
  method,
  settings,
  baseStations,
}: Pick<SlotPolicy, 'method' | 'settings' | 'baseStations'>): NetworkShape {
  return { method, settings, servers: baseStations, stateSize: stateLength(baseStations) };
}

export function createSlotSchedulingPolicy(policy: SlotPolicy): SchedulingPolicy {
  const { baseStations: servers, work, meanQualitySteps } = policy;
  const scale = policy.settings.observationScale;
  const network = createNetworkDecider(slotNetworkShape(policy));
  network.setParameters(Float32Array.from(policy.parameters));
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
    const chain = { latents: latents[latent], noise: ({ length }: { length: number }) => drawNormals(length, noise, random) };
    latents[latent] = network.decide(states, chain).slice();
    return latents[latent];
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
