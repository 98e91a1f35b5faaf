// From the bytes of a caption file to its prompts, everything questionable counted. Pure.
import type { DatasetFormat, DatasetPreview, ImportCounts, ImportOptions } from '../../../shared/dataset.js';
import { invalidDataset, requireText } from './decode-text.js';
import { type CaptionLine, detectFormat, isCsvHeader, parseLine } from './parse-line.js';
import { countLineEnds, findLineEnding, hasByteOrderMark, readLines } from './read-lines.js';
import { SeenTexts } from './seen-texts.js';

const SAMPLE_SIZE = 20;
const MALFORMED_NAMED = 10;

export interface ParsedDataset {
  preview: DatasetPreview;
  /** Reads the file again, and gives the captions that are kept, one at a time. */
  prompts(): Generator<CaptionLine>;
}

/** Throws `dataset-invalid` when the file is not text or no caption is left. */
export function parseDataset(bytes: Uint8Array, sourceName: string, options: ImportOptions): ParsedDataset {
  requireText(bytes, sourceName);
  const format = detectFormat(readLines(bytes));
  const { counts, sample, repeatedLines } = survey(bytes, format, options);
  if (counts.lines > 0 && counts.lines === counts.blank) throw invalidDataset(sourceName, 'holds nothing but blank lines');
  if (counts.kept === 0) {
    throw invalidDataset(sourceName, `holds no caption to keep (of ${counts.lines} lines ${counts.malformed} do not fit the format)`);
  }
  const preview = { format, lineEnding: findLineEnding(bytes), hasByteOrderMark: hasByteOrderMark(bytes), counts, sample };
  const prompts = (): Generator<CaptionLine> =>
    readCaptions(bytes, format, { options, counts: noCounts(), isNew: isNoneOf(repeatedLines) });
  return { preview, prompts };
}

/** The first reading. A function of its own, so that nothing holds on to what was seen when the captions are read again. */
function survey(
  bytes: Uint8Array,
  format: DatasetFormat,
  options: ImportOptions,
): { counts: ImportCounts; sample: string[]; repeatedLines: readonly number[] } {
  const counts = noCounts();
  const sample: string[] = [];
  const repeatedLines: number[] = [];
  const seen = new SeenTexts(countLineEnds(bytes) + 1);
  const isNew: IsNew = (text, lineNumber) => {
    if (seen.add(text)) return true;
    repeatedLines.push(lineNumber);
    return false;
  };
  for (const { text } of readCaptions(bytes, format, { options, counts, isNew })) {
    counts.kept++;
    if (sample.length < SAMPLE_SIZE) sample.push(text);
  }
  return { counts, sample, repeatedLines };
}

function noCounts(): ImportCounts {
  return { lines: 0, kept: 0, blank: 0, oneLetter: 0, repeated: 0, malformed: 0, malformedAt: [] };
}

/** Whether a caption did not come before. Asked in the order of the lines. */
type IsNew = (text: string, lineNumber: number) => boolean;

/** What the first reading has found out, for the second. */
function isNoneOf(lineNumbers: readonly number[]): IsNew {
  let next = 0;
  return (_text, lineNumber) => {
    if (lineNumbers[next] !== lineNumber) return true;
    next++;
    return false;
  };
}

interface Reading {
  options: ImportOptions;
  /** Counted into as it goes. */
  counts: ImportCounts;
  isNew: IsNew;
}

function* readCaptions(bytes: Uint8Array, format: DatasetFormat, { options, counts, isNew }: Reading): Generator<CaptionLine> {
  let isHeaderExpected = format === 'captions-csv';
  let lineNumber = 0;
  for (const line of readLines(bytes)) {
    lineNumber++;
    const isBlank = line.trim() === '';
    if (isHeaderExpected && !isBlank) {
      isHeaderExpected = false;
      if (isCsvHeader(line)) continue;
    }
    counts.lines++;
    if (isBlank) {
      counts.blank++;
      continue;
    }
    const caption = parseLine(line, format);
    if (!caption) {
      counts.malformed++;
      if (counts.malformedAt.length < MALFORMED_NAMED) counts.malformedAt.push(lineNumber);
    } else if (caption.text === '') {
      counts.blank++;
    } else if (isKept(caption.text, counts, options, () => isNew(caption.text, lineNumber))) {
      yield caption;
    }
  }
}

/** Counts what is questionable about a caption and says whether it stays. One that is dropped for its length is not also a repetition. */
function isKept(text: string, counts: ImportCounts, options: ImportOptions, isNew: () => boolean): boolean {
  if (/^.$/u.test(text)) {
    counts.oneLetter++;
    if (!options.keepOneLetter) return false;
  }
  if (isNew()) return true;
  counts.repeated++;
  return options.keepRepeated;
}
