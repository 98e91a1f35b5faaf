import type { Command } from 'commander';
import { addDatasetImportCommand } from './dataset-import-command.js';
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
          const rows = datasets.map((item) => [item.name, item.id, item.format, String(item.promptCount), item.sourceName]);
          const text = formatTable(['name', 'id', 'format', 'prompts', 'source'], rows);
          terminal.result(datasets, datasets.length > 0 ? text : 'No dataset yet. Import one: npm run cli -- dataset import --sample');
          return 0;
        }),
      ),
    );
}
