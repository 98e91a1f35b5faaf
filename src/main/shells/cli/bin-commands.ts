// The bin of everything from the terminal. What moves things there are the commands of their kinds.
import type { Command } from 'commander';
import type { BinItem } from '../../../shared/bin.js';
import { AppError } from '../../../shared/errors.js';
import { formatQuantity } from '../../../shared/format.js';
import { describeBinned } from './describe-history.js';
import { emptyBin } from './history-bin-commands.js';
import { type RemovalOptions, withYes } from './confirm-removal.js';
import { type CommonOptions, type Session, withSession } from './session.js';

type Run = (act: () => Promise<number>) => Promise<void>;

/** Takes part in `<kind> remove`: moves to the bin and says how it comes back. */
export async function moveToBin({ api, terminal }: Session, item: BinItem, what: string): Promise<number> {
  await api.history.moveToBin({ items: [item] });
  terminal.result({ binned: item.id }, `Moved ${what} to the bin. Bring it back: bin restore ${item.id}`);
  return 0;
}

export function addBinCommands(program: Command, run: Run): void {
  const bin = program.command('bin').description('the bin: what was removed and can be brought back, until it is emptied');
  bin
    .command('list')
    .description('what is in the bin, with its size on disk; what went in last comes first')
    .action((_options: unknown, self: Command) =>
      run(() =>
        withSession(self.optsWithGlobals<CommonOptions>(), { access: 'read', activity: 'none' }, async ({ api, terminal }) => {
          const entries = await api.history.listBin();
          terminal.result(entries, describeBinned(entries));
          return 0;
        }),
      ),
    );
  bin
    .command('restore')
    .description('bring things back from the bin, whole')
    .argument('<things...>', 'names or ids of what is in the bin')
    .addHelpText('after', '\nExample: bin restore Flickr8k')
    .action((things: string[], _options: unknown, self: Command) =>
      run(() =>
        withSession(self.optsWithGlobals<CommonOptions>(), { access: 'exclusive', activity: 'none' }, async (session) => {
          const items = await findInBin(session, things);
          await session.api.history.restore({ items });
          session.terminal.result(items, `Restored ${formatQuantity(items.length, 'item')}.`);
          return 0;
        }),
      ),
    );
  withYes(bin.command('empty').description('delete what is in the bin for good, and free the disk'))
    .addHelpText('after', '\nExample: bin empty --yes')
    .action((_options: unknown, self: Command) => run(() => emptyBin(self.optsWithGlobals<CommonOptions & RemovalOptions>())));
}

/** Each by id or name. Throws `not-found`, or `conflict` where a name fits several. */
async function findInBin({ api }: Session, namesOrIds: readonly string[]): Promise<BinItem[]> {
  const entries = await api.history.listBin();
  return namesOrIds.map((nameOrId) => {
    const byId = entries.filter(({ id }) => id === nameOrId);
    const found = byId.length > 0 ? byId : entries.filter(({ name }) => name === nameOrId);
    const [first, ...others] = found;
    if (!first) throw new AppError('not-found', `There is nothing “${nameOrId}” in the bin`, 'List what there is: bin list.');
    if (others.length > 0) {
      const ids = found.map(({ kind, id }) => `${kind} ${id}`).join(', ');
      throw new AppError('conflict', `${found.length} things in the bin are named “${nameOrId}”`, `Use an id: ${ids}.`);
    }
    return { kind: first.kind, id: first.id };
  });
}
