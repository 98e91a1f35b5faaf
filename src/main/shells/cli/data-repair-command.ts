// `data repair`: lost input pictures copied back. The other commands of `data` stand in data-commands.ts.
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { DataProgress } from '../../../shared/data-care.js';
import { cleanLine } from '../../../shared/foreign-text.js';
import { followDataWork } from './follow-data-work.js';
import { type CommonOptions, withSession } from './session.js';
import type { Terminal } from './terminal.js';

const CANCELED = { canceled: 'Copying input pictures back was canceled', stays: 'Those that were copied stay.' };

export function addRepairCommand(
  parent: Command,
  run: (act: () => Promise<number>) => Promise<void>,
  createProgress: (terminal: Terminal) => (progress: DataProgress) => void,
): void {
  parent
    .command('repair')
    .description('check the data folder and copy lost input pictures back from the folders that their datasets were imported from')
    .option('--from <folder>', 'the folder to look in instead, with its subfolders')
    .action((_options: unknown, self: Command) =>
      run(() => {
        const options = self.optsWithGlobals<CommonOptions & { from?: string }>();
        return withSession(options, { access: 'exclusive', activity: 'none' }, async (session) => {
          const { api, terminal } = session;
          const onProgress = createProgress(terminal);
          await api.data.check();
          await followDataWork(session, onProgress, CANCELED);
          if ((await api.data.status()).damagedPictures.length === 0) {
            terminal.result({ outcome: null, damagedPictures: [] }, 'No input picture is damaged or missing');
            return 0;
          }
          await api.data.repairPictures({ from: options.from === undefined ? null : resolve(options.from) });
          const outcome = await followDataWork(session, onProgress, CANCELED);
          const { damagedPictures } = await api.data.status();
          terminal.result({ outcome, damagedPictures }, cleanLine(outcome));
          return damagedPictures.length > 0 ? 5 : 0;
        });
      }),
    );
}
