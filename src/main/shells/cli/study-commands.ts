// Studies from the terminal. A run belongs to the data folder: Ctrl-C pauses it, `study resume` continues.
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { AppError } from '../../../shared/errors.js';
import type { StudyRun } from '../../../shared/study.js';
import { cellsAsCsv, describeEstimate, describeFigure, describeProgress, listStudies, listStudyRuns } from './describe-study.js';
import { withSession } from './session.js';
import type { CommonOptions, Session } from './session.js';
import { choiceOf, type StudyChoice, withChoice } from './study-choice.js';
import { addStudyClusterCommands } from './study-cluster-commands.js';

type Run = (act: () => Promise<number>) => Promise<void>;

export function addStudyCommands(program: Command, run: Run): void {
  const study = program.command('study').description("the paper's figures, and questions of our own, as experiments to run again");
  addReading(study, run);
  addRunning(study, run);
  addStudyClusterCommands(study, run);
}

function addReading(study: Command, run: Run): void {
  study
    .command('list')
    .description('list the studies')
    .action((_options: unknown, command: Command) =>
      run(() =>
        withSession(command.optsWithGlobals<CommonOptions>(), { access: 'read', activity: 'none' }, async ({ api, terminal }) => {
          const studies = await api.studies.list();
          terminal.result(studies, listStudies(studies));
          return 0;
        }),
      ),
    );

  study
    .command('runs')
    .description('list the runs of studies, newest first')
    .action((_options: unknown, command: Command) =>
      run(() =>
        withSession(command.optsWithGlobals<CommonOptions>(), { access: 'read', activity: 'none' }, async ({ api, terminal }) => {
          const runs = await api.studies.runs();
          terminal.result(runs, runs.length > 0 ? listStudyRuns(runs) : 'No run yet. Start one: npm run cli -- study run fig-6a');
          return 0;
        }),
      ),
    );

  study
    .command('show')
    .description("the figure of a run as a table, with the paper's values beside it")
    .argument('[run]', 'id of a run, or name of a study for its newest run; the newest of all where it is left out')
    .option('--csv <file>', 'write every cell to a file as well')
    .action((nameOrId: string | undefined, _options: unknown, command: Command) =>
      run(() => {
        const options = command.optsWithGlobals<CommonOptions & { csv?: string }>();
        return withSession(options, { access: 'read', activity: 'none' }, async (session) => {
          const { id } = await findRun(session, nameOrId);
          if (options.csv !== undefined) await writeCells(session, id, resolve(options.csv));
          return show(session, id);
        });
      }),
    );

  study
    .command('remove')
    .description('delete a run with its cells')
    .argument('<run>', 'id of a run')
    .action((id: string, _options: unknown, command: Command) =>
      run(() =>
        withSession(command.optsWithGlobals<CommonOptions>(), { access: 'exclusive', activity: 'none' }, async ({ api, terminal }) => {
          await api.studies.remove({ id });
          terminal.result({ removed: id }, `Removed study run ${id}`);
          return 0;
        }),
      ),
    );
}

function addRunning(study: Command, run: Run): void {
  withChoice(study.command('run').description('run a study on all cores of this machine; Ctrl-C pauses it'))
    .argument('<study>', 'name of a study')
    .action((name: string, _options: unknown, command: Command) =>
      run(() => {
        const options = command.optsWithGlobals<CommonOptions & StudyChoice>();
        return withSession(options, { access: 'exclusive', activity: 'none' }, async (session) => {
          const input = { ...choiceOf(options), study: name };
          session.terminal.note(describeEstimate(await session.api.studies.estimate(input)));
          return follow(session, await session.api.studies.start(input));
        });
      }),
    );

  study
    .command('resume')
    .description('run what is missing of a run; cells that are done stay')
    .argument('[run]', 'id of a run, or name of a study for its newest run; the newest of all where it is left out')
    .action((nameOrId: string | undefined, _options: unknown, command: Command) =>
      run(() =>
        withSession(command.optsWithGlobals<CommonOptions>(), { access: 'exclusive', activity: 'none' }, async (session) => {
          const { id } = await findRun(session, nameOrId);
          return follow(session, await session.api.studies.resume({ id }));
        }),
      ),
    );
}

/** Follows a run to its end with its progress on standard error; Ctrl-C pauses it. */
export async function follow(session: Session, { id, study }: StudyRun): Promise<number> {
  const { api, until, terminal, signal } = session;
  terminal.note(`Run ${id} of study ${study.name}`);
  let reported = '';
  for await (const run of await until(signal).studies.watch({ id })) {
    // Of a file, a line for each cell is enough.
    const text = process.stderr.isTTY ? describeProgress(run) : describeProgress({ ...run, remainingSec: null });
    if (text === reported) continue;
    reported = text;
    terminal.progress(describeProgress(run));
  }
  if (signal.aborted) {
    const paused = await api.studies.pause({ id });
    terminal.note(`Paused: ${describeProgress(paused)}. Resume: npm run cli -- study resume ${id}`);
    await show(session, id);
    return 130;
  }
  const { error, failedCount, cellCount, doneCount } = await api.studies.get({ id });
  if (error && doneCount + failedCount < cellCount) throw new AppError(error.code, `${error.message} (study run ${id})`, error.hint);
  return show(session, id);
}

/** Prints the figure; returns the exit status, 5 where cells failed. */
async function show({ api, terminal }: Session, id: string): Promise<number> {
  const [figure, cells] = [await api.studies.figure({ id }), await api.studies.cells({ id })];
  terminal.result({ ...figure, cells }, describeFigure(figure, cells));
  return figure.failedCells.length > 0 ? 5 : 0;
}

async function writeCells({ api, terminal }: Session, id: string, path: string): Promise<void> {
  const { study } = await api.studies.get({ id });
  try {
    await writeFile(path, cellsAsCsv(study, await api.studies.cells({ id })));
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new AppError('io', `${path} cannot be written: ${reason}`, 'Name a file in a folder that can be written to.');
  }
  terminal.note(`Cells written to ${path}`);
}

/** By id, or the newest of a study, or of all where none is named. Throws `not-found`. */
async function findRun({ api, terminal }: Session, nameOrId: string | undefined): Promise<StudyRun> {
  const runs = await api.studies.runs();
  if (nameOrId === undefined) {
    const [newest] = runs;
    if (!newest) throw new AppError('not-found', 'There is no run of a study yet.', 'Start one: npm run cli -- study run fig-6a');
    terminal.note(`The run is ${newest.id} of study ${newest.study.name}: it is the newest.`);
    return newest;
  }
  const found = runs.find(({ id }) => id === nameOrId) ?? runs.find(({ study }) => study.name === nameOrId);
  if (found) return found;
  throw new AppError('not-found', `There is no study run “${nameOrId}”`, 'List them: npm run cli -- study runs');
}
