// How a file is to be read, by its first lines, and by the whole document where it is JSON. The user's choice comes before what is found.
import type { ImportOptions } from '../../../../shared/dataset.js';
import { AppError } from '../../../../shared/errors.js';
import { type CaptionLayout, SEPARATORS } from './caption-layout.js';
import { invalidDataset } from './decode-text.js';
import { detectJson, detectJsonLines, parseRecord } from './detect-json.js';
import { findMarkup } from './detect-markup.js';
import { detectRows, findSharedSeparator } from './detect-rows.js';
import { splitLines } from './read-lines.js';
import { isRecord } from './record-texts.js';

/** How much of a text is looked at, and how many of its lines decide. */
export const HEAD_LENGTH = 256 * 1024;
const MAX_LINES = 200;

/** `1000268201_693b08cb0e.jpg#0<TAB>A child in a pink dress ...` */
export const TOKEN_LINE = /^([^\t#]+)#\d+\t(.*)$/;

export interface DetectionInput {
  /** The start of the text, at most HEAD_LENGTH characters. */
  head: string;
  /** Whether there is more. */
  isCut: boolean;
  choices: Pick<ImportOptions, 'delimiter' | 'columns'>;
  sourceName: string;
  /** Reads the text from its start again. */
  texts(): AsyncIterable<string>;
}

/** Throws `dataset-invalid` for what is not understood, `invalid-input` for a choice that does not fit. */
export async function detectLayout(input: DetectionInput): Promise<CaptionLayout> {
  const { choices, sourceName } = input;
  const lines = firstLines(input);
  const { delimiter, columns } = choices;
  if (delimiter === 'none') {
    if (columns?.length)
      throw new AppError('invalid-input', 'Without a delimiter there are no columns', 'Choose a delimiter or no column.');
    return { kind: 'lines', format: 'plain-text', sharedSeparator: null };
  }
  if (delimiter) return forcedRows(lines, SEPARATORS[delimiter], input);
  const json = await detectAnyJson(lines, input);
  if (json) return json;
  const markup = findMarkup(lines);
  if (markup) throw notUnderstood(sourceName, markup);
  if (isTokenFile(lines)) return { kind: 'token', format: 'flickr8k-token' };
  const rows = detectRows(lines, { columns }, sourceName);
  if (rows) return rows;
  if (columns?.length) {
    throw new AppError('invalid-input', `"${sourceName}" has no columns that were recognized`, 'Choose its delimiter as well.');
  }
  return { kind: 'lines', format: 'plain-text', sharedSeparator: findSharedSeparator(lines) };
}

/** Not the last one, where it may be cut. */
function firstLines({ head, isCut }: DetectionInput): string[] {
  const all = splitLines(head);
  return (isCut && all.length > 1 ? all.slice(0, -1) : all).filter((line) => line.trim() !== '').slice(0, MAX_LINES);
}

function forcedRows(
  lines: readonly string[],
  separator: (typeof SEPARATORS)[keyof typeof SEPARATORS],
  input: DetectionInput,
): CaptionLayout {
  const rows = detectRows(lines, { separator, columns: input.choices.columns }, input.sourceName);
  if (!rows) throw invalidDataset(input.sourceName, 'has no columns');
  return rows;
}

async function detectAnyJson(lines: readonly string[], { choices, sourceName, texts }: DetectionInput): Promise<CaptionLayout | null> {
  // Prompts may start with a bracket; JSON has a quote, a number, a word of its own or a bracket after it.
  const root = /^\s*([[{])\s*(?:["[\]{}\d-]|true\b|false\b|null\b|$)/.exec(lines[0] ?? '')?.[1];
  if (root === '{' && isRecordLine(lines[0]) && (lines.length > 1 ? isRecordLine(lines[1]) : !isDocument(lines[0]))) {
    const jsonLines = detectJsonLines(lines, choices.columns, sourceName);
    if (jsonLines) return jsonLines;
  }
  return root === '[' || root === '{' ? detectJson(texts(), root, choices.columns, sourceName) : null;
}

function isRecordLine(line: string | undefined): boolean {
  return isRecord(parseRecord(line ?? ''));
}

/** An object with lists of records. */
function isDocument(line: string | undefined): boolean {
  return Object.values(parseRecord(line ?? '') as object).some((value) => Array.isArray(value) && value.some(isRecord));
}

function isTokenFile(lines: readonly string[]): boolean {
  return lines.filter((line) => TOKEN_LINE.test(line)).length * 2 > lines.length;
}

function notUnderstood(sourceName: string, kind: string): Error {
  return invalidDataset(
    sourceName,
    `is ${kind}, of which no captions are read`,
    'Write its captions to a text file, one per line, or to CSV. If every line is a prompt, choose the delimiter “none”.',
  );
}
