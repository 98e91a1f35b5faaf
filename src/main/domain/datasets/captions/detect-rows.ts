// Whether the first lines of a file are the rows of a table, what separates their fields, and whether the first is a header.
import type { DatasetFormat } from '../../../../shared/dataset.js';
import type { LayoutColumn, RowsLayout, Separator } from './caption-layout.js';
import { chooseColumns } from './choose-columns.js';
import { findCaptionNames, findImageName, isExactCaptionName, plainName } from './column-names.js';
import { invalidDataset } from './decode-text.js';
import { fitRow, splitRow } from './split-row.js';
import { isFileName, isKey, isProse, shareOf } from './value-kinds.js';

/** The order in which they are tried: a comma is the one that prose has as well. */
const TRIED: readonly Separator[] = ['\t', '|', ';', ','];
/** Shares of the first lines that decide. */
const MIN_KEY_SHARE = 0.9;
const MIN_PROSE_SHARE = 0.5;
const MIN_DISTINCT_SHARE = 0.5;
const MIN_WIDE_SHARE = 0.9;
const MAX_NAME_LENGTH = 60;
const MAX_NAME_WORDS = 4;
const MAX_COLUMNS = 200;

/** What the user chose, where it was not left to the detection. */
export interface RowChoices {
  separator?: Separator | undefined;
  columns?: readonly string[] | undefined;
}

/** `lines` are the first ones, none of them blank. Null where they are no rows. Throws `dataset-invalid` where no column holds captions. */
export function detectRows(lines: readonly string[], choices: RowChoices, sourceName: string): RowsLayout | null {
  const separator = choices.separator ?? findSeparator(lines);
  if (separator === null) return null;
  const rows = lines.map((line) => splitRow(line, separator) ?? []);
  const header = isHeader(rows) ? fitRow(rows[0] ?? [], MAX_COLUMNS, separator) : null;
  const body = header ? rows.slice(1) : rows;
  const columns = listColumns(header, body, header?.length ?? findWidth(body), separator);
  const { captions, image } = chooseColumns(columns, choices.columns, sourceName);
  if (captions.length === 0) throw noCaptionColumn(columns, sourceName);
  const indexOf = (name: string): number => columns.findIndex((column) => column.name === name);
  return {
    kind: 'rows',
    format: nameFormat(header ?? [], separator),
    separator,
    hasHeader: header !== null,
    columns,
    captionColumns: captions.map(indexOf),
    imageColumn: image === null ? null : indexOf(image),
  };
}

/** One that is in nearly all lines, as often in each: the lines may be rows of which nothing more is known. */
export function findSharedSeparator(lines: readonly string[]): Separator | null {
  if (lines.length < 3) return null;
  // A comma of prose has a space after it.
  const countIn = (line: string, separator: Separator): number =>
    separator === ',' ? (line.match(/,(?=[^\s,])/g)?.length ?? 0) : line.split(separator).length - 1;
  return (
    TRIED.find((separator) => {
      const counts = lines.map((line) => countIn(line, separator));
      const usual = median(counts);
      return usual > 0 && counts.filter((count) => count === usual).length >= counts.length * MIN_WIDE_SHARE;
    }) ?? null
  );
}

/** By a header that names captions, or by columns of which one only says which image and another says what is on it. */
function findSeparator(lines: readonly string[]): Separator | null {
  const header = lines[0] ?? '';
  const named = TRIED.map((separator) => ({ separator, names: splitRow(header, separator) ?? [] }))
    .filter(({ names, separator }) => names.length > 1 && isNamedHeader(names) && isHeaderOf(names, lines.slice(1), separator))
    .sort((a, b) => b.names.length - a.names.length)[0];
  if (named) return named.separator;
  if (isExactCaptionName(header)) return ',';
  return TRIED.find((separator) => areKeyedRows(lines, separator)) ?? null;
}

/** Without the name of an image among them, names may be prose: "text, logo" is a header only of lines with one comma each. */
function isHeaderOf(names: readonly string[], body: readonly string[], separator: Separator): boolean {
  const widths = body.map((line) => splitRow(line, separator)?.length ?? 0);
  const fitting = widths.filter((width) => (findImageName(names) === null ? width === names.length : width > 1));
  return fitting.length >= widths.length * MIN_PROSE_SHARE;
}

function isNamedHeader(names: readonly string[]): boolean {
  if (!names.every(isName)) return false;
  return names.some(isExactCaptionName) || (findCaptionNames(names).length > 0 && findImageName(names) !== null);
}

function isName(value: string): boolean {
  const name = value.trim();
  return name.length <= MAX_NAME_LENGTH && name.split(/\s+/).length <= MAX_NAME_WORDS && !isFileName(name);
}

function areKeyedRows(lines: readonly string[], separator: Separator): boolean {
  const rows = lines.map((line) => splitRow(line, separator) ?? []);
  const width = findWidth(rows);
  if (width < 2) return false;
  const columns = transpose(rows.length > 1 ? rows.slice(1) : rows, width, separator);
  return columns.some(isOfKeys) && columns.some((values) => shareOf(values, isProse) >= MIN_PROSE_SHARE);
}

/** Keys differ: ", 8k" at the end of every prompt is none. */
function isOfKeys(values: readonly string[]): boolean {
  if (shareOf(values, isKey) < MIN_KEY_SHARE) return false;
  return shareOf(values, isFileName) >= MIN_KEY_SHARE || new Set(values).size > values.length * MIN_DISTINCT_SHARE;
}

/** How many fields nearly all rows have at least. */
function findWidth(rows: readonly (readonly string[])[]): number {
  const widths = rows.map(({ length }) => length).sort((a, b) => a - b);
  return Math.min(MAX_COLUMNS, widths[Math.floor(widths.length * (1 - MIN_WIDE_SHARE))] ?? 0);
}

/** By known names, or because it names a column of keys and is none itself. */
function isHeader(rows: readonly (readonly string[])[]): boolean {
  const [first, ...body] = rows;
  if (!first) return false;
  if (isNamedHeader(first)) return true;
  if (body.length === 0 || !first.every((name) => isName(name) && name.trim() !== '')) return false;
  return first.some((name, index) => {
    const values = body.map((row) => row[index]?.trim() ?? '');
    return !isKey(name.trim()) && shareOf(values, isKey) >= MIN_KEY_SHARE;
  });
}

/** Columns without a name have their number from 1. */
function listColumns(
  header: readonly string[] | null,
  body: readonly (readonly string[])[],
  width: number,
  separator: Separator,
): LayoutColumn[] {
  const taken = new Set<string>();
  return transpose(body, width, separator).map((examples, index) => {
    const own = (header?.[index] ?? '').replace(/^["']|["']$/g, '').slice(0, MAX_NAME_LENGTH);
    const name = own === '' || taken.has(own) ? String(index + 1) : own;
    taken.add(name);
    return { name, examples: examples.filter((value) => value !== '') };
  });
}

function transpose(rows: readonly (readonly string[])[], width: number, separator: Separator): string[][] {
  const fitted = rows.filter(({ length }) => length >= width).map((row) => fitRow(row, width, separator));
  return Array.from({ length: width }, (_, column) => fitted.map((row) => row[column] ?? ''));
}

function nameFormat(header: readonly string[], separator: Separator): DatasetFormat {
  const names = header.map(plainName);
  if (names.includes('image_name') && names.includes('comment_number') && names.includes('comment')) return 'flickr30k-results';
  if (names.length === 2 && separator === ',' && (names[0] === 'image' || names[0] === 'image_name') && names[1] === 'caption') {
    return 'captions-csv';
  }
  return names.some((name) => name === 'file_name' || name.endsWith('_file_name')) ? 'huggingface-metadata' : 'delimited-text';
}

function noCaptionColumn(columns: readonly LayoutColumn[], sourceName: string): Error {
  const names = columns.slice(0, 20).map(({ name }) => `"${name}"`);
  return invalidDataset(
    sourceName,
    `has columns, but none looks like captions: ${names.join(', ')}`,
    'Choose the column, or the delimiter “none” if every line is a prompt.',
  );
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
