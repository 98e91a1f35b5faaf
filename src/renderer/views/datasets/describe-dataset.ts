import { formatCount } from '../../../shared/format.js';
import type { DatasetFormat, ImportCounts } from '../../../shared/dataset.js';

export const FORMAT_TITLES: Record<DatasetFormat, string> = {
  'flickr8k-token': 'Flickr8k token file',
  'captions-csv': 'Captions CSV',
  'plain-text': 'Plain text, one caption a line',
};

/** What an import found, line by line, with what happens to it; nothing that did not occur but the total and what is kept. */
export function listCounts(
  counts: ImportCounts,
  options: { keepOneLetter: boolean; keepRepeated: boolean },
): [name: string, value: string][] {
  const rows: [string, number, string][] = [
    ['Blank lines', counts.blank, 'dropped'],
    ['One-letter captions', counts.oneLetter, options.keepOneLetter ? 'kept' : 'dropped'],
    ['Repeated captions', counts.repeated, options.keepRepeated ? 'kept' : 'dropped'],
    ['Malformed lines', counts.malformed, 'dropped'],
  ];
  const found = rows.flatMap(([name, count, fate]) => (count > 0 ? [[name, `${formatCount(count)} ${fate}`] as [string, string]] : []));
  return [['Lines', formatCount(counts.lines)], ...found, ['Captions kept', formatCount(counts.kept)]];
}

/** `Lines 3, 17 and more`: where the malformed lines are, or null when there are none. */
export function describeMalformed(counts: ImportCounts): string | null {
  if (counts.malformed === 0) return null;
  const places = counts.malformedAt.map(formatCount).join(', ');
  const more = counts.malformed > counts.malformedAt.length ? ' and more' : '';
  return `${counts.malformed === 1 ? 'Line' : 'Lines'} ${places}${more} did not fit the format.`;
}
