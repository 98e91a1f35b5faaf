import { writeFile } from 'node:fs/promises';
import { Option } from 'commander';
import type { Command } from 'commander';
import { cleanLine } from '../../../shared/foreign-text.js';
import type { ExportFormat } from '../../../shared/api/inputs.js';
import type { Comparison, ComparisonCell } from '../../../shared/comparison.js';
import { formatLogLine } from '../../../shared/log-line.js';
import type { TerminalDoor } from '../../transport/server/open-to-terminals.js';
import { untilStopped } from '../web/until-stopped.js';
import { findSeriesId } from './find-series.js';
import { whole } from './parse-arguments.js';
import { withReadingCore, withSession } from './session.js';
import type { CommonOptions } from './session.js';
import { formatTable } from './terminal.js';
import { describeEdit } from '../../../shared/platform.js';
import { formatInterval, formatPercent } from '../../../shared/format.js';

interface CompareOptions extends CommonOptions {
  run?: string[];
  series?: string;
  concurrency: number;
  includeInvalid: boolean;
  format: ExportFormat;
  out?: string;
}

export function addAppCommands(program: Command, run: (act: () => Promise<number>) => Promise<void>): void {
  program
    .command('compare')
    .description('Table V of the paper with the measured runs as rows')
    .option('--run <id...>', 'only these runs')
    .option('--series <series>', 'the schedulers of a series as rows, with intervals: its name or id')
    .option('--concurrency <count>', 'requests a cloud platform serves at once (the paper assumes 1)', whole, 1)
    .option('--include-invalid', 'runs that are stamped invalid too', false)
    .addOption(new Option('--format <format>', 'what --out gets').choices(['csv', 'json', 'html']).default('csv'))
    .option('--out <file>', 'write to a file')
    .action((_options: unknown, self: Command) =>
      run(() => {
        const options = self.optsWithGlobals<CompareOptions>();
        return withReadingCore(options, async ({ api, core, terminal }) => {
          const series = options.series === undefined ? {} : { seriesId: await findSeriesId(api, options.series) };
          const { includeInvalid, concurrency: cloudConcurrency } = options;
          const input = { runIds: options.run ?? null, ...series, includeInvalid, cloudConcurrency };
          const comparison = await api.comparison.compare(input);
          if (options.out !== undefined) {
            const document = await core.services.reports.exportComparison(input, options.format);
            await writeFile(options.out, document.body);
            terminal.note(`Wrote ${options.out}`);
          }
          terminal.result(comparison, describeComparison(comparison));
          return 0;
        });
      }),
    );

  program
    .command('serve')
    .description('serve the window on 127.0.0.1 until Ctrl-C')
    .option('--port <port>', 'TCP port (default: 8765, or a free one)', whole)
    .option('--no-open', 'do not open a browser')
    .action((_options: unknown, self: Command) =>
      run(async () => {
        const options = self.optsWithGlobals<CommonOptions & { port?: number; open: boolean }>();
        // Heard from the first moment on: also what comes while the nodes boot.
        const stopped = untilStopped();
        const [{ createCore }, { openToTerminals }, { startWebShell }] = await Promise.all([
          import('../../composition/core.js'),
          import('../../transport/server/open-to-terminals.js'),
          import('../web/start-web-shell.js'),
        ]);
        const core = await createCore({ dataDir: options.data, shell: 'web', access: 'exclusive', activity: 'runs' });
        let door: TerminalDoor | null = null;
        try {
          door = await openToTerminals(core);
          const shell = await startWebShell({
            core,
            port: options.port ?? null,
            openBrowser: options.open,
            onAddress: (url) => process.stdout.write(options.json ? `${JSON.stringify({ url })}\n` : `Open ${url}\n`),
          });
          await stopped;
          await shell.close();
        } finally {
          door?.close();
          await core.close();
        }
        return 0;
      }),
    );

  program
    .command('doctor')
    .description('what works on this machine and what does not')
    .action((_options: unknown, self: Command) =>
      run(() =>
        withSession(self.optsWithGlobals<CommonOptions>(), { access: 'read', activity: 'none' }, async ({ api, terminal }) => {
          const report = await api.app.doctor();
          const text = report.checks
            .map((check) => `${check.state.padEnd(8)} ${check.name}: ${check.detail}${check.hint ? `\n         ${check.hint}` : ''}`)
            .join('\n');
          const log = [`\nThe log is ${report.log.path}. Its last lines:`, ...report.log.lines.map(formatLogLine)];
          terminal.result(report, [text, ...(report.log.lines.length > 0 ? log : [])].join('\n'));
          return report.checks.some((check) => check.state === 'missing') ? 5 : 0;
        }),
      ),
    );
}

/** `792.5 ± 12.3 (4 runs, 1 invalid)`, as much of it as there is. */
function describeCell(cell: ComparisonCell | undefined): string {
  if (!cell) return '-';
  const { delaySec, series } = cell;
  if (!series) return `${delaySec?.toFixed(1) ?? '-'}${cell.edit?.paperValue != null ? ' *' : ''}${cell.isInvalid ? ' (invalid)' : ''}`;
  const marks = [
    ...(series.invalid > 0 ? [`${series.invalid} invalid`] : []),
    ...(series.missing > 0 ? [`${series.missing} missing`] : []),
  ];
  const value = delaySec === null ? '-' : formatInterval({ mean: delaySec, halfWidth95: series.halfWidth95Sec }, 1);
  return marks.length === 0 ? value : `${value} (${marks.join(', ')})`;
}

function describeComparison(comparison: Comparison): string {
  const head = ['platform', 'model', ...comparison.counts.map((count) => `|N|=${count} (s)`), 'USD/1K'];
  const rows = comparison.rows.map((row) => [
    row.source === 'measured'
      ? `${row.platform}${row.isSimulated ? ' [simulated]' : ''}${row.isImported ? ' [imported]' : ''}`
      : row.platform,
    row.model,
    ...comparison.counts.map((count) => describeCell(row.delaySec.find((cell) => cell.count === count))),
    `${row.pricePer1kUsd === null ? '-' : row.pricePer1kUsd === 0 ? 'free' : row.pricePer1kUsd.toFixed(2)}${row.priceEdit?.paperValue != null ? ' *' : ''}`,
  ]);
  const edits = comparison.rows.flatMap(({ platform, modelEdit, priceEdit, delaySec, source }) =>
    [modelEdit, priceEdit, ...delaySec.map(({ edit }) => edit)].flatMap((edit) =>
      edit && source === 'paper' ? [`Changed: ${cleanLine(`${platform}: ${describeEdit(edit)}`)}`] : [],
    ),
  );
  const edge = comparison.rows.filter((row) => row.isEdge);
  const reductions = edge.map((reference) => {
    const others = comparison.rows.filter((row) => !row.isEdge);
    const table = formatTable(
      [`  delay reduction of ${reference.platform}`, ...comparison.counts.map((count) => `|N|=${count}`)],
      others.map((other) => [
        `  against ${other.platform}`,
        ...comparison.counts.map((count) =>
          formatPercent(
            comparison.reductions.find(
              (item) => item.referenceRowId === reference.id && item.againstRowId === other.id && item.count === count,
            )?.reduction,
            2,
          ),
        ),
      ]),
    );
    return table;
  });
  return [formatTable(head, rows), ...reductions, ...edits, ...comparison.notes.map((note) => `Note: ${cleanLine(note)}`)].join('\n\n');
}
