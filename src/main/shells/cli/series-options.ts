// What a series is, from the words of a command.
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { SeriesSpecInput } from '../../../shared/api/series-inputs.js';
import { AppError } from '../../../shared/errors.js';
import { SCHEDULER_NAMES, type Arrivals, type SchedulerName } from '../../../shared/run.js';
import { SERIES_PRESET_NAMES, SERIES_PRESETS, type SeriesPreset, type SeriesScheduler } from '../../../shared/series.js';
import type { Testbed } from '../../../shared/testbed.js';
import { parseScheduler, SETTING_KEYS } from '../../../shared/scheduler-word.js';
import { isConsiderate } from '../../../shared/scheduling-settings.js';
import { type SchedulingOptions, settingsOfOptions, withSchedulingOptions } from './scheduling-options.js';
import { arrivals, decimal, stepsRange, whole, wordList } from './parse-arguments.js';

export interface SeriesOptions extends Omit<SchedulingOptions, 'learning'> {
  preset: SeriesPreset;
  count?: number[];
  schedulers: SeriesScheduler[];
  repeat: number;
  seed: number;
  steps: { min: number; max: number }[];
  arrivals: Arrivals[];
  name?: string;
  coolDown?: number;
  coolBelow?: number;
  warmUp: number;
  tries: number;
  attempts: number;
  keepInvalid: boolean;
  repeatPrompts: boolean;
  allowOverload: boolean;
  strength?: number;
  learning: 'off' | 'measured';
}

/** REAL seconds between two runs on real nodes where no one says otherwise; virtual ones do not get hot. */
const COOL_DOWN_SEC = 60;

export function withSeriesOptions(command: Command): Command {
  return withSchedulingOptions(command, ', of every scheduler that does not name its own')
    .addOption(new Option('--preset <preset>', 'numbers of tasks by name').choices(SERIES_PRESET_NAMES).default('table-v'))
    .option('-n, --count <counts>', 'numbers of tasks, |N|, instead of the preset: 1,100', (text: string) => wordList(text).map(whole))
    .requiredOption(
      '--schedulers <names>',
      'who decides: random,round-robin,learned:TRAINING_ID; with settings: considerate-completion:k=0.7:queue=shortest-first',
      schedulerList,
    )
    .option('--repeat <count>', 'repetitions', whole, 5)
    .option('--seed <seed>', 'seed of the first repetition; each later one has the next', whole, 1)
    .addOption(
      new Option('--steps <steps>', 'denoising steps: numbers or ranges; several make a condition each')
        .argParser((text) => wordList(text).map(stepsRange))
        .default([{ min: 10, max: 19 }], '10-19'),
    )
    .addOption(
      new Option('--arrivals <arrivals>', 'at-once, slots:N_b[:SLOT_SEC] or poisson:RATE_PER_SEC; several make a condition each')
        .argParser((text) => wordList(text).map(arrivals))
        .default([{ kind: 'all-at-once' }], 'at-once'),
    )
    .option('--name <name>', 'name of the series')
    .option('--cool-down <seconds>', `real seconds between two runs (default: ${COOL_DOWN_SEC} on real nodes, 0 on virtual ones)`, decimal)
    .option('--cool-below <celsius>', 'start the next run when no sensor is hotter, or after 10 min', decimal)
    .option('--warm-up <count>', 'tasks per node of a run before the first one, in no figure', whole, 1)
    .option('--tries <count>', 'how often a run that fails or is invalid is started before its cell is given up', whole, 3)
    .option('--keep-invalid', 'take a run that is invalid instead of repeating it', false)
    .option('--attempts <count>', 'how often a task may be sent before it counts as failed', whole, 3)
    .option('--repeat-prompts', 'use prompts more than once when |N| is larger than the dataset', false)
    .option('--strength <share>', 'image-to-image: share of the steps that is computed on the picture, above 0 and up to 1', decimal)
    .addOption(
      new Option(
        '--learning <what>',
        'learning on the job between the runs of learned policies: off, or measured as what the series is about',
      )
        .choices(['off', 'measured'])
        .default('off'),
    )
    .option('--allow-overload', "start it although this machine can't keep the time scale; runs will be invalid", false);
}

export function specOfOptions(options: SeriesOptions, testbed: Testbed, dataset: { id: string; name: string }): SeriesSpecInput {
  if (options.learning === 'measured' && !options.schedulers.some(({ scheduler }) => scheduler === 'learned')) {
    throw new AppError('invalid-input', '--learning measured takes a learned policy', 'List one: --schedulers learned:TRAINING_ID.');
  }
  const { title, taskCounts } = SERIES_PRESETS[options.preset];
  const counts = options.count ?? taskCounts;
  return {
    name: options.name ?? (options.count ? `|N| = ${counts.join(', ')}` : title),
    testbedId: testbed.id,
    datasetId: dataset.id,
    schedulers: options.schedulers.map((each) => withCommon(each, options)),
    conditions: options.steps.flatMap((qualitySteps) =>
      options.arrivals.flatMap((arriving) => counts.map((taskCount) => ({ taskCount, qualitySteps, arrivals: arriving }))),
    ),
    repetitions: options.repeat,
    seed: options.seed,
    allowRepeatedPrompts: options.repeatPrompts,
    maxAttempts: options.attempts,
    coolDown: {
      sec: options.coolDown ?? (testbed.kind === 'virtual' ? 0 : COOL_DOWN_SEC),
      belowCelsius: options.coolBelow ?? null,
    },
    warmUpTasksPerNode: options.warmUp,
    maxTries: options.tries,
    keepInvalid: options.keepInvalid,
    allowOverload: options.allowOverload,
    ...(options.strength === undefined ? {} : { strength: options.strength }),
  };
}

/** What the word does not say is as the options say; k is of considerate completion alone. */
function withCommon(named: SeriesScheduler, options: SeriesOptions): SeriesScheduler {
  const { consideration, ...common } = settingsOfOptions({ ...options, learning: undefined });
  const learns = options.learning === 'measured' && named.scheduler === 'learned';
  return {
    ...common,
    ...(consideration !== undefined && isConsiderate(named.scheduler) && { consideration }),
    ...named,
    ...(learns && { learning: 'measured' as const }),
  };
}

/** `random,learned:training-1,considerate-completion:k=0.7` */
function schedulerList(text: string): SeriesScheduler[] {
  return wordList(text).map((word) => {
    const parsed = parseScheduler(word);
    if (parsed) return parsed;
    const [name = '', ...rest] = word.split(':');
    if (!isScheduler(name)) throw new InvalidArgumentError(`“${name}” is none of ${SCHEDULER_NAMES.join(', ')}.`);
    const hasTraining = rest.some((part) => !part.includes('='));
    if ((name === 'learned') !== hasTraining) {
      throw new InvalidArgumentError(
        'A learned policy is named with its training, as in learned:TRAINING_ID, and no other scheduler has one.',
      );
    }
    throw new InvalidArgumentError(
      `“${word}” has a setting that is none of ${SETTING_KEYS.join(', ')}, or a value that it can't have: placing=longest-first, queue=shortest-first, speeds=0.3, k=0.7.`,
    );
  });
}

function isScheduler(name: string): name is SchedulerName {
  return (SCHEDULER_NAMES as readonly string[]).includes(name);
}
