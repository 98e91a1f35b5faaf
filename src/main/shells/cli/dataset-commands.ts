import type { Command } from 'commander';
import { formatQuantity } from '../../../shared/format.js';
import { confirmRemoval, type RemovalOptions, withYes } from './confirm-removal.js';
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

  withYes(dataset.command('remove').description('remove a dataset; runs that are made keep their prompts'))
    .argument('<dataset>', 'name or id')
    .action((nameOrId: string, _options: unknown, command: Command) =>
      run(() => {
        const options = command.optsWithGlobals<CommonOptions & RemovalOptions>();
        return withSession(options, { access: 'exclusive', activity: 'none' }, async ({ api, terminal }) => {
          const found = findByName(await api.datasets.list(), nameOrId, 'dataset');
          const what = `This removes dataset “${found.name}” with ${formatQuantity(found.promptCount, 'prompt')}.`;
          if (!(await confirmRemoval(what, options))) {
            terminal.result({ removed: null }, 'Nothing was removed.');
            return 0;
          }
          await api.datasets.remove({ id: found.id });
          terminal.result({ removed: found.id }, `Removed dataset ${found.name}`);
          return 0;
        });
      }),
    );
}
