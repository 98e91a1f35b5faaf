// The bin of the history from the terminal.
import type { Command } from 'commander';
import { formatQuantity } from '../../../shared/format.js';
import { confirmRemoval, type RemovalOptions, withYes } from './confirm-removal.js';
import { describeBin, describeEmptied } from './describe-history.js';
import { RECORDS } from './history-arguments.js';
import { itemOf, onRecords } from './on-history-records.js';
import { withSession } from './session.js';
import type { CommonOptions } from './session.js';

type Run = (act: () => Promise<number>) => Promise<void>;

export function addHistoryBin(parent: Command, run: Run): void {
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
    .action((_options: unknown, self: Command) => run(() => emptyBin(self.optsWithGlobals<CommonOptions & RemovalOptions>())));
}

/** Asks first; exit status 5: something stayed. */
export function emptyBin(options: CommonOptions & RemovalOptions): Promise<number> {
  return withSession(options, { access: 'exclusive', activity: 'none' }, async ({ api, terminal }) => {
    const bin = await api.history.bin();
    const isConfirmed = bin.count > 0 && (await confirmRemoval(`This deletes what is in the bin: ${describeBin(bin)}`, options));
    if (!isConfirmed) {
      terminal.result({ removed: 0, freedBytes: 0, problems: [] }, bin.count === 0 ? 'The bin is empty.' : 'Nothing was removed.');
      return 0;
    }
    const emptied = await api.history.emptyBin();
    terminal.result(emptied, describeEmptied(emptied));
    return emptied.problems.length === 0 ? 0 : 5;
  });
}
