// One line of each format. A caption that a CSV file spreads over several lines is malformed here: none of the formats has such, and so
// one open quote can't swallow the rest of the file.
import { parse } from 'csv-parse/sync';
import type { DatasetFormat } from '../../../shared/dataset.js';

export interface CaptionLine {
  text: string;
  imageName: string | null;
}

/** Longer lines are malformed: the longest caption of Flickr8k has 199 characters. */
const MAX_LINE_LENGTH = 2000;
const MAX_IMAGE_NAME_LENGTH = 255;

/** `1000268201_693b08cb0e.jpg#0<TAB>A child in a pink dress ...` */
const TOKEN_LINE = /^([^\t#]+)#\d+\t(.*)$/;
const CSV_HEADER = /^\s*"?image(_name)?"?\s*,\s*"?caption"?\s*$/i;
/** How many lines decide about the format. */
const LINES_TO_JUDGE = 50;

export function isCsvHeader(line: string): boolean {
  return CSV_HEADER.test(line);
}

/** The format by its header, or by the look of most of the first lines. */
export function detectFormat(lines: Iterable<string>): DatasetFormat {
  const first: string[] = [];
  for (const line of lines) {
    if (line.trim() !== '') first.push(line);
    if (first.length === LINES_TO_JUDGE) break;
  }
  if (first[0] !== undefined && isCsvHeader(first[0])) return 'captions-csv';
  const tokenCount = first.filter((line) => TOKEN_LINE.test(line)).length;
  return tokenCount * 2 > first.length ? 'flickr8k-token' : 'plain-text';
}

/** Control characters become spaces; marks that turn the direction of text or can't be seen are dropped. */
function clean(text: string): string {
  // Most captions need nothing of it: ASCII without control characters.
  if (/^[ -~]*$/.test(text)) return text.trim();
  return text
    .replace(/[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g, '')
    .replace(/\p{Cc}+/gu, ' ')
    .trim();
}

function parseCsvLine(line: string): CaptionLine | null {
  let fields: string[];
  if (line.includes('"')) {
    try {
      fields = parse(line, { relax_column_count: true, relax_quotes: true })[0] ?? [];
    } catch {
      return null;
    }
  } else {
    fields = line.split(',');
  }
  const [imageName, ...rest] = fields;
  if (imageName === undefined || imageName.trim() === '' || rest.length === 0) return null;
  // A caption whose commas nobody quoted.
  return { imageName, text: rest.join(',') };
}

function split(line: string, format: DatasetFormat): CaptionLine | null {
  switch (format) {
    case 'plain-text':
      return { text: line, imageName: null };
    case 'captions-csv':
      return parseCsvLine(line);
    case 'flickr8k-token': {
      const match = TOKEN_LINE.exec(line);
      return match ? { imageName: match[1] ?? null, text: match[2] ?? '' } : null;
    }
  }
}

/** The caption of a line (perhaps empty), or null when the line does not fit the format. */
export function parseLine(line: string, format: DatasetFormat): CaptionLine | null {
  if (line.length > MAX_LINE_LENGTH) return null;
  const parts = split(line, format);
  if (!parts) return null;
  const imageName = parts.imageName === null ? null : clean(parts.imageName);
  if (imageName !== null && (imageName === '' || imageName.length > MAX_IMAGE_NAME_LENGTH)) return null;
  return { imageName, text: clean(parts.text) };
}
