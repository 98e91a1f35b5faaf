// What the core and a training process say to each other. One process does one training, or a part of it, and ends.
import type { EnvironmentConfig } from '../../../../scheduling/environment/environment-config.js';
import type { HeuristicAlias } from '../../../../scheduling/heuristics/heuristics.js';
import type { TestbedConfig } from '../../../../scheduling/testbed/testbed-config.js';
import type { TrainingSettings } from '../../../../scheduling/learning/training-settings.js';
import type { AppErrorShape } from '../../../../shared/errors.js';
import type { EpisodeMetrics, TrainingSpec } from '../../../../shared/training.js';

/** A specification in the types of those who carry it out. */
export interface TrainingPlan {
  spec: TrainingSpec;
  settings: TrainingSettings;
  environment: EnvironmentConfig | TestbedConfig;
}

export interface TrainingTask extends TrainingPlan {
  /** Where the checkpoint is kept; the process makes it. */
  folder: string;
}

/** Episodes of a policy that does not learn, on the arrivals that a training of this seed sees. It keeps no checkpoint. */
export interface SimulationTask {
  policy: HeuristicAlias;
  environment: EnvironmentConfig;
  episodes: number;
  seed: number;
}

export type TrainerRequest =
  | { kind: 'start'; task: TrainingTask | SimulationTask }
  /** Finish the episode under way, write a checkpoint and end. */
  | { kind: 'pause' };

export type TrainerReply =
  /** The first one holds the whole curve of the checkpoint; later ones what is new since the one before. */
  | { kind: 'progress'; episodes: EpisodeMetrics[]; checkpointEpisodes: number }
  | { kind: 'ended'; outcome: TrainerOutcome }
  | { kind: 'failed'; error: AppErrorShape };

export type TrainerOutcome = 'succeeded' | 'paused';

/** A training process. */
export interface TrainerProcess {
  /** Asks it to finish the episode under way, write a checkpoint and end. */
  pause(): void;
  /** Ends it at once; the last checkpoint stays. */
  kill(): void;
  /** Settles when the process has ended. Rejects with its error; `cancelled` after `kill`, `io` when it died. */
  ended: Promise<TrainerOutcome>;
}

/** `onProgress` may throw: the process is then ended and `ended` rejects with what was thrown. */
export type StartTrainer = (
  task: TrainingTask | SimulationTask,
  onProgress: (episodes: EpisodeMetrics[], checkpointEpisodes: number) => void,
) => TrainerProcess;
