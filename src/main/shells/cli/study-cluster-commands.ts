// A study that is too big for one machine: out as a Slurm array, back as results.
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { cleanLine } from '../../../shared/foreign-text.js';
import { runExportedTask } from '../../composition/study-task.js';
import type { StudyImport } from '../../domain/simulation/studies/study-import.js';
import { describeProgress } from './describe-study.js';
import { interruptible } from './interruptible.js';
import { whole } from './parse-arguments.js';
import { withReadingCore, withSession } from './session.js';
import type { CommonOptions } from './session.js';
import { choiceOf, type StudyChoice, withChoice } from './study-choice.js';
import { createTerminal } from './terminal.js';

type Run = (act: () => Promise<number>) => Promise<void>;

/** Real ms between two lines of progress: they end up in a log. */
const PROGRESS_INTERVAL_MS = 10_000;
/** Refused files that are named; the others are counted. */
const MAX_NAMED = 10;

export function addStudyClusterCommands(study: Command, run: Run): void {
  addExport(study, run);
  addTask(study, run);
  addImport(study, run);
}

function addExport(study: Command, run: Run): void {
  withChoice(study.command('export').description('write a study as a folder for a cluster with Slurm: one array task a cell'))
    .argument('<study>', 'name of a study')
    .requiredOption('--out <folder>', 'a new folder')
    .option('--at-once <count>', 'array tasks that run at the same time (default: as many as the cluster gives)', whole)
    .option('--no-program', 'leave the program out; it must then be on the cluster')
    .action((name: string, _options: unknown, command: Command) =>
      run(() => {
        const options = command.optsWithGlobals<CommonOptions & StudyChoice & { out: string; atOnce?: number; program: boolean }>();
        return withReadingCore(options, async ({ core, terminal }) => {
          const { out: folder, program: withProgram, atOnce: maxAtOnce } = options;
          if (withProgram) terminal.note('Packing the program');
          const input = { ...choiceOf(options), study: name };
          const choice = { folder, withProgram, ...(maxAtOnce !== undefined && { maxAtOnce }) };
          const exported = await core.services.studies.exportForCluster(input, choice);
          const text = `${exported.cellCount} cells of study ${name} in ${exported.folder}: ${exported.files.join(', ')}\nREADME.md there says how to submit it.`;
          terminal.result(exported, text);
          return 0;
        });
      }),
    );
}

function addTask(study: Command, run: Run): void {
  study
    .command('task')
    .description('run one cell of an exported study, as its job file does; needs no data folder, and may be run again')
    .argument('<tasks>', 'tasks.json of an exported study')
    .argument('<index>', 'which cell, from 0 on', whole)
    .requiredOption('--out <folder>', 'where the result goes')
    .action((tasks: string, index: number, _options: unknown, command: Command) =>
      run(() => {
        const options = command.optsWithGlobals<CommonOptions & { out: string }>();
        return interruptible(async (signal) => {
          const terminal = createTerminal(options.json);
          let reportedMs = -Infinity;
          const outcome = await runExportedTask({
            tasksPath: resolve(tasks),
            index,
            outFolder: resolve(options.out),
            signal,
            onProgress(text) {
              if (performance.now() - reportedMs < PROGRESS_INTERVAL_MS) return;
              reportedMs = performance.now();
              terminal.progress(text);
            },
          });
          terminal.result(outcome, `${outcome.cell}: ${outcome.resultPath}${outcome.isOld ? ' (was there already)' : ''}`);
          return 0;
        });
      }),
    );
}

function addImport(study: Command, run: Run): void {
  study
    .command('import')
    .description('merge the results of an exported study into its run; may be repeated as more come back')
    .argument('<folder>', 'the exported folder, with results copied back into it')
    .action((folder: string, _options: unknown, command: Command) =>
      run(() =>
        withSession(command.optsWithGlobals<CommonOptions>(), { access: 'exclusive', activity: 'none' }, async ({ api, terminal }) => {
          const imported = await api.studies.importResults({ folder: resolve(folder) });
          terminal.result(imported, describeImport(imported));
          return imported.refused.length > 0 ? 5 : 0;
        }),
      ),
    );
}

function describeImport({ run, isNew, added, failed, known, refused }: StudyImport): string {
  const next =
    run.doneCount + run.failedCount < run.cellCount
      ? 'Run the rest here: npm run cli -- study resume'
      : 'Look at it: npm run cli -- study show';
  const lines = [
    `${isNew ? 'New run' : 'Run'} ${run.id} of study ${run.study.name}: ${added} cells added, ${failed} that diverged, ${known} known already`,
    ...refused.slice(0, MAX_NAMED).map(({ file, reason }) => `Left out ${file}: ${cleanLine(reason)}`),
    ...(refused.length > MAX_NAMED ? [`Left out ${refused.length - MAX_NAMED} more files`] : []),
    `Now ${describeProgress(run)}. ${next} ${run.id}`,
  ];
  return lines.join('\n');
}
