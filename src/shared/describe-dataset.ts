// What an import found in a file, in words, for window and terminal.
import type { DatasetFormat, DatasetPreview, Delimiter, DoubtReason, ImportCounts, ImportOptions } from './dataset.js';
import { DOUBT_REASONS, PICTURE_PROBLEMS, type PictureFindings, type PictureProblem } from './dataset.js';
import { cleanLine } from './foreign-text.js';
import { formatBytes, formatCount, formatPercent, formatQuantity } from './format.js';

export const FORMAT_TITLES: Record<DatasetFormat, string> = {
  'flickr8k-token': 'Flickr token file',
  'flickr30k-results': 'Flickr30k results.csv',
  'captions-csv': 'Captions CSV',
  'huggingface-metadata': 'Hugging Face metadata.csv',
  'delimited-text': 'Columns',
  'json-lines': 'JSON Lines, one record per line',
  'coco-json': 'COCO captions JSON',
  'karpathy-json': 'Karpathy’s dataset JSON',
  'json-records': 'JSON records',
  'plain-text': 'Plain text, one caption per line',
};

export const DELIMITER_TITLES: Record<Delimiter, string> = {
  comma: 'Comma',
  semicolon: 'Semicolon',
  tab: 'Tab',
  pipe: 'Vertical bar (|)',
  none: 'None: every line is a prompt',
};

const DOUBT_TEXTS: Record<DoubtReason, string> = {
  'file-name': 'look like file names or start with one',
  'shared-delimiter': 'have the same delimiter as all other lines',
  markup: 'look like JSON or markup',
  'no-letters': 'have no letters',
};

export const PICTURE_PROBLEM_TEXTS: Record<PictureProblem, string> = {
  missing: 'is not there or can’t be read',
  outside: 'leads out of the folder',
  'not-a-picture': 'is not a whole PNG or JPEG file',
  'too-large': 'has more than 8 MiB or 16.8 megapixels',
};

/** Above these shares an import is asked about before it is made: of doubtful captions, and of malformed lines. */
const MAX_DOUBTFUL_SHARE = 0.02;
const MAX_MALFORMED_SHARE = 0.1;

/** What an import found, line by line, with what happens to it; nothing that did not occur but the total and what is kept. */
export function listCounts(
  counts: ImportCounts,
  options: Pick<ImportOptions, 'keepOneLetter' | 'keepRepeated'>,
): [name: string, value: string][] {
  const rows: [string, number, string][] = [
    ['Blank lines', counts.blank, 'dropped'],
    ['One-letter captions', counts.oneLetter, options.keepOneLetter ? 'kept' : 'dropped'],
    ['Repeated captions', counts.repeated, options.keepRepeated ? 'kept' : 'dropped'],
    ['Malformed lines', counts.malformed, 'dropped'],
    ['Captions without a picture', counts.withoutPicture ?? 0, 'dropped'],
  ];
  const found = rows.flatMap(([name, count, fate]) => (count > 0 ? [[name, `${formatCount(count)} ${fate}`] as [string, string]] : []));
  return [['Entries', formatCount(counts.lines)], ...found, ['Captions kept', formatCount(counts.kept)]];
}

/** Formats of which the records are counted, not the lines. */
const OF_RECORDS: readonly DatasetFormat[] = ['coco-json', 'karpathy-json', 'json-records'];

/** `Lines 3, 17 and more`: where the malformed lines or records are, or null when there are none. */
export function describeMalformed({ counts, format }: Pick<DatasetPreview, 'counts' | 'format'>): string | null {
  if (counts.malformed === 0) return null;
  const noun = OF_RECORDS.includes(format) ? 'Record' : 'Line';
  const numbers = counts.malformedAt.map(formatCount).join(', ');
  const more = counts.malformed > counts.malformedAt.length ? ' and more' : '';
  return `${counts.malformed === 1 ? noun : `${noun}s`} ${numbers}${more} did not fit the format.`;
}

export function countDoubtful({ doubts }: Pick<DatasetPreview, 'doubts'>): number {
  return Object.values(doubts).reduce((sum, count) => sum + count, 0);
}

/** `5 of 120 captions (4.2%) may be none: 5 look like file names ...`, or null when none is doubtful. */
export function describeDoubts(preview: Pick<DatasetPreview, 'doubts' | 'counts'>): string | null {
  const doubtful = countDoubtful(preview);
  if (doubtful === 0) return null;
  const kept = preview.counts.kept;
  const reasons = DOUBT_REASONS.flatMap((reason) => {
    const count = preview.doubts[reason] ?? 0;
    return count > 0 ? [`${formatCount(count)} ${DOUBT_TEXTS[reason]}`] : [];
  });
  return `${formatCount(doubtful)} of ${formatQuantity(kept, 'caption')} (${formatPercent(doubtful / kept)}) may be none: ${reasons.join('; ')}.`;
}

/** `120 pictures, 14 MB; not used: 2 files, “a.jpg” is not there ...`; null for captions alone. */
export function describePictures(pictures: PictureFindings | null): string | null {
  if (!pictures) return null;
  const { found, bytes, problems, examples } = pictures;
  const refused = PICTURE_PROBLEMS.reduce((sum, problem) => sum + (problems[problem] ?? 0), 0);
  const all = `${formatQuantity(found, 'picture')}, ${formatBytes(bytes)}`;
  if (refused === 0) return `${all}.`;
  const named = examples.slice(0, 3).map(({ name, problem }) => `“${cleanLine(name)}” ${PICTURE_PROBLEM_TEXTS[problem]}`);
  return `${all}. ${formatQuantity(refused, 'file')} can’t be used: ${named.join('; ')}${refused > named.length ? '; and more' : ''}.`;
}

/** Whether so much of a file is doubtful or malformed that no one should import it unseen. */
export function isDoubtful(preview: Pick<DatasetPreview, 'doubts' | 'counts'>): boolean {
  const { kept, malformed, lines } = preview.counts;
  const withoutPicture = preview.counts.withoutPicture ?? 0;
  const isLacking = withoutPicture > (kept + withoutPicture) * MAX_DOUBTFUL_SHARE;
  return isLacking || countDoubtful(preview) > kept * MAX_DOUBTFUL_SHARE || malformed > lines * MAX_MALFORMED_SHARE;
}
