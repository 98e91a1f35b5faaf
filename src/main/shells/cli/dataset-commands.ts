import { type Command, Option } from 'commander';
import { moveToBin } from './bin-commands.js';
import { addDatasetImportCommand } from './dataset-import-command.js';
import { findByName } from './find-by-name.js';
import { withSession } from './session.js';
import type { CommonOptions } from './session.js';
import { formatTable } from './terminal.js';

export function addDatasetCommands(program: Command, run: (act: () => Promise<number>) => Promise<void>): void {
  const dataset = program.command('dataset').description('prompt datasets');

  addDatasetImportCommand(dataset, run);

  dataset
    .command('list')
    .description('list datasets')
    .action((_options: unknown, command: Command) =>
      run(() =>
        withSession(command.optsWithGlobals<CommonOptions>(), { access: 'read', activity: 'none' }, async ({ api, terminal }) => {
          const datasets = await api.datasets.list();
          const rows = datasets.map((item) => [
            item.name,
            item.id,
            item.format,
            String(item.promptCount),
            String(item.pictureCount),
            item.sourceName,
          ]);
          const text = formatTable(['name', 'id', 'format', 'prompts', 'pictures', 'source'], rows);
          terminal.result(datasets, datasets.length > 0 ? text : 'No dataset yet. Import one: npm run cli -- dataset import --sample');
          return 0;
        }),
      ),
    );

  dataset
    .command('remove')
    .description('move a dataset to the bin; runs that are made keep their prompts')
    // Of scripts from before there was a bin: nothing is asked any more.
    .addOption(new Option('--yes').hideHelp())
    .argument('<dataset>', 'name or id')
    .action((nameOrId: string, _options: unknown, command: Command) =>
      run(() =>
        withSession(command.optsWithGlobals<CommonOptions>(), { access: 'exclusive', activity: 'none' }, async (session) => {
          const found = findByName(await session.api.datasets.list(), nameOrId, 'dataset');
          return moveToBin(session, { kind: 'dataset', id: found.id }, `dataset ${found.name}`);
        }),
      ),
    );
}
