// Series from the terminal. A series belongs to the data folder: Ctrl-C leaves it to `series resume` or to the next start of a window.
import { Option, type Command } from 'commander';
import { isOpenState } from '../../../shared/job.js';
import { SERIES_EXPORT_FORMATS, type SeriesExportFormat, type SeriesSummary } from '../../../shared/series.js';
import { chooseTestbed } from './choose-testbed.js';
import { confirmRemoval, type RemovalOptions, withYes } from './confirm-removal.js';
import { describeSeries, describeSeriesEstimate, describeSeriesProgress, listSeries } from './describe-series.js';
import { findOrDefault } from './find-by-name.js';
import { findSeriesId } from './find-series.js';
import { whole } from './parse-arguments.js';
import { addReschedule } from './reschedule-command.js';
import { refuseOpenRun } from './refuse-open-run.js';
import { type SeriesOptions, specOfOptions, withSeriesOptions } from './series-options.js';
import { withReadingCore, withSession } from './session.js';
import type { CommonOptions, Session } from './session.js';
import { startAtOption } from './work-options.js';
import { writeExport } from './write-export.js';

type Run = (act: () => Promise<number>) => Promise<void>;
type Act = (session: Session, id: string) => Promise<number>;

const SERIES_ARGUMENT = ['<series>', 'name or id of a series'] as const;

export function addSeriesCommands(program: Command, run: Run): void {
  const command = program.command('series').description('schedulers compared fairly: the same batches for each of them, repeated');
  addStart(command, run);
  addReading(command, run);
  addSteering(command, run);
  addChanges(command, run);
  addExport(command, run);
}

function addStart(parent: Command, run: Run): void {
  withSeriesOptions(
    parent.command('start').description('start a series, now or at a time, and follow it to its end; Ctrl-C leaves it resumable'),
  )
    .option('--testbed <testbed>', 'name or id of a provisioned testbed (default: the only one, else that of the last run)')
    .option('--dataset <dataset>', 'name or id of a dataset (default: the only one, else that of the last run)')
    .addOption(startAtOption())
    .option('--estimate', 'only tell what it would take and what of it would be invalid', false)
    .action((_options: unknown, self: Command) =>
      run(() => {
        const options = self.optsWithGlobals<
          CommonOptions & SeriesOptions & { testbed?: string; dataset?: string; estimate: boolean; at?: number }
        >();
        return withSession(options, { access: 'exclusive', activity: 'nodes' }, async (session) => {
          const { api, terminal } = session;
          const runs = await api.runs.list();
          const testbed = await chooseTestbed(session, options.testbed, '--testbed');
          const dataset = findOrDefault(await api.datasets.list(), options.dataset, {
            ...{ what: 'dataset', naming: '--dataset', usedIds: runs.map(({ spec }) => spec.datasetId) },
            note: (text) => terminal.note(text),
          });
          const spec = specOfOptions(options, testbed, dataset);
          const estimate = await api.series.estimate(spec);
          if (options.estimate) {
            terminal.result(estimate, describeSeriesEstimate(estimate).join('\n'));
            return 0;
          }
          if (!session.isOfWindow) refuseOpenRun(runs, testbed.id);
          for (const line of describeSeriesEstimate(estimate)) terminal.note(line);
          const started = await api.series.start({ ...spec, ...(options.at && { startAtMs: options.at }) });
          // The window that is open starts it: there is nothing to wait for here.
          return options.at !== undefined && session.isOfWindow ? reportOn(session, started) : finish(session, started.id);
        });
      }),
    );
}

function addReading(parent: Command, run: Run): void {
  parent
    .command('list')
    .description('list series, newest first')
    .action((_options: unknown, self: Command) =>
      run(() =>
        withSession(self.optsWithGlobals<CommonOptions>(), { access: 'read', activity: 'none' }, async ({ api, terminal }) => {
          const series = await api.series.list();
          const none = 'No series yet. Start one: npm run cli -- series start --schedulers random,round-robin';
          terminal.result(series, series.length > 0 ? listSeries(series) : none);
          return 0;
        }),
      ),
    );

  parent
    .command('show')
    .description('one series: its figures with intervals, how the schedulers differ, and what is left')
    .argument(...SERIES_ARGUMENT)
    .option('--include-invalid', 'count runs that are stamped invalid too', false)
    .action((nameOrId: string, _options: unknown, self: Command) =>
      run(() => {
        const options = self.optsWithGlobals<CommonOptions & { includeInvalid: boolean }>();
        return withSession(options, { access: 'read', activity: 'none' }, async (session) =>
          show(session, await findSeriesId(session.api, nameOrId), options.includeInvalid),
        );
      }),
    );
}

function addSteering(parent: Command, run: Run): void {
  onSeries(parent, run, {
    ...{
      name: 'resume',
      description: 'resume a series that was paused or interrupted, and follow it; given up cells get their tries again',
    },
    ...{ activity: 'runs' },
    act: async (session, id) => {
      const { state } = await session.api.series.get({ id });
      if (!isOpenState(state)) await session.api.series.resume({ id });
      return finish(session, id);
    },
  });
  onSeries(parent, run, {
    ...{ name: 'pause', description: 'pause a series with its run; it continues with series resume only', activity: 'runs' },
    act: async (session, id) => reportOn(session, await session.api.series.pause({ id })),
  });
  onSeries(parent, run, {
    ...{ name: 'cancel', description: 'cancel the run under way and give up the rest; what was measured stays', activity: 'runs' },
    act: async (session, id) => reportOn(session, await session.api.series.cancel({ id })),
  });
  withYes(parent.command('remove').description('delete a series; its runs stay, as runs of their own'))
    .argument(...SERIES_ARGUMENT)
    .action((nameOrId: string, _options: unknown, self: Command) =>
      run(() => {
        const options = self.optsWithGlobals<CommonOptions & RemovalOptions>();
        return withSession(options, { access: 'exclusive', activity: 'none' }, async ({ api, terminal }) => {
          const id = await findSeriesId(api, nameOrId);
          const { spec, counts } = await api.series.get({ id });
          const what = `This removes series ${id} “${spec.name}” with its plan of ${counts.total} cells; its runs stay.`;
          if (!(await confirmRemoval(what, options))) {
            terminal.result({ removed: null }, 'Nothing was removed.');
            return 0;
          }
          await api.series.remove({ id });
          terminal.result({ removed: id }, `Removed series ${id}`);
          return 0;
        });
      }),
    );
}

function addChanges(parent: Command, run: Run): void {
  addReschedule(parent, run, {
    what: 'series',
    find: ({ api }, requested) => findSeriesId(api, requested ?? ''),
    async change({ api }, id, startAtMs) {
      const changed = await api.series.reschedule({ id, startAtMs });
      return { item: changed, state: describeSeriesProgress(changed) };
    },
  });
  onSeries(parent, run, {
    ...{ name: 'finish-block', description: 'cut a series short: finish the block under way, leave out the others', activity: 'none' },
    act: async (session, id) => reportOn(session, await session.api.series.finishBlock({ id })),
  });
  parent
    .command('reorder')
    .description('take blocks that wait before all others: condition.repetition, as series show names them')
    .argument(...SERIES_ARGUMENT)
    .argument('<blocks...>', 'blocks in their new order, such as 2.1 1.3')
    .action((nameOrId: string, blocks: string[], _options: unknown, self: Command) =>
      run(() =>
        withSession(self.optsWithGlobals<CommonOptions>(), { access: 'exclusive', activity: 'none' }, async (session) => {
          const id = await findSeriesId(session.api, nameOrId);
          return reportOn(session, await session.api.series.reorder({ id, blocks }));
        }),
      ),
    );
  parent
    .command('extend')
    .description('add repetitions to a series, and what was cut before, and follow it to its end')
    .argument(...SERIES_ARGUMENT)
    .option('--repeat <count>', 'repetitions more', whole, 1)
    .action((nameOrId: string, _options: unknown, self: Command) =>
      run(() => {
        const options = self.optsWithGlobals<CommonOptions & { repeat: number }>();
        return withSession(options, { access: 'exclusive', activity: 'runs' }, async (session) => {
          const id = await findSeriesId(session.api, nameOrId);
          await session.api.series.extend({ id, repetitions: options.repeat });
          return finish(session, id);
        });
      }),
    );
}

function addExport(parent: Command, run: Run): void {
  parent
    .command('export')
    .description('write a series to a file: every task of its runs, or plan and figures')
    .argument(...SERIES_ARGUMENT)
    .addOption(
      new Option('--format <format>', 'csv: a row per task; json: plan, runs and figures').choices(SERIES_EXPORT_FORMATS).default('csv'),
    )
    .option('--out <file>', 'file to write (default: a name of its own in this folder; - is standard output)')
    .action((nameOrId: string, _options: unknown, self: Command) =>
      run(() => {
        const options = self.optsWithGlobals<CommonOptions & { format: SeriesExportFormat; out?: string }>();
        return withReadingCore(options, async ({ core, api, terminal }) => {
          const document = core.services.series.export(await findSeriesId(api, nameOrId), options.format);
          await writeExport(terminal, document, options.out);
          return 0;
        });
      }),
    );
}

function onSeries(
  parent: Command,
  run: Run,
  { name, description, activity, act }: { name: string; description: string; activity: 'none' | 'runs'; act: Act },
): void {
  parent
    .command(name)
    .description(description)
    .argument(...SERIES_ARGUMENT)
    .action((nameOrId: string, _options: unknown, self: Command) =>
      run(() =>
        withSession(self.optsWithGlobals<CommonOptions>(), { access: 'exclusive', activity }, async (session) =>
          act(session, await findSeriesId(session.api, nameOrId)),
        ),
      ),
    );
}

function reportOn({ terminal }: Session, series: SeriesSummary): Promise<number> {
  terminal.result(series, `Series ${series.id}: ${describeSeriesProgress(series)}`);
  return Promise.resolve(0);
}

/** Follows a series and prints what came of it; returns the exit status: 5 where cells have no valid run. */
export async function finish(session: Session, id: string): Promise<number> {
  const { until, terminal, signal, isOfWindow, api } = session;
  terminal.note(`Series ${id}`);
  let reported = '';
  for await (const series of await until(signal).series.watch({ id })) {
    // Of a file, a line for each cell is enough.
    const text = describeSeriesProgress(process.stderr.isTTY ? series : { ...series, remainingSec: null });
    if (text !== reported) terminal.progress(describeSeriesProgress(series));
    reported = text;
  }
  const { state } = await api.series.get({ id });
  if (signal.aborted && isOpenState(state)) {
    const next = isOfWindow
      ? 'It continues in the open window.'
      : `It continues with the next window, or: npm run cli -- series resume ${id}`;
    terminal.note(`Interrupted. ${next}`);
    await show(session, id, false);
    return 130;
  }
  await show(session, id, false);
  return state === 'succeeded' ? 0 : state === 'failed' ? 5 : 130;
}

async function show({ api, terminal }: Session, id: string, includeInvalid: boolean): Promise<number> {
  const [series, result] = [await api.series.get({ id }), await api.series.result({ id, includeInvalid })];
  terminal.result({ series, result }, describeSeries(series, result));
  return 0;
}
