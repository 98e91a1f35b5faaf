// Everything that ran, from the terminal: found by a query, tagged, starred, noted, moved to the bin.
import { Option, type Command } from 'commander';
import { AppError } from '../../../shared/errors.js';
import { formatQuantity } from '../../../shared/format.js';
import { HISTORY_SORTS, type HistorySort } from '../../../shared/history.js';
import { describeHistory, pointAt } from './describe-history.js';
import { findHistoryItem } from './find-history-item.js';
import { QUERY, RECORDS } from './history-arguments.js';
import { addHistoryBin } from './history-bin-commands.js';
import { addHistoryViews, findView } from './history-view-commands.js';
import { itemOf, onRecords } from './on-history-records.js';
import { whole } from './parse-arguments.js';
import { withSession } from './session.js';
import type { CommonOptions } from './session.js';

type Run = (act: () => Promise<number>) => Promise<void>;

const LIST_HELP = `
Keys: name kind state valid scheduler testbed node dataset n seed steps total delay eff tag note star since until after before
simulated imported series. A query that starts with a dash goes behind --.

Examples:
  history list 'scheduler:lad-ts n:>=500 tag:orin after:2026-11-01 "dog park"'
  history list 'kind:run,series -tag:draft since:7d' --sort total --ascending --limit 20`;

interface ListOptions extends CommonOptions {
  sort?: HistorySort;
  ascending: boolean;
  limit: number;
  offset: number;
  bin: boolean;
  view?: string;
}

export function addHistoryCommands(program: Command, run: Run): void {
  const command = program
    .command('history')
    .description('everything that ran: runs, series, trainings, studies, provisionings, calibrations; found by a query, marked, binned');
  addList(command, run);
  addMarks(command, run);
  addNote(command, run);
  addHistoryBin(command, run);
  addHistoryViews(command, run);
}

function addList(parent: Command, run: Run): void {
  parent
    .command('list')
    .description('what matches a query; all without one')
    .argument(...QUERY)
    .addOption(new Option('--sort <figure>', 'what to sort by (default: created)').choices(HISTORY_SORTS))
    .option('--ascending', 'the smallest or oldest first', false)
    .option('--limit <count>', 'at most so many, up to 500', whole, 50)
    .option('--offset <count>', 'leave out so many before', whole, 0)
    .option('--bin', 'what is in the bin instead', false)
    .option('--view <name>', 'a saved view: its query, before the words given here, and its order')
    .addHelpText('after', LIST_HELP)
    .action((words: string[], _options: unknown, self: Command) =>
      run(() => {
        const options = self.optsWithGlobals<ListOptions>();
        return withSession(options, { access: 'read', activity: 'none' }, async ({ api, terminal }) => {
          const view = options.view === undefined ? null : findView(await api.history.views.list(), options.view);
          const query = [view?.query ?? '', ...words].join(' ').trim();
          const sort = options.sort ?? view?.sort ?? 'created';
          const isDescending = !options.ascending && (options.sort !== undefined || (view?.isDescending ?? true));
          const { limit, offset, bin: inBin } = options;
          const page = await api.history.list({ query, sort, isDescending, limit, offset, inBin });
          if (page.mistake) {
            terminal.note(pointAt(query, page.mistake));
            throw new AppError('invalid-input', page.mistake.sentence, page.mistake.remedy);
          }
          terminal.result(page, describeHistory(page));
          return 0;
        });
      }),
    );
}

function addMarks(parent: Command, run: Run): void {
  parent
    .command('tag')
    .description('add tags to records or take them away')
    .argument(...RECORDS)
    .option('--add <tags...>', 'tags to add, each one word')
    .option('--remove <tags...>', 'tags to take away')
    .addHelpText('after', '\nExample: history tag run-1 "Night 3" --add orin overnight --remove draft')
    .action((records: string[], _options: unknown, self: Command) =>
      run(() => {
        const options = self.optsWithGlobals<CommonOptions & { add?: string[]; remove?: string[] }>();
        const { add = [], remove = [] } = options;
        if (add.length + remove.length === 0) throw new AppError('invalid-input', 'No tag is named', 'Add --add TAG or --remove TAG.');
        return onRecords(options, records, false, async ({ api }, items) => {
          await api.history.tag({ items: items.map(itemOf), add, remove });
          return `Tagged ${formatQuantity(items.length, 'record')}.`;
        });
      }),
    );
  parent
    .command('star')
    .description('star records, or take their stars away')
    .argument(...RECORDS)
    .option('--off', 'take the stars away', false)
    .addHelpText('after', '\nExample: history star run-1')
    .action((records: string[], _options: unknown, self: Command) =>
      run(() => {
        const options = self.optsWithGlobals<CommonOptions & { off: boolean }>();
        return onRecords(options, records, false, async ({ api }, items) => {
          await api.history.star({ items: items.map(itemOf), isStarred: !options.off });
          return `${options.off ? 'Took the star of' : 'Starred'} ${formatQuantity(items.length, 'record')}.`;
        });
      }),
    );
}

function addNote(parent: Command, run: Run): void {
  parent
    .command('note')
    .description('show the note of a record, or write one')
    .argument('<record>', 'name or id of a record')
    .argument('[markdown]', 'the new note, in Markdown; in quotes for the shell')
    .option('--clear', 'take the note away', false)
    .addHelpText('after', '\nExample: history note run-1 "Fan of node-3 was replaced before this run."')
    .action((record: string, markdown: string | undefined, _options: unknown, self: Command) =>
      run(() => {
        const options = self.optsWithGlobals<CommonOptions & { clear: boolean }>();
        const written = options.clear ? '' : markdown;
        const access = written === undefined ? 'read' : 'exclusive';
        return withSession(options, { access, activity: 'none' }, async ({ api, terminal }) => {
          const item = itemOf(await findHistoryItem(api, record));
          if (written !== undefined) await api.history.note({ item, markdown: written });
          const note = await api.history.getNote({ item });
          terminal.result({ ...item, ...note }, note.markdown === '' ? `${item.kind} ${item.id} has no note.` : note.markdown);
          return 0;
        });
      }),
    );
}
