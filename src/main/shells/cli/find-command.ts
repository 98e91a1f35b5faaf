// Whatever has a name, by words of it: what the window's palette finds.
import { Option, type Command } from 'commander';
import { cleanLine } from '../../../shared/foreign-text.js';
import { formatInstant } from '../../../shared/format.js';
import { type FoundName, NAMED_KINDS, type NamedKind } from '../../../shared/found-name.js';
import { whole } from './parse-arguments.js';
import { withSession } from './session.js';
import type { CommonOptions } from './session.js';
import { formatTable } from './terminal.js';

interface FindOptions extends CommonOptions {
  kind?: NamedKind[];
  limit: number;
}

export function addFindCommand(program: Command, run: (act: () => Promise<number>) => Promise<void>): void {
  program
    .command('find')
    .description(
      'whatever has a name, by words of it in any order: testbeds, nodes, runs, series, trainings, studies, datasets, models, reports, tags',
    )
    .argument('[words...]', 'words of the name; the newest names without any')
    .addOption(new Option('--kind <kind...>', 'only these kinds').choices(NAMED_KINDS))
    .option('--limit <count>', 'at most so many, up to 100', whole, 30)
    .addHelpText('after', '\nExamples:\n  find lad 500\n  find rack --kind testbed node')
    .action((words: string[], _options: unknown, self: Command) =>
      run(() => {
        const options = self.optsWithGlobals<FindOptions>();
        return withSession(options, { access: 'read', activity: 'none' }, async ({ api, terminal }) => {
          const { kind: kinds, limit } = options;
          const found = await api.names.find({ words: words.join(' '), limit, ...(kinds && { kinds }) });
          terminal.result(found, describeFound(found));
          return 0;
        });
      }),
    );
}

function describeFound(found: readonly FoundName[]): string {
  if (found.length === 0) return 'Nothing has a name with these words. See everything that ran: history list';
  const rows = found.map(({ kind, id, name, of, atMs }) => [
    kind,
    id,
    cleanLine(name),
    cleanLine(of?.name ?? ''),
    atMs === null ? '' : formatInstant(atMs),
  ]);
  return formatTable(['kind', 'id', 'name', 'testbed', 'created'], rows);
}
