// Saved views of the history from the terminal.
import { Option, type Command } from 'commander';
import { AppError } from '../../../shared/errors.js';
import { HISTORY_SORTS, type HistorySort, type HistoryView } from '../../../shared/history.js';
import { describeViews } from './describe-history.js';
import { QUERY } from './history-arguments.js';
import { withSession } from './session.js';
import type { CommonOptions } from './session.js';

type Run = (act: () => Promise<number>) => Promise<void>;

export function addHistoryViews(parent: Command, run: Run): void {
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

/** Throws `not-found`. */
export function findView(views: readonly HistoryView[], name: string): HistoryView {
  const view = views.find((each) => each.name === name);
  if (view) return view;
  throw new AppError('not-found', `There is no view “${name}”`, `Known: ${views.map((each) => each.name).join(', ') || 'none yet'}.`);
}
