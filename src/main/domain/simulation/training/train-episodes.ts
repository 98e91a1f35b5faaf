// The loop of a training: episode by episode, a checkpoint every few. Runs in the training process.
import { setImmediate } from 'node:timers/promises';
import type { Graph } from '../../../../scheduling/graph/graph.js';
import type { GraphRunner } from '../../../../scheduling/learning/graph-runner.js';
import { isTestbedConfig } from '../../../../scheduling/testbed/testbed-config.js';
import { AppError } from '../../../../shared/errors.js';
import type { EpisodeMetrics } from '../../../../shared/training.js';
import { createEpisodeMetrics, findNonFinite } from './episode-metrics.js';
import { readExperience } from './experience-file.js';
import { openSlotTraining, openTestbedTraining } from './open-training.js';
import { readCheckpoint, writeCheckpoint } from './training-checkpoint.js';
import type { TrainerOutcome, TrainingTask } from './trainer-messages.js';

export interface TrainEpisodesOptions {
  openGraph(graph: Graph): Promise<GraphRunner>;
  /** Asked after every episode. */
  isPausing(): boolean;
  /** CPU time of this process, ms. */
  cpuNowMs(): number;
  /** Called with the checkpoint's curve at the start, then with every new point, and with none after a checkpoint. */
  onProgress(episodes: EpisodeMetrics[], checkpointEpisodes: number): void;
}

/**
 * Continues from the folder's checkpoint, or starts. Everything random comes from the seed and the episode's number, so that a training that
 * was killed and resumed gives the same curve as one that was not.
 * @throws AppError training-diverged with the episode when a number is no longer finite; the last checkpoint is from before
 */
export async function trainEpisodes(task: TrainingTask, options: TrainEpisodesOptions): Promise<TrainerOutcome> {
  const { spec, folder } = task;
  const { openGraph, isPausing, cpuNowMs, onProgress } = options;
  const saved = await readCheckpoint(folder, spec.method);
  const open = isTestbedConfig(task.environment) ? openTestbedTraining : openSlotTraining;
  const experience = spec.learnedFrom && (await readExperience(folder));
  const run = await open(task, { openGraph, checkpoint: saved?.learning, experience });
  const curve = saved?.curve ?? [];
  let checkpointEpisodes = curve.length;
  onProgress(curve.slice(), checkpointEpisodes);

  const runNext = async (): Promise<EpisodeMetrics> => {
    const index = curve.length;
    const optTsDelaySec = meanOf(await run.simulateOptTs(index));
    const startedMs = cpuNowMs();
    const meanDelaySec = meanOf(await run.trainEpisode(index));
    const cpuMs = cpuNowMs() - startedMs;
    return createEpisodeMetrics({ episode: index + 1, meanDelaySec, optTsDelaySec, cpuMs }, run.takeMetrics());
  };

  while (curve.length < spec.episodes) {
    const metrics = await runNext();
    const broken = findNonFinite(metrics);
    if (broken !== null) throw diverged(metrics.episode, broken, checkpointEpisodes);
    curve.push(metrics);
    onProgress([metrics], checkpointEpisodes);
    // Lets a message of the parent in.
    await setImmediate();
    const isEnd = curve.length === spec.episodes;
    const isPaused = !isEnd && isPausing();
    if (isEnd || isPaused || curve.length % spec.checkpointEvery === 0) {
      await writeCheckpoint(folder, { curve, learning: run.takeCheckpoint() });
      checkpointEpisodes = curve.length;
      onProgress([], checkpointEpisodes);
    }
    if (isPaused) return 'paused';
  }
  return 'succeeded';
}

function diverged(episode: number, field: string, checkpointEpisodes: number): AppError {
  return new AppError(
    'training-diverged',
    `The training stopped in episode ${episode}: its ${field} is no longer finite`,
    checkpointEpisodes === 0
      ? 'There is no checkpoint from before. Start it with smaller learning rates or another reward scale.'
      : `The policy as of episode ${checkpointEpisodes} is kept. Start it with smaller learning rates or another reward scale.`,
  );
}

function meanOf(values: readonly number[] | Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
