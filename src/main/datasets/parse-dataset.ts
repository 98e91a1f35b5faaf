// From the bytes of a caption file to its prompts, everything questionable counted. Pure.
import type { DatasetPreview, ImportCounts, ImportOptions } from '../../shared/dataset.js';
import { decodeText, invalidDataset } from './decode-text.js';
import { type CaptionLine, detectFormat, isCsvHeader, parseLine } from './parse-line.js';
import { splitLines } from './split-lines.js';

const SAMPLE_SIZE = 20;
const MALFORMED_NAMED = 10;

export interface ParsedDataset {
  preview: DatasetPreview;
  prompts: CaptionLine[];
}

/** Throws `dataset-invalid` when the file is not text or no caption is left. */
export function parseDataset(bytes: Uint8Array, sourceName: string, options: ImportOptions): ParsedDataset {
  const { text, hasByteOrderMark } = decodeText(bytes, sourceName);
  const { lines, lineEnding } = splitLines(text);
  const format = detectFormat(lines);
  const counts: ImportCounts = { lines: 0, kept: 0, blank: 0, oneLetter: 0, repeated: 0, malformed: 0, malformedAt: [] };
  const prompts: CaptionLine[] = [];
  const seen = new Set<string>();
  let isHeaderExpected = format === 'captions-csv';

  lines.forEach((line, index) => {
    if (isHeaderExpected && line.trim() !== '') {
      isHeaderExpected = false;
      if (isCsvHeader(line)) return;
    }
    counts.lines++;
    if (line.trim() === '') {
      counts.blank++;
      return;
    }
    const caption = parseLine(line, format);
    if (!caption) {
      counts.malformed++;
      if (counts.malformedAt.length < MALFORMED_NAMED) counts.malformedAt.push(index + 1);
    } else if (caption.text === '') {
      counts.blank++;
    } else if (isKept(caption.text, seen, counts, options)) {
      prompts.push(caption);
    }
  });
  counts.kept = prompts.length;
  if (prompts.length === 0) {
    throw invalidDataset(sourceName, `holds no caption to keep (of ${counts.lines} lines ${counts.malformed} do not fit the format)`);
  }
  const sample = prompts.slice(0, SAMPLE_SIZE).map((prompt) => prompt.text);
  return { preview: { format, lineEnding, hasByteOrderMark, counts, sample }, prompts };
}

/** Counts what is questionable about a caption and says whether it stays. One that is dropped for its length is not also a repetition. */
function isKept(text: string, seen: Set<string>, counts: ImportCounts, options: ImportOptions): boolean {
  if (/^.$/u.test(text)) {
    counts.oneLetter++;
    if (!options.keepOneLetter) return false;
  }
  if (seen.has(text)) {
    counts.repeated++;
    return options.keepRepeated;
  }
  seen.add(text);
  return true;
}
