// The data folder's health. Check, backup and restore open no database of the program: they work where it refuses to start.
import type { Command } from 'commander';
import { cleanLine } from '../../../shared/foreign-text.js';
import { BACKUP_KIND_TITLES, type DataCheckReport, type DataProgress, assessDataCheck } from '../../../shared/data-care.js';
import { describeDataCheck } from '../../../shared/describe-data-check.js';
import { formatBytes } from '../../../shared/format.js';
import { composeDataTools } from '../../composition/data-tools.js';
import type { DataTools } from '../../domain/data-care/data-tools.js';
import { addRepairCommand } from './data-repair-command.js';
import { followDataWork } from './follow-data-work.js';
import { interruptible } from './interruptible.js';
import { type CommonOptions, withSession } from './session.js';
import { createTerminal, formatTable, type Terminal } from './terminal.js';

type Run = (act: () => Promise<number>) => Promise<void>;

export function addDataCommands(program: Command, run: Run): void {
  const command = program.command('data').description('checks, backups and restores of the data folder');
  addCheck(command, run);
  addBackup(command, run);
  addRestore(command, run);
  addRemake(command, run);
  addRepairCommand(command, run, createProgress);
}

interface Work {
  tools: DataTools;
  terminal: Terminal;
  signal: AbortSignal;
  onProgress(progress: DataProgress): void;
}

/** For what needs no open program; Ctrl-C cancels. */
function withTools(options: CommonOptions, act: (work: Work) => Promise<number>): Promise<number> {
  const tools = composeDataTools(options.data);
  const terminal = createTerminal(options.json);
  return interruptible((signal) => act({ tools, terminal, signal, onProgress: createProgress(terminal) }));
}

function addCheck(parent: Command, run: Run): void {
  parent
    .command('check')
    .description('check the database, every image and every input picture; changes nothing')
    .action((_options: unknown, self: Command) =>
      run(() => {
        const options = self.optsWithGlobals<CommonOptions>();
        return withTools(options, async ({ tools, terminal, ...work }) => {
          tools.requireDatabase();
          const report = await tools.check(work);
          terminal.result({ verdict: assessDataCheck(report), ...report }, describeReport(report));
          return EXIT_STATUS[assessDataCheck(report)];
        });
      }),
    );
}

const EXIT_STATUS = { sound: 0, 'images-damaged': 5, 'database-damaged': 8 } as const;

function addBackup(parent: Command, run: Run): void {
  parent
    .command('backup')
    .description('copy the database to backups/ in the data folder, or to a file; also while the program runs')
    .option('--out <file>', 'a file that is not there yet')
    .action((_options: unknown, self: Command) =>
      run(() => {
        const options = self.optsWithGlobals<CommonOptions & { out?: string }>();
        return withTools(options, async ({ tools, terminal, ...work }) => {
          tools.requireDatabase();
          const made = await tools.backUp('manual', { ...work, outPath: options.out });
          terminal.result(made, `Backed up to ${made.path} (${formatBytes(made.sizeBytes)}) and verified`);
          return 0;
        });
      }),
    );

  parent
    .command('backups')
    .description('list the backups of the data folder, newest first')
    .action((_options: unknown, self: Command) =>
      run(() =>
        withTools(self.optsWithGlobals<CommonOptions>(), ({ tools, terminal }) => {
          const backups = tools.listBackups();
          const rows = backups.map((backup) => [
            backup.fileName,
            BACKUP_KIND_TITLES[backup.kind],
            new Date(backup.madeAtMs).toLocaleString(),
            formatBytes(backup.sizeBytes),
          ]);
          terminal.result(
            backups,
            backups.length > 0 ? formatTable(['name', 'kind', 'made', 'size'], rows) : 'No backup yet. Make one: data backup',
          );
          return Promise.resolve(0);
        }),
      ),
    );
}

function addRestore(parent: Command, run: Run): void {
  parent
    .command('restore')
    .description('put a backup in the place of the database, which is kept aside; no program may have the folder')
    .argument('<backup>', '`latest`, a name of `data backups`, or a file')
    .action((backup: string, _options: unknown, self: Command) =>
      run(() =>
        withTools(self.optsWithGlobals<CommonOptions>(), async ({ tools, terminal, ...work }) => {
          const outcome = await tools.restore(backup, work);
          const aside = outcome.keptAside === null ? '' : `\nWhat was there is in ${outcome.keptAside}`;
          terminal.result(outcome, `Restored ${outcome.restoredFrom} with ${outcome.runs} runs${aside}`);
          return 0;
        }),
      ),
    );
}

function addRemake(parent: Command, run: Run): void {
  parent
    .command('remake')
    .description('make images again whose files are lost: the same prompt, seed and steps; no figure changes')
    .argument('[sha256...]', 'names of images; without any, all that a check finds lost')
    .action((sha256s: string[], _options: unknown, self: Command) =>
      run(() => {
        const options = self.optsWithGlobals<CommonOptions>();
        return withSession(options, { access: 'exclusive', activity: 'nodes' }, async (session) => {
          const { api, terminal } = session;
          for (const testbed of await api.testbeds.list()) await api.testbeds.untilConnected({ id: testbed.id });
          const onProgress = createProgress(terminal);
          const follow = (): Promise<string> =>
            followDataWork(session, onProgress, { canceled: 'Making the images again was canceled', stays: 'Those that were made stay.' });
          if (sha256s.length === 0) {
            await api.data.check();
            await follow();
            if ((await api.data.status()).damagedImages.length === 0) {
              terminal.result({ outcome: null, damagedImages: [] }, 'No image is damaged or missing');
              return 0;
            }
          }
          await api.data.remakeImages({ sha256s: sha256s.length > 0 ? sha256s : 'all' });
          const outcome = await follow();
          const { damagedImages } = await api.data.status();
          terminal.result({ outcome, damagedImages }, cleanLine(outcome));
          return damagedImages.length > 0 ? 5 : 0;
        });
      }),
    );
}

/** Several a second on a terminal, one a phase and every few seconds elsewhere. */
function createProgress(terminal: Terminal): (progress: DataProgress) => void {
  let lastMs = -Infinity;
  let lastPhase = '';
  return ({ phase, done, total }) => {
    const nowMs = performance.now();
    if (phase === lastPhase && nowMs - lastMs < (process.stderr.isTTY ? 200 : 5000)) return;
    lastMs = nowMs;
    lastPhase = phase;
    terminal.progress(total === null ? `${phase}...` : `${phase}: ${done} of ${total}`);
  };
}

function describeReport(report: DataCheckReport): string {
  const { integrity, foreignKeys, images, pictures, tasksWithoutImage, orphans } = report;
  const verdict = assessDataCheck(report);
  const lines = [
    describeDataCheck(report),
    ...some('database', integrity),
    ...some('reference', foreignKeys),
    ...some('task', tasksWithoutImage),
    ...images.list.slice(0, MAX_PRINTED).map(({ sha256, state, detail }) => `  ${state.padEnd(8)} ${sha256}: ${detail}`),
    ...(images.list.length > MAX_PRINTED ? [`  ... --json names ${images.list.length}`] : []),
    ...(orphans.count > 0 ? [`${orphans.count} image files (${formatBytes(orphans.bytes)}) belong to no task; they only take room.`] : []),
    ...pictures.list.slice(0, MAX_PRINTED).map(({ sha256, state, detail }) => `  ${state.padEnd(8)} input picture ${sha256}: ${detail}`),
    ...(pictures.list.length > MAX_PRINTED ? [`  ... --json names ${pictures.list.length}`] : []),
    ...(pictures.missing + pictures.damaged > 0
      ? ['`data repair` copies input pictures back from the folders of their datasets, or from another: --from FOLDER.']
      : []),
    ...(images.missing + images.damaged > 0 ? ['`data remake` makes the images again.'] : []),
    ...(verdict === 'database-damaged' ? ['`data restore latest` puts the newest backup back; `data backups` lists all.'] : []),
  ];
  return lines.map(cleanLine).join('\n');
}

const MAX_PRINTED = 20;

function some(label: string, { count, examples }: { count: number; examples: string[] }): string[] {
  const shown = examples.slice(0, MAX_PRINTED).map((example) => `  ${label.padEnd(8)} ${example}`);
  return count > shown.length ? [...shown, `  ... and ${count - shown.length} more`] : shown;
}
