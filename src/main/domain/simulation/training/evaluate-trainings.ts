// Trained policies on arrivals that they never learned from, beside policies that do not learn, on the very same arrivals. Trainings that
// differ in their seed only are one row: its interval is over the seeds.
import { createEnvironment } from '../../../../scheduling/environment/environment.js';
import type { EnvironmentConfig } from '../../../../scheduling/environment/environment-config.js';
import { paperTrainingSettings, type TrainingSettings } from '../../../../scheduling/learning/training-settings.js';
import { isTestbedConfig } from '../../../../scheduling/testbed/testbed-config.js';
import { FIRST_UNSEEN_EPISODE } from '../../../../scheduling/learning/unseen-episodes.js';
import { meanInterval, type MeanInterval } from '../../../../shared/mean-interval.js';
import { AppError } from '../../../../shared/errors.js';
import type { PolicyDetail, Training, TrainingSpec } from '../../../../shared/training.js';
import { PROGRAM_VERSION } from '../../../foundation/program-version.js';
import { evaluateSeed, type SeedFigures } from './evaluate-policies.js';
import { planAgain } from './plan-training.js';
import { findPolicies } from './policy-lookup.js';

export interface TrainedEvaluationInput {
  trainings: readonly Training[];
  /** Names of policies that do not learn, run on the same arrivals. */
  policies: readonly string[];
  /** Unseen episodes of each seed. */
  episodes: number;
}

export interface TrainedEvaluationRow {
  /** The policy's name; of a trained one the method and what is set otherwise than Table IV has it. */
  policy: string;
  /** Episodes that it learned from; null where it does not learn. */
  trainedEpisodes: number | null;
  /** Over the seeds. */
  meanDelaySec: MeanInterval;
  p95DelaySec: MeanInterval;
  ratioToOptTs: MeanInterval;
  entropyNats: MeanInterval | null;
  bySeed: ({ seed: number; trainingId: string; detail: PolicyDetail } | ({ seed: number; trainingId: null } & SeedFigures))[];
}

export interface TrainedEvaluation {
  programVersion: string;
  config: EnvironmentConfig;
  firstEpisode: number;
  episodes: number;
  seeds: number[];
  rows: TrainedEvaluationRow[];
}

/** Throws `invalid-input` where the trainings are of different environments or one of them counts twice, and what `measure` throws. */
export async function evaluateTrainings(
  { trainings, policies, episodes }: TrainedEvaluationInput,
  { measure, signal, onDone }: { measure(id: string): Promise<PolicyDetail>; signal: AbortSignal; onDone(done: number): void },
): Promise<TrainedEvaluation> {
  const names = findPolicies(policies);
  const config = commonEnvironment(trainings);
  let done = 0;
  const measured = await Promise.all(
    trainings.map(async (training) => {
      const detail = await measure(training.id);
      onDone(++done);
      return { training, detail };
    }),
  );
  const groups = Map.groupBy(measured, describeExperiment);
  for (const [label, group] of groups) refuseTwins(label, group);
  const seeds = [...new Set(trainings.map(({ spec }) => spec.seed))].sort((a, b) => a - b);
  const figures: Awaited<ReturnType<typeof evaluateSeed>>[] = [];
  for (const seed of seeds) {
    const options = { names, seed, firstEpisode: FIRST_UNSEEN_EPISODE, episodes, signal };
    figures.push(await evaluateSeed(createEnvironment(config, seed), options));
  }
  const learned = [...groups].map(([label, group]) => summarizeTrained(label, group));
  const others = names.map((name) =>
    summarize(
      name,
      seeds.map((seed, index) => ({ seed, trainingId: null, ...figures[index]!(name) })),
    ),
  );
  return { programVersion: PROGRAM_VERSION, config, firstEpisode: FIRST_UNSEEN_EPISODE, episodes, seeds, rows: [...learned, ...others] };
}

interface Measured {
  training: Training;
  detail: PolicyDetail;
}

function commonEnvironment(trainings: readonly Training[]): EnvironmentConfig {
  const [first, ...others] = trainings;
  if (!first) throw new AppError('invalid-input', 'No training was named', 'Name one: npm run cli -- train list shows them.');
  const { environment } = planAgain(first);
  if (isTestbedConfig(environment)) throw new Error('A training of the testbed’s environment is evaluated on batches');
  const stranger = others.find((training) => JSON.stringify(planAgain(training).environment) !== JSON.stringify(environment));
  if (!stranger) return environment;
  throw new AppError(
    'invalid-input',
    `Trainings ${first.id} and ${stranger.id} are of different environments`,
    'Evaluate them one after the other: their delays cannot be compared.',
  );
}

/** What all seeds of an experiment share, in words. */
function describeExperiment({ training: { spec }, detail }: Measured): string {
  return nameExperiment(spec, paperTrainingSettings(spec.method), detail.checkpointEpisodes);
}

/** @param usual what goes without saying */
export function nameExperiment(
  { method, settings }: Pick<TrainingSpec, 'method' | 'settings'>,
  usual: Partial<TrainingSettings>,
  episodes: number,
): string {
  const known: Readonly<Record<string, unknown>> = { ...usual };
  const changed = Object.entries(settings).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(known[name]));
  const words = changed.map(([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : value}`);
  return [method, ...words, `${episodes} episodes`].join(', ');
}

function refuseTwins(label: string, group: readonly Measured[]): void {
  const bySeed = Map.groupBy(group, ({ training }) => training.spec.seed);
  for (const [seed, [first, second]] of bySeed) {
    if (!first || !second) continue;
    throw new AppError(
      'invalid-input',
      `Trainings ${first.training.id} and ${second.training.id} are the same experiment (${label}, seed ${seed})`,
      'Name one of them: twice the same result is no second one.',
    );
  }
}

function summarizeTrained(label: string, group: readonly Measured[]): TrainedEvaluationRow {
  const sorted = group.toSorted((a, b) => a.training.spec.seed - b.training.spec.seed);
  const row = summarize(
    label,
    sorted.map(({ training, detail }) => ({ seed: training.spec.seed, trainingId: training.id, detail })),
  );
  return {
    ...row,
    trainedEpisodes: sorted[0]?.detail.checkpointEpisodes ?? null,
    entropyNats: meanInterval(sorted.map(({ detail }) => detail.entropyNats)),
  };
}

function summarize(policy: string, bySeed: TrainedEvaluationRow['bySeed']): TrainedEvaluationRow {
  const intervalOf = (field: keyof SeedFigures): MeanInterval =>
    meanInterval(bySeed.map((row) => (row.trainingId === null ? row[field] : row.detail[field])));
  return {
    policy,
    trainedEpisodes: null,
    meanDelaySec: intervalOf('meanDelaySec'),
    p95DelaySec: intervalOf('p95DelaySec'),
    ratioToOptTs: intervalOf('ratioToOptTs'),
    entropyNats: null,
    bySeed,
  };
}
