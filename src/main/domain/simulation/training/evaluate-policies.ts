// Policies that do not learn, against each other on the same arrivals, over seeds, in this process. Trained ones: evaluate-trainings.ts.
import { setImmediate } from 'node:timers/promises';
import type { EpisodeArrivals } from '../../../../scheduling/environment/arrivals.js';
import { createEnvironment } from '../../../../scheduling/environment/environment.js';
import type { Environment } from '../../../../scheduling/environment/environment.js';
import type { EnvironmentConfig } from '../../../../scheduling/environment/environment-config.js';
import { runEpisode } from '../../../../scheduling/environment/run-episode.js';
import { type HeuristicAlias, heuristicOf } from '../../../../scheduling/heuristics/heuristics.js';
import { meanInterval } from '../../../../shared/mean-interval.js';
import type { MeanInterval } from '../../../../shared/mean-interval.js';
import { createSimulatorPolicy } from '../../../../scheduling/policies/simulator/simulate-heuristic.js';
import { createRandom, deriveSeed } from '../../../../random/random.js';
import { AppError } from '../../../../shared/errors.js';
import type { TrainingChanges } from '../../../../shared/training.js';
import { PROGRAM_VERSION } from '../../../foundation/program-version.js';
import { configureEnvironment, findPolicies } from './policy-lookup.js';

/** The policy that all are measured against. */
const BASELINE: HeuristicAlias = 'opt-ts';
const MAX_REPETITIONS = 10_000;

export interface EvaluationInput {
  policies: readonly string[];
  preset: string;
  changes: TrainingChanges;
  /** Seeds `firstSeed`, `firstSeed` + 1, ... */
  firstSeed: number;
  seeds: number;
  /** Of each seed. */
  episodes: number;
}

/** Means over the episodes of one seed. */
export interface SeedFigures {
  meanDelaySec: number;
  /** Of an episode: the smallest delay that at least 95 % of its tasks do not exceed. */
  p95DelaySec: number;
  ratioToOptTs: number;
}

export interface PolicyEvaluation {
  policy: string;
  title: string;
  /** Of the seeds' figures. */
  meanDelaySec: MeanInterval;
  p95DelaySec: MeanInterval;
  ratioToOptTs: MeanInterval;
  bySeed: (SeedFigures & { seed: number })[];
}

export interface Evaluation {
  programVersion: string;
  preset: string;
  config: EnvironmentConfig;
  firstSeed: number;
  seeds: number;
  episodes: number;
  policies: PolicyEvaluation[];
}

/**
 * Runs every policy on every episode of every seed, and Opt-TS along with them. Throws `not-found` or `invalid-input` naming what is wrong,
 * `cancelled` when the signal aborts; gives way to other work between episodes.
 */
export async function evaluatePolicies(
  input: EvaluationInput,
  { signal, onSeed }: { signal: AbortSignal; onSeed(done: number): void },
): Promise<Evaluation> {
  const names = findPolicies(input.policies);
  const config = configureEnvironment(input.preset, input.changes);
  for (const field of ['seeds', 'episodes'] as const) checkCount(field, input[field]);
  if (!Number.isInteger(input.firstSeed) || input.firstSeed < 0) {
    throw new AppError('invalid-input', `The first seed is ${input.firstSeed}`, 'Seeds are whole numbers from 0 on.');
  }
  const bySeed = new Map<HeuristicAlias, PolicyEvaluation['bySeed']>(names.map((name) => [name, []]));
  for (let seed = input.firstSeed; seed < input.firstSeed + input.seeds; seed++) {
    const figures = await evaluateSeed(createEnvironment(config, seed), {
      names,
      seed,
      firstEpisode: 0,
      episodes: input.episodes,
      signal,
    });
    for (const [name, rows] of bySeed) rows.push({ seed, ...figures(name) });
    onSeed(seed - input.firstSeed + 1);
  }
  const { preset, firstSeed, seeds, episodes } = input;
  const policies = names.map((name) => summarize(name, bySeed.get(name) ?? []));
  return { programVersion: PROGRAM_VERSION, preset, config, firstSeed, seeds, episodes, policies };
}

/** Runs the named policies and Opt-TS on the episodes from `firstEpisode` on; gives the figures of each. Throws `cancelled`. */
export async function evaluateSeed(
  environment: Environment,
  options: { names: readonly HeuristicAlias[]; seed: number; firstEpisode: number; episodes: number; signal: AbortSignal },
): Promise<(name: HeuristicAlias) => SeedFigures> {
  const { seed, firstEpisode, episodes, signal } = options;
  const sums = new Map([BASELINE, ...options.names].map((name) => [name, { meanDelaySec: 0, p95DelaySec: 0 }]));
  for (let episode = firstEpisode; episode < firstEpisode + episodes; episode++) {
    await setImmediate();
    if (signal.aborted) throw new AppError('cancelled', `The evaluation was interrupted at seed ${seed}, episode ${episode}`);
    const arrivals = environment.makeArrivals(episode);
    for (const [name, sum] of sums) {
      const figures = await evaluateEpisode(environment, arrivals, name, deriveSeed(seed, `${name}, episode ${episode}`));
      sum.meanDelaySec += figures.meanDelaySec;
      sum.p95DelaySec += figures.p95DelaySec;
    }
  }
  const baselineSec = sums.get(BASELINE)?.meanDelaySec ?? NaN;
  return (name) => {
    const { meanDelaySec, p95DelaySec } = sums.get(name) ?? { meanDelaySec: NaN, p95DelaySec: NaN };
    return { meanDelaySec: meanDelaySec / episodes, p95DelaySec: p95DelaySec / episodes, ratioToOptTs: meanDelaySec / baselineSec };
  };
}

async function evaluateEpisode(environment: Environment, arrivals: EpisodeArrivals, name: HeuristicAlias, policySeed: number) {
  const policy = createSimulatorPolicy(name);
  const { serviceDelaySec } = await runEpisode({ environment, arrivals, policy, random: createRandom(policySeed) });
  const meanDelaySec = serviceDelaySec.reduce((sum, sec) => sum + sec, 0) / serviceDelaySec.length;
  const sorted = serviceDelaySec.sort();
  return { meanDelaySec, p95DelaySec: sorted[Math.ceil(0.95 * sorted.length) - 1] ?? NaN };
}

function summarize(name: HeuristicAlias, bySeed: PolicyEvaluation['bySeed']): PolicyEvaluation {
  return {
    policy: name,
    title: heuristicOf(name).title,
    meanDelaySec: meanInterval(bySeed.map((row) => row.meanDelaySec)),
    p95DelaySec: meanInterval(bySeed.map((row) => row.p95DelaySec)),
    ratioToOptTs: meanInterval(bySeed.map((row) => row.ratioToOptTs)),
    bySeed,
  };
}

function checkCount(field: 'seeds' | 'episodes', value: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= MAX_REPETITIONS) return;
  throw new AppError('invalid-input', `The number of ${field} is ${value}`, `Give a whole number from 1 to ${MAX_REPETITIONS}.`);
}
