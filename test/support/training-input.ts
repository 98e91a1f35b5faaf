// Trainings that take milliseconds an episode.
import { startTrainingInput, type StartTrainingInput } from '../../src/shared/api/training-inputs.js';

const SMALL_SETTINGS = { hiddenSize: 6, batchSize: 8, learningStarts: 6, replayCapacity: 60, denoisingSteps: 2, actorLearningRate: 1e-3 };

/** Learns from the second episode on at the latest. */
export function buildTrainingInput(change: StartTrainingInput = {}) {
  const input: StartTrainingInput = { preset: 'paper', episodes: 9, checkpointEvery: 2, seed: 3, ...change };
  return startTrainingInput.parse({
    ...input,
    changes: { baseStations: 2, slots: 8, maxTasksPerSlot: 3, ...change.changes },
    settings: { ...SMALL_SETTINGS, ...change.settings },
  });
}
