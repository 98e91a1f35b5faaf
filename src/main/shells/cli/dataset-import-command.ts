// `dataset import`: what a file holds is shown before it is stored; what is doubtful is stored only when that is said.
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { DatasetSource } from '../../../shared/api/inputs.js';
import { type Dataset, type DatasetPreview, DELIMITERS, type Delimiter, type ImportOptions } from '../../../shared/dataset.js';
import {
  DELIMITER_TITLES,
  describeDoubts,
  describeMalformed,
  describePictures,
  FORMAT_TITLES,
  isDoubtful,
  listCounts,
} from '../../../shared/describe-dataset.js';
import { AppError } from '../../../shared/errors.js';
import { cleanLine } from '../../../shared/foreign-text.js';
import { formatQuantity } from '../../../shared/format.js';
import { canAsk, confirm } from './secret-input.js';
import { type CommonOptions, type Session, withSession } from './session.js';

interface ImportCommandOptions extends CommonOptions {
  name?: string;
  sample: boolean;
  delimiter?: Delimiter;
  column: string[];
  keepOneLetter: boolean;
  dropRepeated: boolean;
  preview: boolean;
  yes: boolean;
}

const SHOWN_PROMPTS = 5;
const MAX_SHOWN_LENGTH = 100;

export function addDatasetImportCommand(dataset: Command, run: (act: () => Promise<number>) => Promise<void>): void {
  dataset
    .command('import')
    .description('import captions: Flickr, COCO, Karpathy, Hugging Face metadata, CSV/TSV, JSON Lines, or one caption per line')
    .argument('[path]', 'the file, or a folder of pairs: pictures with metadata.jsonl or metadata.csv')
    .option('--sample', 'import the prompts shipped with the program instead of a file', false)
    .option('--name <name>', 'name of the dataset (default: the file name)')
    .addOption(
      new Option('--delimiter <name>', 'what separates columns; none: every line is a prompt (default: found)').choices(DELIMITERS),
    )
    .option('--column <name>', 'name or number of the column with the captions; may be repeated (default: found)', gather, [])
    .option('--keep-one-letter', 'keep captions of a single letter', false)
    .option('--drop-repeated', 'drop captions that stood earlier in the file', false)
    .option('--preview', 'show what the file holds and store nothing', false)
    .option('--yes', 'import without asking, doubtful captions too', false)
    .action((file: string | undefined, _options: unknown, command: Command) =>
      run(() => {
        const options = command.optsWithGlobals<ImportCommandOptions>();
        if (!options.sample && file === undefined) throw new AppError('invalid-input', 'No file was named', 'Name one, or use --sample.');
        const source = file === undefined || options.sample ? ({ kind: 'sample' } as const) : sourceAt(resolve(file));
        const access = options.preview ? 'read' : 'exclusive';
        return withSession(options, { access, activity: 'none' }, (session) => importCaptions(session, source, options));
      }),
    );
}

async function importCaptions({ api, terminal }: Session, source: DatasetSource, command: ImportCommandOptions): Promise<number> {
  const options: ImportOptions = {
    keepOneLetter: command.keepOneLetter,
    keepRepeated: !command.dropRepeated,
    ...(command.delimiter ? { delimiter: command.delimiter } : {}),
    ...(command.column.length > 0 ? { columns: command.column } : {}),
  };
  const preview = await api.datasets.preview({ source, options });
  const text = describePreview(preview, options);
  if (command.preview) {
    terminal.result(preview, text);
    return 0;
  }
  if (source.kind !== 'sample') terminal.note(text);
  if (source.kind !== 'sample' && !command.yes && !(await isRequested(preview))) {
    terminal.result({ preview, imported: null }, 'Nothing was imported.');
    return 0;
  }
  const imported = await api.datasets.import({
    source,
    options,
    sha256: preview.sha256,
    ...(command.name ? { name: command.name } : {}),
  });
  terminal.result(imported, describeImported(imported));
  return 0;
}

function sourceAt(path: string): DatasetSource {
  return { kind: statSync(path, { throwIfNoEntry: false })?.isDirectory() ? 'folder' : 'path', path };
}

/** Asks a person; without one, takes what is not doubtful and refuses the rest. */
async function isRequested(preview: DatasetPreview): Promise<boolean> {
  if (canAsk()) return confirm(`Import ${formatQuantity(preview.counts.kept, 'prompt')}?`);
  if (!isDoubtful(preview)) return true;
  const why = describeDoubts(preview) ?? describeMalformed(preview) ?? describePictures(preview.pictures) ?? '';
  throw new AppError(
    'dataset-invalid',
    `It is doubtful that these are captions, and no one can be asked. ${why}`,
    'Look at --preview; choose --column or --delimiter, or add --yes to import them as they are.',
  );
}

function describePreview(preview: DatasetPreview, options: ImportOptions): string {
  const { format, delimiter, columns, counts, sample } = preview;
  const chosen = columns.filter(({ isCaption }) => isCaption).map(({ name }) => name);
  const others = columns.filter(({ isCaption }) => !isCaption).map(({ name }) => name);
  const lines = [
    `Format: ${FORMAT_TITLES[format]}${delimiter && delimiter !== 'none' ? `, delimiter ${DELIMITER_TITLES[delimiter].toLowerCase()}` : ''}`,
    ...(chosen.length > 0 ? [`Captions: ${plural('column', chosen)}${others.length > 0 ? ` (others: ${others.join(', ')})` : ''}`] : []),
    listCounts(counts, options)
      .map(([name, value]) => `${name}: ${value}`)
      .join(', '),
    'First prompts:',
    ...sample.slice(0, SHOWN_PROMPTS).map(({ text, doubt }) => `  ${doubt ? '?' : ' '} ${shorten(cleanLine(text))}`),
    ...[describePictures(preview.pictures), describeMalformed(preview), describeDoubts(preview)].flatMap((remark) => remark ?? []),
  ];
  return lines.join('\n');
}

function describeImported({ promptCount, pictureCount, name, id, format, counts }: Dataset): string {
  const pictures = pictureCount > 0 ? ` with ${formatQuantity(pictureCount, 'picture')}` : '';
  return (
    `Imported ${promptCount} prompts${pictures} as “${name}” (${id}), format ${format}: ` +
    `${counts.lines} lines, ${counts.blank} blank, ${counts.oneLetter} of one letter, ` +
    `${counts.repeated} repeated, ${counts.malformed} malformed.`
  );
}

function plural(noun: string, names: readonly string[]): string {
  return `${noun}${names.length === 1 ? '' : 's'} ${names.join(', ')}`;
}

function shorten(text: string): string {
  return text.length > MAX_SHOWN_LENGTH ? `${text.slice(0, MAX_SHOWN_LENGTH - 1)}…` : text;
}

function gather(value: string, before: string[]): string[] {
  return [...before, value];
}
