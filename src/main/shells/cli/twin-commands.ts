// What the digital twin of a testbed says of a run that was, and of others that might be. Every figure is simulated and says so.
import { InvalidArgumentError, Option, type Command } from 'commander';
import {
  describeReplay,
  describeTaskError,
  formatRelative,
  PREDICTION_COLUMNS,
  predictionRow,
  REPLAY_COLUMNS,
  replayRows,
} from '../../../shared/describe-twin.js';
import { formatInterval, formatPercent, formatSeconds } from '../../../shared/format.js';
import { parseScheduler } from '../../../shared/scheduler-word.js';
import type { SeriesScheduler } from '../../../shared/series.js';
import type { RunPrediction, RunReplay, WhatIfResult } from '../../../shared/twin.js';
import { chooseRun } from './choose-defaults.js';
import { chooseTestbed } from './choose-testbed.js';
import { decimal, wordList } from './parse-arguments.js';
import { type CommonOptions, withSession } from './session.js';
import { formatTable } from './terminal.js';
import { positive, withWorkOptions, workOfOptions, type WorkOptions } from './twin-options.js';

type Run = (act: () => Promise<number>) => Promise<void>;

interface WhatIfOptions extends CommonOptions, WorkOptions {
  run?: string;
  schedulers?: SeriesScheduler[];
  addNode?: number[];
  node?: Record<string, number>;
  timesLoad: number;
  trueSpeed?: Record<string, number>;
}

export function addRunPredictCommand(program: Command, run: Run): void {
  const parent = program.commands.find((command) => command.name() === 'run') ?? program.command('run').description('batch runs');
  parent
    .command('predict')
    .description('a run once more in the twin of its testbed: predicted beside measured delay, and the error')
    .argument('[run]', 'id of the run; the newest where it is left out')
    .addOption(
      new Option('--placements <whose>', 'own: the scheduler decides again; recorded: each task where the run has placed it')
        .choices(['own', 'recorded'])
        .default('own'),
    )
    .action((requestedId: string | undefined, _options: unknown, self: Command) =>
      run(() => {
        const options = self.optsWithGlobals<CommonOptions & { placements: 'own' | 'recorded' }>();
        return withSession(options, { access: 'read', activity: 'none' }, async (session) => {
          const { id } = await chooseRun(session, requestedId);
          const prediction = await session.api.twin.prediction({ id });
          const text = options.placements === 'own' ? describePrediction(prediction) : describeReplayed(prediction.replay);
          session.terminal.result(prediction, text);
          return 0;
        });
      }),
    );
}

export function addWhatIfCommand(program: Command, run: Run): void {
  withWorkOptions(program.command('what-if'), { repetitions: 10 })
    .description('simulate a testbed before buying or running: one node more, a slower one, other schedulers or orders, another load')
    .option('--run <run>', 'the work and the nodes of this run, in place of --testbed and its work')
    .option(
      '--schedulers <names>',
      'each a row, the first is the base: random,considerate-completion:k=0.7:queue=shortest-first',
      schedulers,
    )
    .option('--add-node <speeds>', 'nodes more, each so many times as fast as the first: 1,0.5', (text: string) =>
      wordList(text).map(positive),
    )
    .option('--node <name=speed>', 'this node so many times as fast; 0 takes it out; may be given several times', namedSpeed(0))
    .option('--times-load <factor>', 'so many times as many tasks', positive, 1)
    .option('--true-speed <name=speed>', 'this node is truly so many times as fast as its record says; several times', namedSpeed(0.01))
    .action((_options: unknown, self: Command) =>
      run(() => {
        const options = self.optsWithGlobals<WhatIfOptions>();
        return withSession(options, { access: 'read', activity: 'none' }, async (session) => {
          const work =
            options.run === undefined
              ? workOfOptions(options, await chooseTestbed(session, options.testbed, '--testbed'))
              : { runId: (await chooseRun(session, options.run)).id };
          const result = await session.until(session.signal).twin.whatIf({
            work,
            ...(options.schedulers && { schedulers: options.schedulers }),
            changes: { addedSpeeds: options.addNode ?? [], speeds: options.node ?? {}, load: options.timesLoad },
            trueSpeeds: options.trueSpeed ?? {},
            repetitions: options.repeat,
          });
          session.terminal.result(result, describeWhatIf(result));
          return 0;
        });
      }),
    );
}

function describePrediction(prediction: RunPrediction): string {
  const sentence = describeTaskError(prediction);
  const nodes = prediction.nodes.map((node) => [
    node.name,
    `${node.predictedTasks}`,
    `${node.measuredTasks}`,
    formatSeconds(node.predictedServiceMs),
    formatSeconds(node.measuredServiceMs),
  ]);
  return [
    formatTable(PREDICTION_COLUMNS, prediction.figures.map(predictionRow)),
    formatTable(['node', 'tasks predicted', 'tasks measured', 'mean delay predicted', 'mean delay measured'], nodes),
    ...(sentence === null ? [] : [sentence]),
    ...prediction.notes,
  ].join('\n\n');
}

function describeReplayed(replay: RunReplay | null): string {
  if (replay === null) return 'No task of the run has a result yet.';
  return [formatTable(REPLAY_COLUMNS, replayRows(replay)), ...describeReplay(replay)].join('\n');
}

function describeWhatIf({ rows, change, repetitions, testbedName, nodeNames, notes }: WhatIfResult): string {
  const cells = rows.map(({ schedulerName, isChanged, figures, difference }) => [
    schedulerName,
    isChanged ? 'changed' : 'as it is',
    formatInterval(figures.totalSec, 1),
    formatPercent(figures.efficiency.mean),
    formatInterval(figures.meanSec, 1),
    formatInterval(figures.p95Sec, 1),
    formatInterval(figures.p99Sec, 1),
    formatInterval(figures.maxSec, 1),
    difference === null ? '-' : formatRelative(difference.meanSec),
    difference === null ? '-' : formatRelative(difference.p95Sec),
  ]);
  const head = [
    ...['scheduler', 'testbed', 'total (s)', 'efficiency', 'mean (s)', 'p95 (s)', 'p99 (s)', 'longest (s)'],
    ...['mean to first row', 'p95 to first row'],
  ];
  return [
    formatTable(head, cells),
    `Testbed “${testbedName}” (${nodeNames.length === 1 ? '1 node' : `${nodeNames.length} nodes`}); changed: ${change ?? 'nothing'}.`,
    `${repetitions} repetitions, the same work for every row of one testbed; ± is the 95 % interval over them.`,
    ...notes,
  ].join('\n');
}

function schedulers(text: string): SeriesScheduler[] {
  return wordList(text).map((word) => {
    const parsed = parseScheduler(word);
    if (parsed) return parsed;
    throw new InvalidArgumentError(`“${word}” is no scheduler with settings, such as random:queue=shortest-first.`);
  });
}

/** `NAME=SPEED`, gathered. */
function namedSpeed(min: number) {
  return (text: string, before: Record<string, number> = {}): Record<string, number> => {
    const at = text.lastIndexOf('=');
    const speed = at < 1 ? NaN : decimal(text.slice(at + 1));
    if (speed >= min) return { ...before, [text.slice(0, at)]: speed };
    throw new InvalidArgumentError(`“${text}” is no name and speed, such as "ES 4=0.5".`);
  };
}
