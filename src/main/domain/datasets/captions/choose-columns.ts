// Which columns of a table hold captions and which one the image: by the user's choice, by name, by content.
import { AppError } from '../../../../shared/errors.js';
import type { LayoutColumn } from './caption-layout.js';
import { findCaptionNames, findImageName } from './column-names.js';
import { isFileName, isKey, isProse, shareOf } from './value-kinds.js';

/** A column by its name holds captions, unless more of its values than this are something else. */
const MAX_KEY_SHARE = 0.5;
const MIN_PROSE_SHARE = 0.5;
const MIN_FILE_SHARE = 0.8;

export interface ChosenColumns {
  /** Empty when none looks like captions. */
  captions: string[];
  image: string | null;
}

/** `chosen` are names or numbers from 1. Throws `invalid-input` for one that is not there. */
export function chooseColumns(columns: readonly LayoutColumn[], chosen: readonly string[] | undefined, sourceName: string): ChosenColumns {
  const captions = chosen && chosen.length > 0 ? chosen.map((name) => findColumn(columns, name, sourceName)) : findCaptions(columns);
  const others = columns.filter(({ name }) => !captions.includes(name));
  const image = findImageName(others.map(({ name }) => name)) ?? others.find(({ examples }) => isOfFiles(examples))?.name ?? null;
  return { captions, image };
}

function findCaptions(columns: readonly LayoutColumn[]): string[] {
  const usable = columns.filter(({ examples }) => examples.length === 0 || shareOf(examples, isKey) <= MAX_KEY_SHARE);
  const byName = findCaptionNames(usable.map(({ name }) => name));
  if (byName.length > 0) return byName;
  const byContent = usable
    .map(({ name, examples }) => ({ name, prose: shareOf(examples, isProse), words: meanLength(examples) }))
    .filter(({ prose }) => prose >= MIN_PROSE_SHARE)
    .sort((a, b) => b.words - a.words);
  return byContent.slice(0, 1).map(({ name }) => name);
}

function findColumn(columns: readonly LayoutColumn[], requested: string, sourceName: string): string {
  const name = requested.trim().toLowerCase();
  const found =
    columns.find((column) => column.name.toLowerCase() === name) ?? (/^\d+$/.test(name) ? columns[Number(name) - 1] : undefined);
  if (found) return found.name;
  const names = columns.slice(0, 20).map((column) => `"${column.name}"`);
  throw new AppError(
    'invalid-input',
    `"${sourceName}" has no column "${requested}"`,
    names.length > 0 ? `Its columns are ${names.join(', ')}; a number counts from 1.` : 'Its format leaves no choice of columns.',
  );
}

function isOfFiles(examples: readonly string[]): boolean {
  return examples.length > 0 && shareOf(examples, isFileName) >= MIN_FILE_SHARE;
}

function meanLength(examples: readonly string[]): number {
  return examples.reduce((sum, { length }) => sum + length, 0) / Math.max(1, examples.length);
}
