import { resolve } from 'node:path';
import type { Command } from 'commander';
import { AppError } from '../../../shared/errors.js';
import { formatQuantity } from '../../../shared/format.js';
import { confirmRemoval, type RemovalOptions, withYes } from './confirm-removal.js';
import { findByName } from './find-by-name.js';
import { withSession } from './session.js';
import type { CommonOptions } from './session.js';
import { formatTable } from './terminal.js';

interface ImportCommandOptions extends CommonOptions {
  name?: string;
  sample: boolean;
  keepOneLetter: boolean;
  dropRepeated: boolean;
}

export function addDatasetCommands(program: Command, run: (act: () => Promise<number>) => Promise<void>): void {
  const dataset = program.command('dataset').description('prompt datasets');

  dataset
    .command('import')
    .description('import captions: Flickr8k.token.txt, captions.txt (CSV), or plain text with one caption a line')
    .argument('[file]', 'the file')
    .option('--sample', 'import the prompts shipped with the program instead of a file', false)
    .option('--name <name>', 'name of the dataset (default: the file name)')
    .option('--keep-one-letter', 'keep captions of a single letter', false)
    .option('--drop-repeated', 'drop captions that stood earlier in the file', false)
    .action((file: string | undefined, _options: unknown, command: Command) =>
      run(() => {
        const options = command.optsWithGlobals<ImportCommandOptions>();
        if (!options.sample && file === undefined) throw new AppError('invalid-input', 'No file was named', 'Name one, or use --sample.');
        return withSession(options, { access: 'exclusive', activity: 'none' }, async ({ api, terminal }) => {
          const imported = await api.datasets.import({
            source: file === undefined || options.sample ? { kind: 'sample' } : { kind: 'path', path: resolve(file) },
            options: { keepOneLetter: options.keepOneLetter, keepRepeated: !options.dropRepeated },
            ...(options.name ? { name: options.name } : {}),
          });
          const { counts } = imported;
          terminal.result(
            imported,
            `Imported ${imported.promptCount} prompts as “${imported.name}” (${imported.id}), format ${imported.format}: ` +
              `${counts.lines} lines, ${counts.blank} blank, ${counts.oneLetter} of one letter, ` +
              `${counts.repeated} repeated, ${counts.malformed} malformed.`,
          );
          return 0;
        });
      }),
    );

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

  withYes(dataset.command('remove').description('remove a dataset; runs that are made keep their prompts'))
    .argument('<dataset>', 'name or id')
    .action((wanted: string, _options: unknown, command: Command) =>
      run(() => {
        const options = command.optsWithGlobals<CommonOptions & RemovalOptions>();
        return withSession(options, { access: 'exclusive', activity: 'none' }, async ({ api, terminal }) => {
          const found = findByName(await api.datasets.list(), wanted, 'dataset');
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
