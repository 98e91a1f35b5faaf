// `run compare`: what differs between runs, what came out, and how the same tasks fared.
import { type Command, Option } from 'commander';
import { AppError } from '../../../shared/errors.js';
import { formatQuantity } from '../../../shared/format.js';
import {
  COMPARISON_EXPORTS,
  type ComparisonExport,
  MAX_COMPARED_RUNS,
  RUN_GROUPINGS,
  type RunGrouping,
} from '../../../shared/run-comparison.js';
import { pointAt } from './describe-history.js';
import { describeRunComparison } from './describe-run-comparison.js';
import { type CommonOptions, type LocalSession, type Session, withReadingCore } from './session.js';
import { writeDocument } from './terminal.js';
import { writeExport } from './write-export.js';

const FORMATS = ['table', 'csv', 'svg', 'json'] as const;

interface CompareOptions extends CommonOptions {
  reference?: string;
  query?: string;
  groupBy: RunGrouping;
  onlyValid: boolean;
  format: (typeof FORMATS)[number];
  part: ComparisonExport;
  out?: string;
}

export function addRunCompareCommand(program: Command, run: (act: () => Promise<number>) => Promise<void>): void {
  const parent = program.commands.find((command) => command.name() === 'run') ?? program.command('run').description('batch runs');
  parent
    .command('compare')
    .description('2 to 100 runs beside each other: what differs, what came out, and the same tasks in pairs')
    .argument('[run...]', 'ids or names of ended runs')
    .option('--query <query>', 'also the ended runs that a query finds, as in `history list`, newest first')
    .option('--reference <run>', 'the run, or name of a group, that the others are held to (default: the first)')
    .addOption(
      new Option('--group-by <what>', 'which runs stand together').choices(RUN_GROUPINGS).default('scheduler' satisfies RunGrouping),
    )
    .option('--only-valid', 'leave invalid runs out', false)
    .addOption(new Option('--format <format>', 'a table to read, or a file').choices(FORMATS).default('table'))
    .addOption(
      new Option('--part <part>', 'with csv or svg: which table or chart')
        .choices(COMPARISON_EXPORTS)
        .default('results' satisfies ComparisonExport),
    )
    .option('--out <file>', 'file to write (default: standard output)')
    .action((words: string[], _options: unknown, self: Command) =>
      run(() => {
        const options = self.optsWithGlobals<CompareOptions>();
        return withReadingCore(options, (session) => compare(session, words, options));
      }),
    );
}

async function compare({ api, core, terminal }: LocalSession, words: readonly string[], options: CompareOptions): Promise<number> {
  const runIds = [
    ...(await findRuns(api, words)),
    ...(options.query === undefined ? [] : await queryRuns({ api, terminal }, options.query)),
  ];
  if (runIds.length === 0 && options.query === undefined) {
    throw new AppError('invalid-input', 'No run was named', 'Name two or more, or find them with --query.');
  }
  const reference = options.reference === undefined ? null : ((await findRuns(api, [options.reference], false))[0] ?? options.reference);
  const { groupBy, onlyValid, format, part } = options;
  const comparison = await api.runComparison.compare({ runIds, reference, groupBy, onlyValid });
  if (format === 'json') {
    const body = `${JSON.stringify(comparison, null, 2)}\n`;
    const document = { fileName: 'compared-runs.json', mediaType: 'application/json', body };
    if (options.out === undefined) writeDocument(body);
    else await writeExport(terminal, document, options.out);
  } else if (format === 'table') {
    const text = describeRunComparison(comparison);
    const document = { fileName: 'compared-runs.txt', mediaType: 'text/plain', body: `${text}\n` };
    if (options.out === undefined) terminal.result(comparison, text);
    else await writeExport(terminal, document, options.out);
  } else {
    const counted = comparison.runs.filter(({ leftOut }) => leftOut === null).map(({ id }) => id);
    const timelines = part === 'timeline' && counted.length > 0 ? await api.runComparison.timelines({ runIds: counted }) : [];
    await writeExport(
      terminal,
      core.services.reports.exportRunComparison(comparison, { what: part, format, timelines }),
      options.out ?? '-',
    );
  }
  return 0;
}

/** Ids of ended runs that a query finds, newest first. Throws `invalid-input` for a mistake in it, for more than fit, and for fewer than two. */
async function queryRuns({ api, terminal }: Pick<LocalSession, 'api' | 'terminal'>, query: string): Promise<string[]> {
  const page = await api.history.list({ query: `kind:run ${query}`, limit: MAX_COMPARED_RUNS });
  if (page.mistake) {
    terminal.note(pointAt(`kind:run ${query}`, page.mistake));
    throw new AppError('invalid-input', page.mistake.sentence, page.mistake.remedy);
  }
  if (page.total > MAX_COMPARED_RUNS) {
    const found = `The query finds ${formatQuantity(page.total, 'run')}; at most ${MAX_COMPARED_RUNS} are compared`;
    throw new AppError('invalid-input', found, 'Narrow it down, such as with since:7d.');
  }
  return page.items.map(({ id }) => id);
}

/** Ids of runs that are named by id or name. Throws `not-found`, and `invalid-input` for a name of several. */
async function findRuns(api: Session['api'], words: readonly string[], isStrict = true): Promise<string[]> {
  const runs = await api.runs.list();
  return words.flatMap((word) => {
    const found = runs.filter(({ id }) => id === word);
    const named = found.length > 0 ? found : runs.filter(({ spec }) => spec.name === word);
    const [only, another] = named;
    if (only && another) {
      const ids = named.slice(0, 5).map(({ id }) => id);
      throw new AppError('invalid-input', `${named.length} runs are called “${word}”`, `Name one by its id: ${ids.join(', ')}.`);
    }
    if (!only && isStrict) throw new AppError('not-found', `There is no run “${word}”`, 'List the runs to see their ids: run list.');
    return only ? [only.id] : [];
  });
}
