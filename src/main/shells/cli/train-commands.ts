// Training from the terminal. A training belongs to the data folder: Ctrl-C pauses it, `train resume` continues.
import { InvalidArgumentError, Option, type Command } from 'commander';
import { AppError } from '../../../shared/errors.js';
import { type Training, TWIN_ARRIVALS, TWIN_ENVIRONMENTS, TWIN_SPEEDS, TWIN_VIEWS } from '../../../shared/training.js';
import { addEnvironmentOptions, environmentChanges, type EnvironmentOptions } from './environment-options.js';
import { chooseTrainingId } from './choose-defaults.js';
import { findByName } from './find-by-name.js';
import { addWords, decimal, stepsRange, whole } from './parse-arguments.js';
import { withSession } from './session.js';
import type { CommonOptions, Session } from './session.js';
import { formatTable } from './terminal.js';
import { describeTraining, summarizeTraining } from './describe-training.js';
import { type OutputOptions, startAndFollow } from './follow-trainings.js';

interface TrainOptions extends CommonOptions, OutputOptions, EnvironmentOptions {
  method?: string[];
  preset?: string;
  episodes?: number;
  seed?: number;
  seeds?: SeedWish;
  checkpointEvery?: number;
  set?: Record<string, unknown>;
  testbed?: string;
  steps?: { min: number; max: number };
  load?: number;
  environment?: 'testbed' | 'slots';
  arrivals?: (typeof TWIN_ARRIVALS)[number];
  view?: (typeof TWIN_VIEWS)[number];
  speeds?: (typeof TWIN_SPEEDS)[number];
}

/** How many seeds, or which. */
type SeedWish = { count: number } | { list: number[] };

/** The first seed where none is named: the API's own default. */
const DEFAULT_SEED = 1;
const MAX_SEEDS = 1000;

type TrainInput = Parameters<Session['api']['trainings']['start']>[0];
type Run = (act: () => Promise<number>) => Promise<void>;

export function addTrainCommands(program: Command, run: Run): void {
  const train = program
    .command('train')
    .description('train a scheduling policy in the simulator; Ctrl-C pauses it after the episode under way')
    .option('--method <names>', 'lad-ts, d2sac-ts, sac-ts, dqn-ts or price-ts (default: lad-ts); several run side by side', addWords)
    .option('--preset <name>', 'environment: paper or reference (default: reference)')
    .option('--episodes <count>', 'episodes (default: 60; with --testbed 5)', whole)
    .option('--seed <seed>', 'the same seed gives the same curve (default: 1)', whole)
    .option('--seeds <count or list>', 'several seeds side by side: how many from --seed on, or which, such as 3,7,9', seedWish)
    .option('--checkpoint-every <count>', 'episodes from one checkpoint to the next (default: 5)', whole)
    .option('--set <name=value>', 'a setting other than Table IV has it, such as discount=0.9; may be repeated', settingOf);
  addEnvironmentOptions(train)
    .option('--testbed <testbed>', 'train in the digital twin of a testbed instead of a preset, for runs on it')
    .option('--steps <steps>', 'with --testbed: denoising steps, a number or a range (default: 10-19)', stepsRange)
    .addOption(
      new Option('--environment <kind>', 'with --testbed: as it is, with live queues, or in slots (default: testbed)').choices(
        TWIN_ENVIRONMENTS,
      ),
    )
    .option('--load <ratio>', 'with --testbed: offered work over capacity, of streams (default: 0.85) or slots (1.2)', decimal)
    .addOption(new Option('--arrivals <kind>', 'with --testbed: how tasks come (default: bursts)').choices(TWIN_ARRIVALS))
    .addOption(new Option('--view <kind>', 'with --testbed: what base stations know of the queues (default: live)').choices(TWIN_VIEWS))
    .addOption(new Option('--speeds <kind>', 'with --testbed: the nodes next to their record (default: as-recorded)').choices(TWIN_SPEEDS))
    .option('--out <file>', 'write the JSON document of --json there as well')
    .option('--overwrite', 'replace what is at --out', false)
    .action((_options: unknown, command: Command) =>
      run(() => {
        const options = command.optsWithGlobals<TrainOptions>();
        return withSession(options, { access: 'exclusive', activity: 'none' }, (session) =>
          startAndFollow(session, options, () => startAll(session, options)),
        );
      }),
    );

  train
    .command('resume')
    .description('resume trainings from their last checkpoints, with the same curves as if they had never stopped')
    .argument('[ids...]', 'trainings; the one paused last where they are left out')
    .option('--out <file>', 'write the JSON document of --json there as well')
    .option('--overwrite', 'replace what is at --out', false)
    .action((ids: string[], _options: unknown, command: Command) =>
      run(() => {
        const options = command.optsWithGlobals<CommonOptions & OutputOptions>();
        return withSession(options, { access: 'exclusive', activity: 'none' }, (session) =>
          startAndFollow(session, options, async () => {
            const chosen =
              ids.length > 0
                ? ids
                : [await chooseTrainingId(session, undefined, { what: 'paused training', isMeant: ({ state }) => state === 'paused' })];
            return Promise.all([...new Set(chosen)].map((id) => session.api.trainings.resume({ id })));
          }),
        );
      }),
    );

  train
    .command('list')
    .description('list trainings')
    .action((_options: unknown, command: Command) =>
      run(() =>
        withSession(command.optsWithGlobals<CommonOptions>(), { access: 'read', activity: 'none' }, async ({ api, terminal }) => {
          const trainings = await api.trainings.list();
          const text = formatTable(
            ['id', 'method', 'preset', 'seed', 'state', 'episodes', 'ratio to Opt-TS'],
            trainings.map(summarizeTraining),
          );
          terminal.result(trainings, trainings.length > 0 ? text : 'No training yet. Start one: npm run cli -- train --method lad-ts');
          return 0;
        }),
      ),
    );

  train
    .command('show')
    .description('settings, state and learning curve of a training')
    .argument('[id]', 'training; the newest where it is left out')
    .action((requestedId: string | undefined, _options: unknown, command: Command) =>
      run(() =>
        withSession(command.optsWithGlobals<CommonOptions>(), { access: 'read', activity: 'none' }, async ({ api, terminal }) => {
          const id = await chooseTrainingId({ api, terminal }, requestedId);
          const [training, curve] = [await api.trainings.get({ id }), await api.trainings.curve({ id })];
          terminal.result({ ...training, curve }, describeTraining(training, curve));
          return 0;
        }),
      ),
    );

  train
    .command('remove')
    .description('delete a training with its curve and checkpoint')
    .argument('<id>', 'training')
    .action((id: string, _options: unknown, command: Command) =>
      run(() =>
        withSession(command.optsWithGlobals<CommonOptions>(), { access: 'exclusive', activity: 'none' }, async ({ api, terminal }) => {
          await api.trainings.remove({ id });
          terminal.result({ removed: id }, `Removed training ${id}`);
          return 0;
        }),
      ),
    );
}

/** One for every method and seed. Where one of them is refused, none is left. */
async function startAll(session: Session, options: TrainOptions): Promise<Training[]> {
  const { trainings } = session.api;
  const twin = await twinOf(session, options);
  const started: Training[] = [];
  try {
    for (const method of new Set(options.method ?? [undefined])) {
      for (const seed of seedsOf(options)) started.push(await trainings.start({ ...inputOf(options, method, seed), ...twin }));
    }
  } catch (thrown) {
    for (const { id } of started) {
      await trainings.cancel({ id });
      await trainings.remove({ id });
    }
    throw thrown;
  }
  return started;
}

function seedsOf({ seed, seeds }: TrainOptions): (number | undefined)[] {
  if (seeds === undefined) return [seed];
  if ('list' in seeds) return [...new Set(seeds.list)];
  return Array.from({ length: seeds.count }, (_, index) => (seed ?? DEFAULT_SEED) + index);
}

function inputOf(options: TrainOptions, method: string | undefined, seed: number | undefined): TrainInput {
  const { preset, episodes, checkpointEvery, set } = options;
  const changes = environmentChanges(options);
  // Words from the terminal: the API judges which methods and presets there are.
  return { method, preset, episodes, seed, checkpointEvery, changes, settings: set } as TrainInput;
}

/** The testbed to copy, by name or id; nothing without one. Throws `not-found`, or `invalid-input` where only its options are given. */
async function twinOf({ api }: Session, options: TrainOptions): Promise<{ twin?: TrainInput['twin'] }> {
  const { testbed, steps: qualitySteps, load, environment, arrivals, view, speeds } = options;
  const wishes = { qualitySteps, load, environment, arrivals, view, speeds };
  const given = Object.fromEntries(Object.entries(wishes).filter(([, value]) => value !== undefined)) as typeof wishes;
  if (testbed !== undefined) {
    const { id } = findByName(await api.testbeds.list(), testbed, 'testbed');
    return { twin: { testbedId: id, ...given } };
  }
  const [name] = Object.keys(given);
  if (name === undefined) return {};
  const option = name === 'qualitySteps' ? 'steps' : name;
  throw new AppError('invalid-input', `--${option} says how a testbed is copied`, 'Name the testbed with --testbed.');
}

/** `10`: so many; `3,7,9`: these. */
function seedWish(word: string): SeedWish {
  if (word.includes(',')) return { list: word.split(',').map(whole) };
  const count = whole(word);
  if (count < 1 || count > MAX_SEEDS) throw new InvalidArgumentError(`Give 1 to ${MAX_SEEDS} seeds.`);
  return { count };
}

/** `discount=0.9`, `latentIndex=task`, `observationScale={"sizeMbit":5,...}`. */
function settingOf(word: string, before: Record<string, unknown> = {}): Record<string, unknown> {
  const match = /^(\w+)=(.+)$/.exec(word);
  if (!match) throw new InvalidArgumentError(`“${word}” is not of the form name=value.`);
  const [, name = '', text = ''] = match;
  return { ...before, [name]: valueOf(text) };
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
