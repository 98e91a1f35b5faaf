// `report`: documents of what was measured, in many formats, written where the user says.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { AppError } from '../../../shared/errors.js';
import { formatBytes } from '../../../shared/format.js';
import { REPORT_FORMATS, REPORT_TEMPLATES, type ReportFormat, type ReportTemplate } from '../../../shared/report-document.js';
import { findSeriesId } from './find-series.js';
import { whole, wordList } from './parse-arguments.js';
import { type CommonOptions, withReadingCore } from './session.js';
import { createTerminal, formatTable } from './terminal.js';
import { refuseTaken, writeWhole } from './write-output.js';

interface MakeOptions extends CommonOptions {
  template: ReportTemplate;
  run?: string[];
  series?: string;
  concurrency: number;
  includeInvalid: boolean;
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
      run(() => {
        const rows = REPORT_TEMPLATES.map(({ name, sentence }) => [name, sentence]);
        const terminal = createTerminal(self.optsWithGlobals<CommonOptions>().json);
        terminal.result({ templates: REPORT_TEMPLATES, formats: REPORT_FORMATS }, formatTable(['template', 'what it has'], rows));
        return Promise.resolve(0);
      }),
    );
  addMake(command, run);
}

function addMake(parent: Command, run: (act: () => Promise<number>) => Promise<void>): void {
  parent
    .command('make')
    .description('write a report as files, one a format')
    .addOption(
      new Option('--template <template>', 'which report')
        .choices(REPORT_TEMPLATES.map(({ name }) => name))
        .default('run' satisfies ReportTemplate),
    )
    .option('--run <id...>', 'the run; with table-v, only these runs')
    .option('--series <series>', 'with table-v: the schedulers of a series as rows, with intervals: its name or id')
    .option('--concurrency <count>', 'with table-v: requests a cloud platform serves at once (the paper assumes 1)', whole, 1)
    .option('--include-invalid', 'with table-v: runs that are stamped invalid too', false)
    .option('--format <formats>', `formats, separated by commas: ${REPORT_FORMATS.join(', ')}`, formatList, ['html'])
    .option('--out <folder>', 'folder to write to; made where it is missing', '.')
    .option('--overwrite', 'replace files that are there', false)
    .action((_options: unknown, self: Command) =>
      run(() => {
        const options = self.optsWithGlobals<MakeOptions>();
        return withReadingCore(options, async ({ api, core, terminal, signal }) => {
          const seriesId = options.series === undefined ? undefined : await findSeriesId(api, options.series);
          const files = await core.services.reports.make(subjectOf(options, seriesId), {
            formats: options.format,
            signal,
            onProgress: (format, position) => terminal.progress(`Report ${position + 1} of ${options.format.length}: ${format}`),
          });
          await mkdir(options.out, { recursive: true }).catch((thrown: unknown) => {
            const { message } = thrown as NodeJS.ErrnoException;
            throw new AppError('io', `${options.out} cannot be made: ${message}`, 'Name a folder that can be written to with --out.');
          });
          const targets = files.map(({ fileName, mediaType, body }) => ({ path: join(options.out, fileName), mediaType, body }));
          // Before the first is written: all files of a report or none.
          for (const { path } of targets) await refuseTaken(path, options.overwrite);
          for (const { path, body } of targets) await writeWhole(path, body, options.overwrite);
          terminal.result(
            { files: targets.map(({ path, mediaType }) => ({ file: path, mediaType })) },
            targets.map(({ path, body }) => `Wrote ${path} (${formatBytes(Buffer.byteLength(body))})`).join('\n'),
          );
          return 0;
        });
      }),
    );
}

function subjectOf({ template, run, concurrency, includeInvalid }: MakeOptions, seriesId: string | undefined) {
  if (template === 'table-v') {
    const series = seriesId === undefined ? {} : { seriesId };
    return { template, comparison: { runIds: run ?? null, ...series, includeInvalid, cloudConcurrency: concurrency } };
  }
  const [runId, ...others] = run ?? [];
  if (runId === undefined || others.length > 0) {
    throw new AppError('invalid-input', 'The report of a run is about one run', 'Name it with --run; `run list` shows which there are.');
  }
  return { template, runId };
}

function formatList(text: string): ReportFormat[] {
  const words = [...new Set(wordList(text))];
  const wrong = words.find((word) => !REPORT_FORMATS.some((format) => format === word));
  if (wrong !== undefined || words.length === 0) {
    throw new InvalidArgumentError(`“${wrong ?? text}” is no format. There are ${REPORT_FORMATS.join(', ')}.`);
  }
  return words as ReportFormat[];
}
