import type { Command } from 'commander';
import { Option } from 'commander';
import type { ExportFormat } from '../../../shared/api/inputs.js';
import { AppError } from '../../../shared/errors.js';
import { SCHEDULER_NAMES } from '../../../shared/run.js';
import type { Arrivals, RunSummary, SchedulerName } from '../../../shared/run.js';
import { describePlannedStart } from '../../../shared/planned-start.js';
import { canScheduleOn } from '../../../shared/training.js';
import { confirmRemoval, type RemovalOptions, withYes } from './confirm-removal.js';
import { chooseRun, chooseTrainingId } from './choose-defaults.js';
import { chooseTestbed } from './choose-testbed.js';
import { describeProgress, describeRun, formatEfficiency, validityWord } from './describe-run.js';
import { DEFAULT_STRENGTH, type Service, SERVICES } from '../../../shared/service.js';
import { findOrDefault } from './find-by-name.js';
import { decimal, whole } from './parse-arguments.js';
import { refuseOpenRun } from './refuse-open-run.js';
import { exitOfRun } from './run-exit.js';
import { type SchedulingOptions, settingsOfOptions, withSchedulingOptions } from './scheduling-options.js';
import { withReadingCore, withSession } from './session.js';
import type { CommonOptions, Session } from './session.js';
import { addReschedule } from './reschedule-command.js';
import { formatTable } from './terminal.js';
import { writeExport } from './write-export.js';
import { formatQuantity, formatSeconds } from '../../../shared/format.js';
import { ReportedProblems } from './reported-problems.js';
import { arrivalsOption, startAtOption, stepsOption } from './work-options.js';

interface StartOptions extends CommonOptions, SchedulingOptions {
  testbed?: string;
  dataset?: string;
  count: number;
  name?: string;
  seed: number;
  steps: { min: number; max: number };
  arrivals: Arrivals;
  scheduler: SchedulerName;
  training?: string;
  service: Service;
  strength?: number;
  repeatPrompts: boolean;
  attempts: number;
  allowOverload: boolean;
  at?: number;
}

const EXPORT_FORMATS: readonly ExportFormat[] = ['csv', 'json', 'html'];
const ENDED = ['succeeded', 'failed', 'stopped'];

export function addRunCommands(program: Command, run: (act: () => Promise<number>) => Promise<void>): void {
  const command = program.command('run').description('batch runs');
  addStart(command, run);
  addReading(command, run);
  addAudit(command, run);
  addSteering(command, run);
  addReschedule(command, run, {
    what: 'run',
    find: async (session, requested) => (await chooseRun(session, requested, { isOpen: true })).id,
    async change({ api }, id, startAtMs) {
      const changed = await api.runs.reschedule({ id, startAtMs });
      return { item: changed, state: changed.plannedStart ? describePlannedStart(changed.plannedStart, Date.now()) : changed.state };
    },
  });
  addRemove(command, run);
  addExport(command, run);
}

function addStart(parent: Command, run: (act: () => Promise<number>) => Promise<void>): void {
  const command = parent
    .command('start')
    .description('start a batch run, now or at a time, and follow it to its end; Ctrl-C leaves it resumable');
  addWorkOptions(command).action((_options: unknown, self: Command) =>
    run(() => {
      const options = self.optsWithGlobals<StartOptions>();
      return withSession(options, { access: 'exclusive', activity: 'nodes' }, async (session) => {
        const { api } = session;
        const runs = await api.runs.list();
        const testbed = await chooseTestbed(session, options.testbed, '--testbed');
        const dataset = findOrDefault(await api.datasets.list(), options.dataset, {
          ...{ what: 'dataset', naming: '--dataset', usedIds: runs.map(({ spec }) => spec.datasetId) },
          note: (text) => session.terminal.note(text),
        });
        if (!session.isOfWindow) refuseOpenRun(runs, testbed.id);
        await api.testbeds.untilConnected({ id: testbed.id });
        const spec = {
          testbedId: testbed.id,
          datasetId: dataset.id,
          taskCount: options.count,
          seed: options.seed,
          qualitySteps: options.steps,
          arrivals: options.arrivals,
          scheduler: options.scheduler,
          ...(await chooseTraining(session, options, testbed.id)),
          ...settingsOfOptions(options),
          ...strengthOf(options),
          allowRepeatedPrompts: options.repeatPrompts,
          maxAttempts: options.attempts,
          name: options.name ?? `${dataset.name}, |N| = ${options.count}`,
        };
        const { boundProblem, warnings } = await api.runs.estimate(spec);
        if (boundProblem !== null) session.terminal.note(`${boundProblem} So there is no lower bound and no efficiency.`);
        for (const warning of warnings) session.terminal.note(`Warning: ${warning}`);
        const startAtMs = options.at;
        const started = await api.runs.start({ ...spec, allowOverload: options.allowOverload, ...(startAtMs && { startAtMs }) });
        return startAtMs !== undefined && session.isOfWindow ? reportPlanned(session, started) : finish(session, started.id);
      });
    }),
  );
}

/** What a run is, in options. */
function addWorkOptions(command: Command): Command {
  command
    .option('--testbed <testbed>', 'name or id of a provisioned testbed (default: the only one, else that of the last run)')
    .option('--dataset <dataset>', 'name or id of a dataset (default: the only one, else that of the last run)')
    .option('-n, --count <count>', 'number of tasks, |N|', whole, 100)
    .option('--name <name>', 'name of the run')
    .option('--seed <seed>', 'seed of everything drawn', whole, 1)
    .addOption(stepsOption())
    .addOption(arrivalsOption())
    .addOption(new Option('--scheduler <name>', 'who decides').choices(SCHEDULER_NAMES).default('shortest-expected-completion'))
    .option('--training <id>', 'with --scheduler learned: whose policy, trained with `train --testbed` (default: the newest that fits)');
  return withSchedulingOptions(command)
    .addOption(startAtOption())
    .addOption(
      new Option('--service <name>', 'what is made of what; image-to-image needs a dataset of pairs')
        .choices(SERVICES)
        .default('text-to-image'),
    )
    .option('--strength <share>', `with image-to-image: how much of the steps is computed, 0 to 1 (default: ${DEFAULT_STRENGTH})`, decimal)
    .option('--attempts <count>', 'how often a task may be sent before it counts as failed', whole, 3)
    .option('--repeat-prompts', 'use prompts more than once when |N| is larger than the dataset', false)
    .option('--allow-overload', "start it although this machine can't keep the time scale; the run will be invalid", false);
}

/** The window that is open starts it: there is nothing to wait for here. */
function reportPlanned({ terminal }: Session, run: RunSummary): Promise<number> {
  const when = run.plannedStart ? describePlannedStart(run.plannedStart, Date.now()) : `is ${run.state}`;
  terminal.result(run, `Run ${run.id} “${run.spec.name}”: ${when}.`);
  return Promise.resolve(0);
}

/** Whose policy schedules, where one does. */
async function chooseTraining(
  session: Session,
  { scheduler, training }: StartOptions,
  testbedId: string,
): Promise<{ trainingId?: string }> {
  if (scheduler !== 'learned') return training === undefined ? {} : { trainingId: training };
  return {
    trainingId: await chooseTrainingId(session, training, {
      what: 'training in the digital twin of this testbed (train --testbed)',
      isMeant: (each) => canScheduleOn(each, testbedId),
    }),
  };
}

/** The strength is what makes a specification image-to-image. */
function strengthOf({ service, strength }: Pick<StartOptions, 'service' | 'strength'>): { strength?: number } {
  if (service === 'image-to-image') return { strength: strength ?? DEFAULT_STRENGTH };
  if (strength === undefined) return {};
  throw new AppError('invalid-input', 'A strength is of image-to-image alone', 'Add --service image-to-image, or leave --strength out.');
}

function addReading(parent: Command, run: (act: () => Promise<number>) => Promise<void>): void {
  parent
    .command('list')
    .description('list runs, newest first')
    .action((_options: unknown, self: Command) =>
      run(() =>
        withSession(self.optsWithGlobals<CommonOptions>(), { access: 'read', activity: 'none' }, async ({ api, terminal }) => {
          const runs = await api.runs.list();
          const rows = runs.map((item) => [
            item.id,
            item.spec.name,
            item.state,
            `${item.counts.succeeded}/${item.counts.total}`,
            formatSeconds(item.metrics.totalGenerationDelayMs),
            formatEfficiency(item.metrics),
            `${validityWord(item)}${item.imported ? ', imported' : ''}`,
          ]);
          const text = formatTable(['id', 'name', 'state', 'done', 'total delay', 'efficiency', 'validity'], rows);
          terminal.result(runs, runs.length > 0 ? text : 'No run yet. Start one: npm run cli -- run start -n 100');
          return 0;
        }),
      ),
    );

  parent
    .command('show')
    .description('one run: its state and what was measured')
    .argument('[run]', 'id of the run; the newest where it is left out')
    .action((requestedId: string | undefined, _options: unknown, self: Command) =>
      run(() =>
        withSession(self.optsWithGlobals<CommonOptions>(), { access: 'read', activity: 'none' }, async ({ api, terminal }) => {
          const found = await chooseRun({ api, terminal }, requestedId);
          const { id } = found;
          terminal.result({ run: found, timeline: await api.runs.timeline({ id }) }, describeRun(found));
          return 0;
        }),
      ),
    );
}

/** Status 5 when the rows contradict each other or the figures. */
function addAudit(parent: Command, run: (act: () => Promise<number>) => Promise<void>): void {
  parent
    .command('audit')
    .description('recompute every figure of a run from its rows, and look for orders that can not be')
    .argument('[run]', 'id of the run; the newest where it is left out')
    .action((requestedId: string | undefined, _options: unknown, self: Command) =>
      run(() =>
        withSession(self.optsWithGlobals<CommonOptions>(), { access: 'read', activity: 'none' }, async ({ api, terminal }) => {
          const { id } = await chooseRun({ api, terminal }, requestedId);
          const audit = await api.runs.audit({ id });
          const found = audit.findingCount === 0 ? 'no contradiction' : `${audit.findingCount} contradictions`;
          const lines = [
            `Run ${id}: ${audit.checkCount} checks, ${found}.`,
            ...audit.findings.map(({ subject, problem }) => `  ${subject}: ${problem}`),
            ...audit.notChecked.map((sentence) => `  Not checked: ${sentence}`),
          ];
          terminal.result(audit, lines.join('\n'));
          return audit.findingCount === 0 ? 0 : 5;
        }),
      ),
    );
}

function addSteering(parent: Command, run: (act: () => Promise<number>) => Promise<void>): void {
  parent
    .command('resume')
    .description('resume a run that was paused or interrupted, or whose start was missed, and follow it to its end')
    .argument('[run]', 'id of the run; the only unfinished one where it is left out')
    .action((requestedId: string | undefined, _options: unknown, self: Command) =>
      run(() =>
        withSession(self.optsWithGlobals<CommonOptions>(), { access: 'exclusive', activity: 'runs' }, async (session) => {
          const found = await chooseRun(session, requestedId, { isOpen: true });
          const { id } = found;
          if (ENDED.includes(found.state)) throw new AppError('conflict', `Run ${id} has ended (${found.state})`, 'Start a new one.');
          if (found.state === 'paused') await session.api.runs.resume({ id });
          if (found.plannedStart?.isMissed) await session.api.runs.reschedule({ id, startAtMs: null });
          return finish(session, id);
        }),
      ),
    );

  parent
    .command('cancel')
    .description('cancel what is left of a run')
    .argument('[run]', 'id of the run; the only unfinished one where it is left out')
    .option('--rest', 'let running computations end', false)
    .action((requestedId: string | undefined, _options: unknown, self: Command) =>
      run(() => {
        const options = self.optsWithGlobals<CommonOptions & { rest: boolean }>();
        return withSession(options, { access: 'exclusive', activity: 'runs' }, async (session) => {
          const { id } = await chooseRun(session, requestedId, { isOpen: true });
          if (options.rest) {
            await session.api.runs.cancelRemaining({ id });
            await follow(session, id);
          } else {
            await session.api.runs.stopNow({ id });
          }
          const ended = await session.api.runs.get({ id });
          session.terminal.result(ended, `Run ${id}: ${ended.state}, ${ended.counts.cancelled} tasks canceled`);
          return 0;
        });
      }),
    );
}

function addRemove(parent: Command, run: (act: () => Promise<number>) => Promise<void>): void {
  withYes(parent.command('remove').description('delete a run that has ended, with its tasks and the images that no other run has'))
    .argument('<run>', 'id of the run')
    .action((id: string, _options: unknown, self: Command) =>
      run(() => {
        const options = self.optsWithGlobals<CommonOptions & RemovalOptions>();
        return withSession(options, { access: 'exclusive', activity: 'none' }, async ({ api, terminal }) => {
          const found = await api.runs.get({ id });
          const { counts, spec } = found;
          const what =
            `This removes run ${id} “${spec.name}” with ${formatQuantity(counts.total, 'task')} and their measured delays, ` +
            `and ${formatQuantity(counts.succeeded, 'image')} unless another run has the same.`;
          // Of a run that has not ended nothing needs to be asked: it is refused.
          if (ENDED.includes(found.state) && !(await confirmRemoval(what, options))) {
            terminal.result({ removed: null }, 'Nothing was removed.');
            return 0;
          }
          await api.runs.remove({ id });
          terminal.result({ removed: id }, `Removed run ${id}`);
          return 0;
        });
      }),
    );
}

function addExport(parent: Command, run: (act: () => Promise<number>) => Promise<void>): void {
  parent
    .command('export')
    .description('write a run to a file')
    .argument('[run]', 'id of the run; the newest where it is left out')
    .addOption(new Option('--format <format>', 'what to write').choices(EXPORT_FORMATS).default('csv'))
    .option('--out <file>', 'file to write (default: a name of its own in this folder; - is standard output)')
    .action((requestedId: string | undefined, _options: unknown, self: Command) =>
      run(() => {
        const options = self.optsWithGlobals<CommonOptions & { format: ExportFormat; out?: string }>();
        return withReadingCore(options, async ({ api, core, terminal }) => {
          const { id } = await chooseRun({ api, terminal }, requestedId);
          const document = await core.services.reports.exportRun(id, options.format);
          await writeExport(terminal, document, options.out);
          return 0;
        });
      }),
    );
}

/** Follows a run and prints its result; returns the exit status. */
export async function finish(session: Session, id: string): Promise<number> {
  const isInterrupted = await follow(session, id);
  const run = await session.api.runs.get({ id });
  const { status, remark } = exitOfRun(run, { isInterrupted, isOfWindow: session.isOfWindow });
  if (remark !== null) session.terminal.note(remark);
  session.terminal.result(run, describeRun(run));
  return status;
}

/** True when Ctrl-C came before the end. */
async function follow({ until, terminal, signal }: Session, id: string): Promise<boolean> {
  let lastNote = 0;
  let lastState: RunSummary['state'] | null = null;
  let lastHold: string | null = null;
  let hasEnded = false;
  const warned = new Set<string>();
  const problems = new ReportedProblems();
  for await (const live of await until(signal).runs.watch({ id })) {
    hasEnded = ENDED.includes(live.run.state);
    for (const warning of live.warnings) {
      // Its figures change with every result; its first words say what it is about.
      const kind = warning.split(' ', 3).join(' ');
      if (!warned.has(kind)) terminal.note(`Warning: ${warning}`);
      warned.add(kind);
    }
    for (const problem of problems.news(live.nodes)) terminal.note(problem);
    const isNews = live.run.state !== lastState || (live.hold?.error.message ?? null) !== lastHold;
    if (performance.now() - lastNote < (process.stderr.isTTY ? 200 : 5000) && !isNews) continue;
    lastNote = performance.now();
    lastState = live.run.state;
    lastHold = live.hold?.error.message ?? null;
    terminal.progress(describeProgress(live));
  }
  return !hasEnded;
}
