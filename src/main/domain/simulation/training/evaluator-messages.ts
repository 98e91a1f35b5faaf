// What the core and an evaluation process say to each other. One process does one thing and ends.
import type { EnvironmentConfig } from '../../../../scheduling/environment/environment-config.js';
import type { TestbedConfig } from '../../../../scheduling/testbed/testbed-config.js';
import type { SeenDecision } from '../../../../scheduling/experience/seen-decision.js';
import type { AppErrorShape } from '../../../../shared/errors.js';
import type { VersionComparison } from '../../../../shared/on-the-job.js';
import type { PolicyDetail, TrainingBaselines } from '../../../../shared/training.js';
import type { TrainingTask } from './trainer-messages.js';

/** Runs the policy of the folder's checkpoint on unseen episodes. */
export interface DetailTask {
  kind: 'detail';
  training: TrainingTask;
  episodes: number;
  choice: 'drawn' | 'most-probable';
}

/** Runs what a learning curve is read against, on a training's own first episodes. */
export interface BaselinesTask {
  kind: 'baselines';
  environment: EnvironmentConfig | TestbedConfig;
  seed: number;
  episodes: number;
}

/** Two versions of a policy beside each other, on held-back work and on decisions of runs. */
export interface VersionsTask {
  kind: 'versions';
  /** As JSON. */
  before: string;
  after: string;
  config: TestbedConfig;
  seed: number;
  decisions: SeenDecision[];
}

export type EvaluatorRequest = DetailTask | BaselinesTask | VersionsTask;

export type EvaluatorReply =
  | { kind: 'detail'; detail: PolicyDetail }
  | { kind: 'baselines'; baselines: TrainingBaselines }
  | { kind: 'versions'; comparison: VersionComparison }
  | { kind: 'failed'; error: AppErrorShape };

/** Runs an evaluation process. Rejects with its error; `cancelled` when the signal aborts, `io` when it died. No process is left either way. */
export type RunEvaluator = <Kind extends EvaluatorRequest['kind']>(
  request: Extract<EvaluatorRequest, { kind: Kind }>,
  signal: AbortSignal,
) => Promise<Extract<EvaluatorReply, { kind: Kind }>>;
