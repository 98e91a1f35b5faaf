// `evaluate`: policies by name in a simulated environment, or trained ones by their training's id in the training's own.
import { Option, type Command } from 'commander';
import { AppError } from '../../../shared/errors.js';
import { isOfTestbed, type Training, TWIN_ARRIVALS, TWIN_SPEEDS, TWIN_VIEWS } from '../../../shared/training.js';
import { timingOf } from '../../../shared/testbed.js';
import { TRUE_SPEEDS } from '../../domain/simulation/training/digital-twin.js';
import { evaluatePolicies } from '../../domain/simulation/training/evaluate-policies.js';
import { evaluateOnTestbed } from '../../domain/simulation/training/evaluate-on-testbed.js';
import { evaluateTrainings } from '../../domain/simulation/training/evaluate-trainings.js';
import { listPolicies } from '../../domain/simulation/training/policy-lookup.js';
import { describeEvaluation, describeTestbedEvaluation, describeTrainedEvaluation } from './describe-evaluation.js';
import { addEnvironmentOptions, environmentChanges, type EnvironmentOptions } from './environment-options.js';
import { findByName } from './find-by-name.js';
import { interruptible } from './interruptible.js';
import { addWords, loadOfStreams, statedSpeeds, whole } from './parse-arguments.js';
import { type CommonOptions, withReadingCore } from './session.js';
import { createTerminal } from './terminal.js';

interface EvaluateOptions extends CommonOptions, EnvironmentOptions {
  policy?: string[];
  preset: string;
  seeds: number;
  firstSeed: number;
  episodes: number;
  mostProbable: boolean;
  testbed?: string;
  arrivals?: 'bursts' | 'streams' | 'mixed';
  view?: 'live' | 'offers' | 'blind';
  speeds?: readonly number[] | (typeof TWIN_SPEEDS)[number];
  load?: number;
}

/** What every training's id starts with, and no policy's name. */
const TRAINING_PREFIX = 'training-';

/** What a training brings along. */
const OF_THE_ENVIRONMENT = ['preset', 'seeds', 'firstSeed', 'baseStations', 'slots', 'maxTasks', 'maxCapacity', 'maxQuality'] as const;

/** What only the testbed's environment has. */
const OF_THE_TESTBED = ['testbed', 'arrivals', 'view', 'speeds', 'load'] as const;

export function addEvaluateCommand(program: Command, run: (act: () => Promise<number>) => Promise<void>): void {
  const evaluate = program
    .command('evaluate')
    .description('simulate policies on the same arrivals: mean service delay with 95 % interval over seeds, p95, ratio to Opt-TS')
    .option(
      '--policy <names>',
      'policies or ids of trainings, separated by commas or given several times (default: all policies)',
      addWords,
    )
    .option('--preset <name>', 'environment: paper or reference (docs/method.md)', 'reference')
    .option('--seeds <count>', 'independent repetitions', whole, 10)
    .option('--first-seed <seed>', 'the first of the seeds', whole, 1)
    .option('--episodes <count>', 'episodes of each seed', whole, 10)
    .option('--most-probable', 'of trainings in slots: take the most probable server instead of drawing one', false)
    .option('--testbed <testbed>', 'of trainings in the testbed’s environment: on another testbed')
    .addOption(new Option('--arrivals <kind>', 'with these: how tasks come (default: as in the training)').choices(TWIN_ARRIVALS))
    .addOption(new Option('--view <kind>', 'with these: what base stations know (default: as in the training)').choices(TWIN_VIEWS))
    .option(
      '--speeds <factors>',
      `with these: speed of each node next to the first, such as 1,1,1,0.7,0.5; or how far nodes are from their record: ${TWIN_SPEEDS.join(', ')}`,
      statedSpeeds,
    )
    .option('--load <share>', 'with these: work that streams bring, of the capacity (default: as in the training)', loadOfStreams);
  addEnvironmentOptions(evaluate)
    .addHelpText(
      'after',
      '\nA training is evaluated in its own environment and seed, on episodes that it never learned from. One in the testbed’s environment\nis measured beside list scheduling, as it decides on nodes, both with the tasks of a burst as they come.',
    )
    .action((_options: unknown, command: Command) => {
      const options = command.optsWithGlobals<EvaluateOptions>();
      const ids = (options.policy ?? []).filter((word) => word.startsWith(TRAINING_PREFIX));
      const given = OF_THE_ENVIRONMENT.filter((name) => command.getOptionValueSource(name) === 'cli');
      return run(() => (ids.length === 0 ? evaluateNamed(options) : evaluateTrained(options, ids, given)));
    });
}

function evaluateNamed(options: EvaluateOptions): Promise<number> {
  return interruptible(async (signal) => {
    const foreign = OF_THE_TESTBED.find((name) => options[name] !== undefined);
    if (foreign !== undefined) {
      const hint = 'Name one: evaluate --policy training-…; train --testbed makes one.';
      throw new AppError('invalid-input', `--${foreign} takes a training in the testbed’s environment`, hint);
    }
    const terminal = createTerminal(options.json);
    const input = {
      policies: options.policy ?? listPolicies().map((policy) => policy.name),
      preset: options.preset,
      changes: environmentChanges(options),
      firstSeed: options.firstSeed,
      seeds: options.seeds,
      episodes: options.episodes,
    };
    const onSeed = (done: number): void => terminal.progress(`Seed ${done} of ${options.seeds} done`);
    const evaluation = await evaluatePolicies(input, { signal, onSeed });
    terminal.result(evaluation, describeEvaluation(evaluation));
    return 0;
  });
}

function evaluateTrained(options: EvaluateOptions, ids: readonly string[], given: readonly string[]): Promise<number> {
  return withReadingCore(options, async ({ core, terminal, signal }) => {
    const { trainings } = core.services;
    const stored = new Map(trainings.list().map((training) => [training.id, training]));
    const chosen = [...new Set(ids)].map((id) => {
      const training = stored.get(id);
      if (training) return training;
      throw new AppError('not-found', `There is no training ${id}`, 'npm run cli -- train list names them.');
    });
    if (given.length > 0) {
      const words = given.map((name) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`).join(', ');
      throw new AppError('invalid-input', `${words} cannot be given with a training`, 'A training brings its environment and seed along.');
    }
    const policies = (options.policy ?? []).filter((word) => !ids.includes(word));
    if (chosen.some(({ spec }) => isOfTestbed(spec))) return evaluateThere({ core, terminal, signal }, options, { chosen, policies });
    const foreign = OF_THE_TESTBED.find((name) => options[name] !== undefined);
    if (foreign !== undefined) {
      const hint = 'It was made in slots. Train with --environment testbed.';
      throw new AppError('invalid-input', `--${foreign} is for trainings in the testbed’s environment`, hint);
    }
    const choice = options.mostProbable ? 'most-probable' : 'drawn';
    const evaluation = await evaluateTrainings(
      { trainings: chosen, policies, episodes: options.episodes },
      {
        measure: (id) => trainings.detail({ id, episodes: options.episodes, choice }, signal),
        signal,
        onDone: (done) => terminal.progress(`${done} of ${chosen.length} trainings done`),
      },
    );
    terminal.result(evaluation, describeTrainedEvaluation(evaluation));
    return 0;
  });
}

type ReadingCore = Pick<Parameters<Parameters<typeof withReadingCore>[1]>[0], 'core' | 'terminal' | 'signal'>;

/** Trainings in the testbed's environment, on their own testbed or on another. */
async function evaluateThere(
  { core, terminal, signal }: ReadingCore,
  { testbed, arrivals, view, speeds, load, episodes }: EvaluateOptions,
  { chosen, policies }: { chosen: readonly Training[]; policies: readonly string[] },
): Promise<number> {
  const { trainings, testbeds } = core.services;
  const other = testbed === undefined ? null : findByName(testbeds.list(), testbed, 'testbed');
  const nodes = other?.nodes.map(timingOf).map(({ timeModel, speedFactor }) => ({
    fixedSec: timeModel.fixedSec / speedFactor,
    secPerStep: timeModel.secPerStep / speedFactor,
  }));
  const evaluation = await evaluateOnTestbed(
    {
      trainings: chosen,
      policies,
      episodes,
      elsewhere: {
        ...(nodes && { nodes }),
        ...(arrivals && { arrivals }),
        ...(view && { view }),
        ...(load !== undefined && { streamLoad: load }),
        ...(typeof speeds === 'string' && { speeds: TRUE_SPEEDS[speeds] }),
      },
      statedSpeeds: typeof speeds === 'object' ? speeds : null,
    },
    {
      policiesOf: (id) => trainings.schedulingPolicies(id),
      signal,
      onDone: (done, of) => terminal.progress(`${done} of ${of} done`),
    },
  );
  terminal.result(evaluation, describeTestbedEvaluation(evaluation));
  return 0;
}
