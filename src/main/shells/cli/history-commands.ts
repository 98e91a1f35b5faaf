// Everything that ran, from the terminal: found by a query, tagged, starred, noted, moved to the bin.
import { Option, type Command } from 'commander';
import { AppError } from '../../../shared/errors.js';
import { formatQuantity } from '../../../shared/format.js';
import { HISTORY_SORTS, type HistoryEntry, type HistorySort, type HistoryView } from '../../../shared/history.js';
import { confirmRemoval, type RemovalOptions, withYes } from './confirm-removal.js';
import { describeBin, describeEmptied, describeHistory, describeViews, pointAt } from './describe-history.js';
import { findHistoryItem, findHistoryItems } from './find-history-item.js';
import { whole } from './parse-arguments.js';
import { withSession } from './session.js';
import type { CommonOptions, Session } from './session.js';

type Run = (act: () => Promise<number>) => Promise<void>;

const RECORDS = ['<records...>', 'names or ids of runs, series, trainings, studies, provisionings or calibrations'] as const;
const QUERY = ['[query...]', 'words, "a phrase", key:value, -not; in quotes for the shell'] as const;
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
  addBin(command, run);
  addViews(command, run);
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

function addBin(parent: Command, run: Run): void {
  parent
    .command('bin')
    .description('move records to the bin, where nothing of them is lost; without records, tell what is in it')
    .argument('[records...]', RECORDS[1])
    .addHelpText('after', '\nExample: history bin run-1 run-2')
    .action((records: string[], _options: unknown, self: Command) =>
      run(() => {
        const options = self.optsWithGlobals<CommonOptions>();
        if (records.length === 0) {
          return withSession(options, { access: 'read', activity: 'none' }, async ({ api, terminal }) => {
            const bin = await api.history.bin();
            terminal.result(bin, describeBin(bin));
            return 0;
          });
        }
        return onRecords(options, records, false, async ({ api }, items) => {
          await api.history.moveToBin({ items: items.map(itemOf) });
          return `Moved ${formatQuantity(items.length, 'record')} to the bin. Bring back with history restore.`;
        });
      }),
    );
  parent
    .command('restore')
    .description('bring records back from the bin, with tags, notes and images')
    .argument(...RECORDS)
    .addHelpText('after', '\nExample: history restore run-1')
    .action((records: string[], _options: unknown, self: Command) =>
      run(() =>
        onRecords(self.optsWithGlobals<CommonOptions>(), records, true, async ({ api }, items) => {
          await api.history.restore({ items: items.map(itemOf) });
          return `Restored ${formatQuantity(items.length, 'record')}.`;
        }),
      ),
    );
  withYes(parent.command('empty-bin').description('delete what is in the bin for good, and free the disk'))
    .addHelpText('after', '\nExample: history empty-bin --yes')
    .action((_options: unknown, self: Command) =>
      run(() => {
        const options = self.optsWithGlobals<CommonOptions & RemovalOptions>();
        return withSession(options, { access: 'exclusive', activity: 'none' }, async ({ api, terminal }) => {
          const bin = await api.history.bin();
          const isWanted = bin.count > 0 && (await confirmRemoval(`This deletes what is in the bin: ${describeBin(bin)}`, options));
          if (!isWanted) {
            terminal.result({ removed: 0, freedBytes: 0, problems: [] }, bin.count === 0 ? 'The bin is empty.' : 'Nothing was removed.');
            return 0;
          }
          const emptied = await api.history.emptyBin();
          terminal.result(emptied, describeEmptied(emptied));
          return emptied.problems.length === 0 ? 0 : 5;
        });
      }),
    );
}

function addViews(parent: Command, run: Run): void {
  const views = parent.command('views').description('saved views: a query with its order, by name');
  views
    .command('list')
    .description('list saved views')
    .action((_options: unknown, self: Command) =>
      run(() =>
        withSession(self.optsWithGlobals<CommonOptions>(), { access: 'read', activity: 'none' }, async ({ api, terminal }) => {
          const saved = await api.history.views.list();
          terminal.result(saved, describeViews(saved));
          return 0;
        }),
      ),
    );
  views
    .command('save')
    .description('save a view, in the place of another of its name')
    .argument('<name>', 'what to call it')
    .argument(...QUERY)
    .addOption(new Option('--sort <figure>', 'what to sort by').choices(HISTORY_SORTS).default('created'))
    .option('--ascending', 'the smallest or oldest first', false)
    .addHelpText('after', '\nExample: history views save overnight "tag:overnight valid:yes" --sort total --ascending')
    .action((name: string, words: string[], _options: unknown, self: Command) =>
      run(() => {
        const options = self.optsWithGlobals<CommonOptions & { sort: HistorySort; ascending: boolean }>();
        return withSession(options, { access: 'exclusive', activity: 'none' }, async ({ api, terminal }) => {
          const old = (await api.history.views.list()).find((view) => view.name === name);
          const view = { ...old, name, query: words.join(' '), sort: options.sort, isDescending: !options.ascending };
          await api.history.views.save(view);
          terminal.result(view, `Saved the view “${name}”. Use it: history list --view ${name}`);
          return 0;
        });
      }),
    );
  views
    .command('remove')
    .description('remove a saved view; what it lists stays')
    .argument('<name>', 'its name')
    .action((name: string, _options: unknown, self: Command) =>
      run(() =>
        withSession(self.optsWithGlobals<CommonOptions>(), { access: 'exclusive', activity: 'none' }, async ({ api, terminal }) => {
          await api.history.views.remove({ name });
          terminal.result({ removed: name }, `Removed the view “${name}”.`);
          return 0;
        }),
      ),
    );
}

function onRecords(
  options: CommonOptions,
  records: readonly string[],
  inBin: boolean,
  act: (session: Session, items: readonly HistoryEntry[]) => Promise<string>,
): Promise<number> {
  return withSession(options, { access: 'exclusive', activity: 'none' }, async (session) => {
    const items = await findHistoryItems(session.api, records, inBin);
    const text = await act(session, items);
    session.terminal.result(items.map(itemOf), text);
    return 0;
  });
}

function itemOf({ kind, id }: HistoryEntry): Pick<HistoryEntry, 'kind' | 'id'> {
  return { kind, id };
}

function findView(views: readonly HistoryView[], name: string): HistoryView {
  const view = views.find((each) => each.name === name);
  if (view) return view;
  throw new AppError('not-found', `There is no view “${name}”`, `Known: ${views.map((each) => each.name).join(', ') || 'none yet'}.`);
}
