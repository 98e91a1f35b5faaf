// Training from the terminal. A training belongs to the data folder: Ctrl-C pauses it, `train resume` goes on.
import { InvalidArgumentError, type Command } from 'commander';
import { AppError } from '../../shared/errors.js';
import type { EpisodeMetrics, Training } from '../../shared/training.js';
import { findByName } from './find-by-name.js';
import { decimal, stepsRange, whole } from './parse-arguments.js';
import { withSession } from './session.js';
import type { CommonOptions, Session } from './session.js';
import { formatTable } from './terminal.js';
import { describeTraining, summariseTraining } from './describe-training.js';

interface TrainOptions extends CommonOptions {
  method?: string;
  preset?: string;
  episodes?: number;
  seed?: number;
  checkpointEvery?: number;
  set?: Record<string, unknown>;
  baseStations?: number;
  slots?: number;
  maxTasks?: number;
  maxCapacity?: number;
  maxQuality?: number;
  testbed?: string;
  steps?: { min: number; max: number };
  load?: number;
}

type Run = (act: () => Promise<number>) => Promise<void>;

export function addTrainCommands(program: Command, run: Run): void {
  const train = program
    .command('train')
    .description('train a scheduling policy in the simulator; Ctrl-C pauses it after the episode under way')
    .option('--method <name>', 'lad-ts, d2sac-ts, sac-ts or dqn-ts (default: lad-ts)')
    .option('--preset <name>', 'environment: paper or reference (default: reference)')
    .option('--episodes <count>', 'episodes (default: 60)', whole)
    .option('--seed <seed>', 'the same seed gives the same curve (default: 1)', whole)
    .option('--checkpoint-every <count>', 'episodes from one checkpoint to the next (default: 5)', whole)
    .option('--set <name=value>', 'a setting other than Table IV has it, such as discount=0.9; may be repeated', settingOf)
    .option('--base-stations <count>', 'B (preset: 20)', whole)
    .option('--slots <count>', 'slots of an episode (preset: 60)', whole)
    .option('--max-tasks <count>', 'most tasks of a slot and base station (preset: 50)', whole)
    .option('--max-capacity <rate>', 'fastest edge server, Gigacycles/s (preset: 50)', decimal)
    .option('--max-quality <steps>', 'most denoising steps of an image (presets: 15 and 14)', whole)
    .option('--testbed <testbed>', 'train in the copy of a testbed instead of a preset, for runs on it')
    .option('--steps <steps>', 'with --testbed: denoising steps, a number or a range (default: 10-19)', stepsRange)
    .option('--load <ratio>', 'with --testbed: offered work over capacity (default: 1.2)', decimal)
    .action((_options: unknown, command: Command) =>
      run(() => {
        const options = command.optsWithGlobals<TrainOptions>();
        return withSession(options, { access: 'exclusive', activity: 'none' }, async (session) =>
          follow(session, await session.api.trainings.start({ ...inputOf(options), ...(await twinOf(session, options)) })),
        );
      }),
    );

  train
    .command('resume')
    .description('go on with a training from its last checkpoint, with the same curve as if it had never stopped')
    .argument('<id>', 'training')
    .action((id: string, _options: unknown, command: Command) =>
      run(() =>
        withSession(command.optsWithGlobals<CommonOptions>(), { access: 'exclusive', activity: 'none' }, async (session) =>
          follow(session, await session.api.trainings.resume({ id })),
        ),
      ),
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
            trainings.map(summariseTraining),
          );
          terminal.result(trainings, trainings.length > 0 ? text : 'No training yet. Start one: dedgeai train --method lad-ts');
          return 0;
        }),
      ),
    );

  train
    .command('show')
    .description('settings, state and learning curve of a training')
    .argument('<id>', 'training')
    .action((id: string, _options: unknown, command: Command) =>
      run(() =>
        withSession(command.optsWithGlobals<CommonOptions>(), { access: 'read', activity: 'none' }, async ({ api, terminal }) => {
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

/** Follows a training to its end with its progress on standard error; Ctrl-C pauses it. Throws its error. */
async function follow({ core, terminal, signal }: Session, { id }: Training): Promise<number> {
  const { trainings } = core.services;
  const { spec } = trainings.get(id);
  terminal.note(`Training ${id}: ${spec.method}, preset ${spec.preset}, seed ${spec.seed}, ${spec.episodes} episodes`);
  let told = -1;
  for await (const { doneEpisodes, last, remainingSec } of trainings.watch(id, signal)) {
    if (!last || doneEpisodes === told) continue;
    told = doneEpisodes;
    terminal.progress(describeProgress(spec.episodes, last, remainingSec));
  }
  if (signal.aborted) {
    const paused = await trainings.pause(id);
    terminal.note(`Paused after episode ${paused.checkpointEpisodes}. Go on: dedgeai train resume ${id}`);
  }
  const [training, curve] = [trainings.get(id), trainings.curve(id, 1)];
  if (training.error) throw new AppError(training.error.code, `${training.error.message} (training ${id})`, training.error.hint);
  terminal.result({ ...training, curve }, describeTraining(training, curve));
  return training.state === 'succeeded' ? 0 : 130;
}

function describeProgress(episodes: number, last: EpisodeMetrics, remainingSec: number | null): string {
  const rest = remainingSec === null ? '' : `, about ${Math.ceil(remainingSec)} s left`;
  return `Episode ${last.episode} of ${episodes}: ${last.meanDelaySec.toFixed(2)} s, ${last.ratioToOptTs.toFixed(3)} x Opt-TS${rest}`;
}

type TrainInput = Parameters<Session['api']['trainings']['start']>[0];

function inputOf(options: TrainOptions): TrainInput {
  const { method, preset, episodes, seed, checkpointEvery, set } = options;
  const changes = {
    baseStations: options.baseStations,
    slots: options.slots,
    maxTasksPerSlot: options.maxTasks,
    maxCapacityGigacyclesPerSec: options.maxCapacity,
    maxQualitySteps: options.maxQuality,
  };
  // Words from the terminal: the API judges which methods and presets there are.
  return { method, preset, episodes, seed, checkpointEvery, changes, settings: set } as TrainInput;
}

/** The testbed to copy, by name or id; nothing without one. Throws `not-found`, or `invalid-input` where only its options are given. */
async function twinOf({ api }: Session, { testbed, steps, load }: TrainOptions): Promise<{ twin?: TrainInput['twin'] }> {
  if (testbed !== undefined) {
    const { id } = findByName(await api.testbeds.list(), testbed, 'testbed');
    return { twin: { testbedId: id, ...(steps && { qualitySteps: steps }), ...(load !== undefined && { load }) } };
  }
  if (steps === undefined && load === undefined) return {};
  throw new AppError('invalid-input', '--steps and --load say how a testbed is copied', 'Name the testbed with --testbed.');
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
