// Policies that learned in the testbed's environment beside list scheduling, on the very same bursts and batches and with the same
// information, on the testbed that they learned on or on another. They decide as on a node. Trainings that differ in their seed only are one
// row, and every interval is over the seeds; a policy that does not learn is run on the bursts of each of them.
import { setImmediate } from 'node:timers/promises';
import { createLearnedSchedulingPolicy, parseLearnedPolicy } from '../../../../scheduling/decisions/learned-scheduling.js';
import { testbedTrainingSettings } from '../../../../scheduling/learning/training-settings.js';
import { FIRST_UNSEEN_EPISODE } from '../../../../scheduling/learning/unseen-episodes.js';
import { STATION_HEURISTIC_NAMES, type StationHeuristicName } from '../../../../scheduling/heuristics/heuristics.js';
import type { SchedulingPolicy } from '../../../../scheduling/policies/policy.js';
import { createSchedulingPolicy } from '../../../../scheduling/policies/schedule-by-heuristic.js';
import { type BurstFigures, measureBursts } from '../../../../scheduling/testbed/measure-bursts.js';
import { drawTestbedEpisode, simulateOnTestbed, simulateOptTs } from '../../../../scheduling/testbed/simulate-policy.js';
import { isTestbedConfig, type TestbedConfig } from '../../../../scheduling/testbed/testbed-config.js';
import { AppError } from '../../../../shared/errors.js';
import { meanInterval, type MeanInterval } from '../../../../shared/mean-interval.js';
import type { Training } from '../../../../shared/training.js';
import { PROGRAM_VERSION } from '../../../foundation/program-version.js';
import { nameExperiment } from './evaluate-trainings.js';
import { planAgain } from './plan-training.js';
import { withStatedSpeeds } from './stated-speeds.js';

/** |N| of Table V, and as many bursts of each that single ones do not matter. */
export const BURST_SIZES = [
  { taskCount: 100, bursts: 40 },
  { taskCount: 500, bursts: 10 },
  { taskCount: 1000, bursts: 6 },
] as const;

/** List scheduling, one task after the other, as they come: the order in which a learned policy takes them, so that a difference is not of the order. */
export const LIST_SCHEDULING: StationHeuristicName = 'shortest-expected-completion';

export interface TestbedEvaluationInput {
  trainings: readonly Training[];
  /** Heuristics to run beside them and list scheduling. */
  policies: readonly string[];
  /** Unseen episodes of each seed, of the kind of the trainings' own. */
  episodes: number;
  /** Instead of the testbed that they learned on: its nodes by ordinal, and what else differs. */
  elsewhere: Partial<Pick<TestbedConfig, 'nodes' | 'arrivals' | 'view' | 'speeds' | 'streamLoad'>>;
  /** One for each node, instead of those on record. */
  statedSpeeds: readonly number[] | null;
}

export interface TestbedEvaluationRow {
  policy: string;
  trainingIds: string[];
  /** Of each of BURST_SIZES. */
  efficiency: MeanInterval[];
  /** Of the first of BURST_SIZES' efficiencies, this policy's less list scheduling's, over the seeds. */
  againstListScheduling: MeanInterval[];
  /** Of the episodes' mean delays and p95, this policy's over list scheduling's less 1, over the seeds. */
  delayAgainstListScheduling: { mean: MeanInterval; p95: MeanInterval };
  /** Of the episodes' tasks. */
  meanDelaySec: MeanInterval;
  p95DelaySec: MeanInterval;
  ratioToOptTs: MeanInterval;
}

export interface TestbedEvaluation {
  programVersion: string;
  config: TestbedConfig;
  seeds: number[];
  episodes: number;
  burstSizes: typeof BURST_SIZES;
  rows: TestbedEvaluationRow[];
}

interface SeedFigures {
  bursts: BurstFigures[];
  meanDelaySec: number;
  p95DelaySec: number;
  ratioToOptTs: number;
}

interface Contestant {
  policy: string;
  trainingId: string | null;
  makeStation: (station: number) => SchedulingPolicy;
}

/**
 * @param policiesOf what agents schedule by, of a training, as JSON
 * Throws `invalid-input` where the trainings are of unlike environments or cannot decide there, `cancelled` when the signal aborts.
 */
export async function evaluateOnTestbed(
  { trainings, policies, episodes, elsewhere, statedSpeeds }: TestbedEvaluationInput,
  options: { policiesOf(id: string): Promise<string[]>; signal: AbortSignal; onDone(done: number, of: number): void },
): Promise<TestbedEvaluation> {
  const there = { ...commonTestbed(trainings), ...elsewhere };
  const config = statedSpeeds === null ? there : { ...there, nodes: withStatedSpeeds(there.nodes, statedSpeeds) };
  if (elsewhere.streamLoad !== undefined && config.arrivals === 'bursts') {
    throw new AppError('invalid-input', 'A load is of streams, and all tasks come in bursts', 'Ask for streams, too: --arrivals streams.');
  }
  const names = [LIST_SCHEDULING, ...findStationHeuristics(policies)];
  const seeds = [...new Set(trainings.map(({ spec }) => spec.seed))].sort((a, b) => a - b);
  const measured: { seed: number; contestant: Contestant; figures: SeedFigures }[] = [];
  let done = 0;
  const total = trainings.length + seeds.length * names.length;
  for (const seed of seeds) {
    const learned = await Promise.all(
      trainings.filter(({ spec }) => spec.seed === seed).map((training) => contestantOf(training, config, options.policiesOf)),
    );
    const heuristics = names.map((name) => ({
      policy: name,
      trainingId: null,
      makeStation: () => createSchedulingPolicy(name, { placingOrder: 'as-it-comes' }),
    }));
    for (const contestant of [...learned, ...heuristics]) {
      measured.push({ seed, contestant, figures: await measureSeed({ config, seed, episodes }, contestant.makeStation, options.signal) });
      options.onDone(++done, total);
    }
  }
  const listed = new Map(
    measured.flatMap(({ seed, contestant, figures }) => (contestant.policy === LIST_SCHEDULING ? [[seed, figures]] : [])),
  );
  const rows = [...Map.groupBy(measured, ({ contestant }) => contestant.policy)].map(([policy, group]): TestbedEvaluationRow => {
    const intervalOf = (of: (figures: SeedFigures, seed: number) => number): MeanInterval =>
      meanInterval(group.map(({ figures, seed }) => of(figures, seed)));
    return {
      policy,
      trainingIds: group.flatMap(({ contestant }) => contestant.trainingId ?? []),
      efficiency: BURST_SIZES.map((_, size) => intervalOf(({ bursts }) => bursts[size]!.efficiency)),
      againstListScheduling: BURST_SIZES.map((_, size) =>
        intervalOf(({ bursts }, seed) => bursts[size]!.efficiency - listed.get(seed)!.bursts[size]!.efficiency),
      ),
      delayAgainstListScheduling: {
        mean: intervalOf(({ meanDelaySec }, seed) => meanDelaySec / listed.get(seed)!.meanDelaySec - 1),
        p95: intervalOf(({ p95DelaySec }, seed) => p95DelaySec / listed.get(seed)!.p95DelaySec - 1),
      },
      meanDelaySec: intervalOf(({ meanDelaySec }) => meanDelaySec),
      p95DelaySec: intervalOf(({ p95DelaySec }) => p95DelaySec),
      ratioToOptTs: intervalOf(({ ratioToOptTs }) => ratioToOptTs),
    };
  });
  return { programVersion: PROGRAM_VERSION, config, seeds, episodes, burstSizes: BURST_SIZES, rows };
}

function commonTestbed(trainings: readonly Training[]): TestbedConfig {
  const [first, ...others] = trainings.map((training) => ({ id: training.id, environment: planAgain(training).environment }));
  if (!first || !isTestbedConfig(first.environment)) {
    throw new AppError('invalid-input', 'The training is not of the testbed’s environment', 'Name one that is: train --testbed.');
  }
  const stranger = others.find(({ environment }) => JSON.stringify(environment) !== JSON.stringify(first.environment));
  if (!stranger) return first.environment;
  throw new AppError(
    'invalid-input',
    `Trainings ${first.id} and ${stranger.id} are of different environments`,
    'Evaluate them one after the other: their delays cannot be compared.',
  );
}

function findStationHeuristics(names: readonly string[]): StationHeuristicName[] {
  const known = (name: string): name is StationHeuristicName => (STATION_HEURISTIC_NAMES as readonly string[]).includes(name);
  const unknown = names.find((name) => !known(name));
  if (unknown !== undefined) {
    throw new AppError('not-found', `No station can schedule by “${unknown}”`, `Known: ${STATION_HEURISTIC_NAMES.join(', ')}.`);
  }
  return [...new Set(names.filter(known))].filter((name) => name !== LIST_SCHEDULING);
}

async function contestantOf(
  { id, spec, checkpointEpisodes }: Training,
  { nodes }: TestbedConfig,
  policiesOf: (id: string) => Promise<string[]>,
): Promise<Contestant> {
  const texts = await policiesOf(id);
  let parsed: ReturnType<typeof parseLearnedPolicy>[];
  try {
    parsed = texts.map((text) => parseLearnedPolicy(text, nodes.length));
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    const hint = 'Only one whose network is shared by the servers schedules on other testbeds.';
    throw new AppError('invalid-input', `Training ${id} cannot schedule there: ${thrown.message}`, hint);
  }
  const { observationScale } = spec.settings;
  const usual = { ...testbedTrainingSettings(spec.method), observationScale };
  return {
    policy: nameExperiment(spec, usual as Parameters<typeof nameExperiment>[1], checkpointEpisodes),
    trainingId: id,
    makeStation: (station) => createLearnedSchedulingPolicy(parsed[station] ?? parsed[0]!),
  };
}

/** Bursts at the speeds on record, since their bound rests on them; episodes as the trainings had them. */
async function measureSeed(
  { config, seed, episodes }: { config: TestbedConfig; seed: number; episodes: number },
  makeStation: Contestant['makeStation'],
  signal: AbortSignal,
): Promise<SeedFigures> {
  const giveWay = async (): Promise<void> => {
    await setImmediate();
    if (signal.aborted) throw new AppError('cancelled', `The evaluation was interrupted at seed ${seed}`);
  };
  const recorded: TestbedConfig = { ...config, speeds: { kind: 'as-recorded' } };
  const bursts: BurstFigures[] = [];
  for (const size of BURST_SIZES) {
    await giveWay();
    bursts.push(await measureBursts({ config: recorded, seed, ...size }, makeStation));
  }
  const sums = { meanDelaySec: 0, p95DelaySec: 0, optTsDelaySec: 0 };
  for (let index = FIRST_UNSEEN_EPISODE; index < FIRST_UNSEEN_EPISODE + episodes; index++) {
    await giveWay();
    const episode = drawTestbedEpisode(config, seed, index);
    const delays = (await simulateOnTestbed(episode, makeStation)).serviceDelaySec.toSorted((a, b) => a - b);
    sums.meanDelaySec += meanOf(delays);
    sums.p95DelaySec += delays[Math.ceil(0.95 * delays.length) - 1]!;
    sums.optTsDelaySec += meanOf((await simulateOptTs(episode)).serviceDelaySec);
  }
  return {
    bursts,
    meanDelaySec: sums.meanDelaySec / episodes,
    p95DelaySec: sums.p95DelaySec / episodes,
    ratioToOptTs: sums.meanDelaySec / sums.optTsDelaySec,
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
