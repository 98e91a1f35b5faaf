// Images from the terminal: found by a query as in the gallery, and exported with what is known of them.
import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { galleryPageInput, gallerySelectionInput } from '../../../shared/api/gallery-inputs.js';
import { cleanLine } from '../../../shared/foreign-text.js';
import { formatQuantity, formatSeconds } from '../../../shared/format.js';
import { AppError } from '../../../shared/errors.js';
import { GALLERY_SORTS, type GalleryImage, type GallerySort } from '../../../shared/gallery.js';
import { GALLERY_KEYS } from '../../../shared/gallery-keys.js';
import { NAME_FIELDS } from '../../../shared/name-image.js';
import { describeSteps } from '../../../shared/service.js';
import { pointAt } from './describe-history.js';
import { finishDataJob } from './finish-data-job.js';
import { whole } from './parse-arguments.js';
import { type CommonOptions, withSession } from './session.js';

type Run = (act: () => Promise<number>) => Promise<void>;

interface ListOptions extends CommonOptions {
  sort: GallerySort;
  limit: number;
  offset: number;
}

interface ExportOptions extends CommonOptions {
  query: string;
  sort: GallerySort;
  task?: string[];
  out: string;
  name?: string;
}

const QUERY_HELP = `
Words are whole words of the prompt, all of them; fris* stands for every word that starts so, "in the snow" for these words in this order.
Keys: ${GALLERY_KEYS.map(({ name }) => name).join(' ')}.`;

export function addImagesCommands(program: Command, run: Run): void {
  const command = program
    .command('images')
    .description('images of all runs: found by the words of their prompts, exported with their facts');
  addList(command, run);
  addExport(command, run);
}

function addList(parent: Command, run: Run): void {
  parent
    .command('list')
    .description('images that match a query; all without one')
    .argument('[query...]', 'words and keys, in quotes for the shell')
    .addOption(new Option('--sort <order>', 'in this order').choices(GALLERY_SORTS).default('newest'))
    .option('--limit <count>', 'at most so many, up to 500', whole, 50)
    .option('--offset <count>', 'leave out so many before', whole, 0)
    .addHelpText('after', `${QUERY_HELP}\n\nExample: images list dog frisbee steps:10..12 scheduler:lad-ts`)
    .action((words: string[], _options: unknown, self: Command) =>
      run(() => {
        const { sort, limit, offset, ...options } = self.optsWithGlobals<ListOptions>();
        return withSession(options, { access: 'read', activity: 'none' }, async ({ api, terminal }) => {
          const query = words.join(' ');
          const page = await api.gallery.page(galleryPageInput.parse({ query, sort, limit, offset }));
          if (page.mistake) {
            terminal.note(pointAt(query, page.mistake));
            throw new AppError('invalid-input', page.mistake.sentence, page.mistake.remedy);
          }
          terminal.result(page, [formatQuantity(page.total, 'image'), ...page.items.map(describeLine)].join('\n'));
          return 0;
        });
      }),
    );
}

function addExport(parent: Command, run: Run): void {
  parent
    .command('export')
    .description('write images, with their facts in the files, and a manifest as CSV and JSON; nothing is written over')
    .option('--query <query>', 'those that match; all without one', '')
    .addOption(new Option('--sort <order>', 'order of the manifest').choices(GALLERY_SORTS).default('newest'))
    .option('--task <ids...>', 'of these, only the images of these tasks')
    .requiredOption('--out <path>', 'a folder that is not there yet, or is empty; a ZIP file where it ends with .zip')
    .option('--name <pattern>', `how files are named, of ${NAME_FIELDS.map((field) => `{${field}}`).join(' ')} (default: {run}-{task})`)
    .addHelpText('after', `${QUERY_HELP}\n\nExample: images export --query 'dog frisbee' --out dogs --name '{run}-{task}-seed{seed}'`)
    .action((_options: unknown, self: Command) =>
      run(() => {
        const { query, sort, task, out, name, ...options } = self.optsWithGlobals<ExportOptions>();
        return withSession(options, { access: 'exclusive', activity: 'none' }, async (session) => {
          const started = await session.api.gallery.export({
            selection: gallerySelectionInput.parse({ query, sort, only: task ?? null }),
            form: /\.zip$/i.test(out) ? 'zip' : 'folder',
            path: resolve(out),
            ...(name !== undefined && { namePattern: name }),
          });
          const { images, outcome } = await finishDataJob(session, started);
          session.terminal.result(images, cleanLine(outcome ?? ''));
          return images && images.missing > 0 ? 5 : 0;
        });
      }),
    );
}

function describeLine(image: GalleryImage): string {
  const { runName, ordinal, seed, nodeName, serviceMs, isSimulated, prompt, taskId } = image;
  const facts = [
    `seed ${seed}`,
    `${describeSteps(image)} steps`,
    nodeName,
    formatSeconds(serviceMs),
    ...(isSimulated ? ['simulated'] : []),
  ];
  return cleanLine(`${taskId}  ${runName}, task ${ordinal + 1}: ${prompt} (${facts.join(', ')})`);
}
