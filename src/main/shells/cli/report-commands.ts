// `report`: documents of what was measured, in many formats, written where the user says; those that are kept, and those of a template.
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { AppError } from '../../../shared/errors.js';
import { formatBytes, formatQuantity } from '../../../shared/format.js';
import { REPORT_FORMATS, type ReportFormat } from '../../../shared/report-document.js';
import { findByName } from './find-by-name.js';
import { wordList } from './parse-arguments.js';
import { addKeptReportCommands } from './report-kept-commands.js';
import { withSubjectOptions } from './report-options.js';
import { findSubject, type SubjectOptions } from './report-subject.js';
import { type CommonOptions, type LocalSession, withReadingCore } from './session.js';
import { formatTable } from './terminal.js';
import { refuseTaken, writeWhole } from './write-output.js';

type ReportFile = Awaited<ReturnType<LocalSession['core']['services']['reports']['make']>>[number];

interface MakeOptions extends CommonOptions, SubjectOptions {
  report?: string;
  format: ReportFormat[];
  out: string;
  overwrite: boolean;
}

export function addReportCommands(program: Command, run: (act: () => Promise<number>) => Promise<void>): void {
  const command = program.command('report').description('documents of what was measured');
  command
    .command('templates')
    .description('what reports there are')
    .action((_options: unknown, self: Command) =>
      run(() =>
        withReadingCore(self.optsWithGlobals<CommonOptions>(), async ({ api, terminal }) => {
          const templates = await api.reports.templates();
          const rows = templates.map(({ name, sentence }) => [name, sentence]);
          terminal.result({ templates, formats: REPORT_FORMATS }, formatTable(['template', 'what it has'], rows));
          return 0;
        }),
      ),
    );
  addKeptReportCommands(command, run);
  addMake(command, run);
}

function addMake(parent: Command, run: (act: () => Promise<number>) => Promise<void>): void {
  withSubjectOptions(parent.command('make').description('write a report as files, one a format'))
    .option('--report <report>', 'instead of a template: a report that is kept, by title or id')
    .option('--format <formats>', `formats, separated by commas: ${REPORT_FORMATS.join(', ')}`, formatList, ['html'])
    .option('--out <folder>', 'folder to write to; made where it is missing', '.')
    .option('--overwrite', 'replace files that are there', false)
    .action((_options: unknown, self: Command) =>
      run(() => {
        const options = self.optsWithGlobals<MakeOptions>();
        return withReadingCore(options, async (session) => {
          const files = await makeFiles(session, options);
          await writeFiles(files, options);
          session.terminal.result(
            {
              files: files.map(({ fileName, mediaType, pictures }) => ({
                ...{ file: join(options.out, fileName), mediaType, pictures: pictures.length },
              })),
            },
            files.map((file) => describeWritten(file, options.out)).join('\n'),
          );
          return 0;
        });
      }),
    );
}

async function makeFiles({ api, core, terminal, signal }: LocalSession, options: MakeOptions): Promise<ReportFile[]> {
  const making = {
    formats: options.format,
    signal,
    onProgress: (format: ReportFormat, position: number) =>
      terminal.progress(`Report ${position + 1} of ${options.format.length}: ${format}`),
  };
  if (options.report === undefined) return core.services.reports.make(await findSubject(api, options), making);
  const kept = (await api.reports.list()).map((report) => ({ ...report, name: report.title }));
  return core.services.storedReports.make(findByName(kept, options.report, 'report').id, making);
}

/** All files of a report or none: what is taken is found before the first is written. */
async function writeFiles(files: readonly ReportFile[], { out, overwrite }: MakeOptions): Promise<void> {
  const targets = files.flatMap(({ fileName, body, pictures }) => [
    ...pictures.map(({ path, bytes }) => ({ path: join(out, path), body: bytes })),
    { path: join(out, fileName), body },
  ]);
  for (const folder of new Set([out, ...targets.map(({ path }) => dirname(path))])) {
    await mkdir(folder, { recursive: true }).catch((thrown: unknown) => {
      const { message } = thrown as NodeJS.ErrnoException;
      throw new AppError('io', `${folder} cannot be made: ${message}`, 'Name a folder that can be written to with --out.');
    });
  }
  for (const { path } of targets) await refuseTaken(path, overwrite);
  for (const { path, body } of targets) await writeWhole(path, body, overwrite);
}

function describeWritten({ fileName, body, pictures }: ReportFile, out: string): string {
  const beside = pictures.length === 0 ? '' : ` with ${formatQuantity(pictures.length, 'picture')} beside it`;
  return `Wrote ${join(out, fileName)} (${formatBytes(Buffer.byteLength(body))})${beside}`;
}

function formatList(text: string): ReportFormat[] {
  const words = [...new Set(wordList(text))];
  const wrong = words.find((word) => !REPORT_FORMATS.some((format) => format === word));
  if (wrong !== undefined || words.length === 0) {
    throw new InvalidArgumentError(`“${wrong ?? text}” is no format. There are ${REPORT_FORMATS.join(', ')}.`);
  }
  return words as ReportFormat[];
}
