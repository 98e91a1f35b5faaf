import { describe, expect, test } from 'vitest';
import { openInferenceSession } from '../../../src/main/adapters/inference/inference-session.js';
import { createEnvironment } from '../../../src/scheduling/environment/environment.js';
import { PRESETS } from '../../../src/scheduling/environment/presets.js';
import { runEpisode } from '../../../src/scheduling/environment/run-episode.js';
import type { Graph } from '../../../src/scheduling/graph/graph.js';
import { writeOnnx } from '../../../src/scheduling/graph/onnx/write-onnx.js';
import { LEARNING_METHODS, type LearningMethod } from '../../../src/scheduling/learning/learner.js';
import { createLearningRun, type LearningRun } from '../../../src/scheduling/learning/learning-run.js';
import type { LearningCheckpoint } from '../../../src/scheduling/learning/learning-checkpoint.js';
import { paperTrainingSettings } from '../../../src/scheduling/learning/training-settings.js';
import { createSimulatorPolicy } from '../../../src/scheduling/policies/simulator/simulate-heuristic.js';
import { createRandom, deriveSeed } from '../../../src/random/random.js';

/** Two stations, of which one is fast enough for all tasks and the other too slow for its half: what is best does not change. */
const environment = createEnvironment(
  { ...PRESETS.paper, baseStations: 2, slots: 30, tasksPerSlot: { min: 2, max: 4 }, capacityGigacyclesPerSec: { min: 1, max: 40 } },
  12,
);

const openGraph = (graph: Graph) => openInferenceSession(writeOnnx(graph, { name: 'learning', producerVersion: '0', metadata: {} }));

function createRun(method: LearningMethod, checkpoint?: LearningCheckpoint): Promise<LearningRun> {
  const settings = {
    ...paperTrainingSettings(method),
    batchSize: 32,
    learningStarts: 50,
    replayCapacity: 400,
    actorLearningRate: 2e-3,
    criticLearningRate: 3e-3,
    observationScale: { sizeMbit: 5, workGigacycles: 4, backlogGigacycles: 50 },
  };
  return createLearningRun({ method, settings, environment, seed: 2, openGraph, ...(checkpoint && { checkpoint }) });
}

/** Mean service delay of each episode. */
async function runEpisodes(trainEpisode: LearningRun['trainEpisode'], from: number, to: number): Promise<number[]> {
  const delaysSec: number[] = [];
  for (let episode = from; episode < to; episode++) {
    const random = createRandom(deriveSeed(1, `decisions of episode ${episode}`));
    const { serviceDelaySec } = await trainEpisode(environment.makeArrivals(episode), random);
    delaysSec.push(meanOf([...serviceDelaySec]));
  }
  return delaysSec;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe.each(LEARNING_METHODS)('%s in the simulator', (method) => {
  test('learns to send tasks to the fast station', async () => {
    const { trainEpisode } = await createRun(method);
    expect(meanOf(await runEpisodes(trainEpisode, 0, 1))).toBeGreaterThan(1);
    await runEpisodes(trainEpisode, 1, 10);
    const learned = meanOf(await runEpisodes(trainEpisode, 10, 15));
    const runRandom: LearningRun['trainEpisode'] = (arrivals, random) =>
      runEpisode({ environment, arrivals, policy: createSimulatorPolicy('random'), random });
    const random = meanOf(await runEpisodes(runRandom, 10, 15));
    expect(learned).toBeLessThan(random / 5);
  });

  test('a run resumed from a checkpoint gives the same curve and metrics as one that continued', async () => {
    const original = await createRun(method);
    await runEpisodes(original.trainEpisode, 0, 3);
    original.takeMetrics();
    const resumed = await createRun(method, structuredClone(original.takeCheckpoint()));
    expect(await runEpisodes(resumed.trainEpisode, 3, 6)).toEqual(await runEpisodes(original.trainEpisode, 3, 6));
    expect(resumed.takeMetrics()).toEqual(original.takeMetrics());
  });
});
