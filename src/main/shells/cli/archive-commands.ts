// Archives from the terminal: runs, series, trainings and studies in one file, for another machine.
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { cleanLine } from '../../../shared/foreign-text.js';
import type { ArchiveDescription, ArchiveOutcome } from '../../../shared/archive.js';
import { formatBytes, formatQuantity } from '../../../shared/format.js';
import { RECORD_KIND_TITLES } from '../../../shared/record.js';
import { findRecord } from './find-record.js';
import { finishDataJob } from './finish-data-job.js';
import { type CommonOptions, withSession } from './session.js';

type Run = (act: () => Promise<number>) => Promise<void>;

export function addArchiveCommands(program: Command, run: Run): void {
  const command = program.command('archive').description('runs, series, trainings and studies in one file, for another machine');
  addExport(command, run);
  addImport(command, run);
  addShow(command, run);
}

function addExport(parent: Command, run: Run): void {
  parent
    .command('export')
    .description('write an archive: rows, images and checkpoints; no addresses, accounts or secrets, and models by their hash only')
    .argument('<record...>', 'ids or names of runs, series (with their runs), trainings and study runs')
    .requiredOption('--out <file>', 'a file that is not there yet')
    .option('--machine <name>', 'what this machine is called for those who import it (default: nothing is said about it)')
    .action((names: string[], _options: unknown, self: Command) =>
      run(() => {
        const options = self.optsWithGlobals<CommonOptions & { out: string; machine?: string }>();
        return withSession(options, { access: 'exclusive', activity: 'none' }, async (session) => {
          const { api, terminal } = session;
          const records = await Promise.all(names.map((name) => findRecord(api, name)));
          const started = await api.archives.export({
            records: records.map(({ kind, id }) => ({ kind, id })),
            path: resolve(options.out),
            ...(options.machine !== undefined && { fromMachine: options.machine }),
          });
          const { written, outcome } = await finishDataJob(session, started);
          terminal.result(written, cleanLine(outcome ?? ''));
          return 0;
        });
      }),
    );
}

function addImport(parent: Command, run: Run): void {
  parent
    .command('import')
    .description('take in what of an archive is not here yet, marked as imported: all of it, or nothing')
    .argument('<file>', 'an archive')
    .action((file: string, _options: unknown, self: Command) =>
      run(() => {
        const options = self.optsWithGlobals<CommonOptions>();
        return withSession(options, { access: 'exclusive', activity: 'none' }, async (session) => {
          const { taken } = await finishDataJob(session, await session.api.archives.import({ path: resolve(file) }));
          session.terminal.result(taken, taken ? describeOutcome(taken) : '');
          return taken && taken.refused.length > 0 ? 5 : 0;
        });
      }),
    );
}

function addShow(parent: Command, run: Run): void {
  parent
    .command('show')
    .description('what an archive says it has; takes nothing of it')
    .argument('<file>', 'an archive')
    .action((file: string, _options: unknown, self: Command) =>
      run(() =>
        withSession(self.optsWithGlobals<CommonOptions>(), { access: 'read', activity: 'none' }, async ({ api, terminal }) => {
          const description = await api.archives.show({ path: resolve(file) });
          terminal.result(description, describe(description));
          return 0;
        }),
      ),
    );
}

function describe({ items, programVersion, exportedAtMs, fromMachine, imageCount, sizeBytes, models }: ArchiveDescription): string {
  const from = fromMachine === null ? '' : ` on ${fromMachine}`;
  return [
    `Exported ${new Date(exportedAtMs).toLocaleString()}${from} by version ${programVersion}`,
    `${formatQuantity(items.length, 'record')}, ${formatQuantity(imageCount, 'image')}, ${formatBytes(sizeBytes)} unpacked`,
    ...items.map(({ kind, id, name }) => `  ${RECORD_KIND_TITLES[kind].padEnd(10)} ${id}  ${name}`),
    ...models.map(({ sha256, name }) => `  Model      ${sha256.slice(0, 12)}  ${name ?? 'not on record there'} (by reference)`),
  ]
    .map(cleanLine)
    .join('\n');
}

function describeOutcome({ imported, present, refused, imageCount }: ArchiveOutcome): string {
  const list = (
    label: string,
    items: readonly { kind: keyof typeof RECORD_KIND_TITLES; id: string; name: string; reason?: string }[],
  ): string[] =>
    items.map(
      ({ kind, id, name, reason }) =>
        `  ${label.padEnd(9)} ${RECORD_KIND_TITLES[kind]} ${id} “${name}”${reason === undefined ? '' : `: ${reason}`}`,
    );
  return [
    `${formatQuantity(imported.length, 'record')} with ${formatQuantity(imageCount, 'image')} came in, marked as imported`,
    ...list('imported', imported),
    ...list('here', present),
    ...list('refused', refused),
  ]
    .map(cleanLine)
    .join('\n');
}
