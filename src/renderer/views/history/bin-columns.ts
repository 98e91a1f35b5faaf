// What the bin shows of what is in it, in words; pure.
import type { DataColumn } from '../../components/data-column.js';
import { formatDateTime } from '../../format.js';
import { BIN_KIND_TITLES, BIN_UNITS, type BinEntry } from '../../../shared/bin.js';
import { formatBytes, formatQuantity } from '../../../shared/format.js';

export const BIN_COLUMNS: readonly DataColumn<BinEntry>[] = [
  { id: 'name', header: 'Name', value: ({ name }) => name, minWidthPx: 190 },
  { id: 'kind', header: 'Kind', value: ({ kind }) => BIN_KIND_TITLES[kind], widthPx: 112 },
  {
    id: 'count',
    header: 'Holds',
    value: ({ count }) => count,
    text: describeHold,
    align: 'end',
    widthPx: 130,
    hideOrder: 2,
  },
  {
    id: 'place',
    header: 'Testbed or path',
    value: ({ place }) => place,
    minWidthPx: 150,
    hideOrder: 1,
  },
  {
    id: 'moved',
    header: 'Moved to bin',
    value: ({ binnedAtMs }) => binnedAtMs,
    text: ({ binnedAtMs }) => formatDateTime(binnedAtMs),
    widthPx: 180,
    hideOrder: 3,
  },
  {
    id: 'size',
    header: 'Size on disk',
    // Of what has no files there is nothing to free.
    value: ({ sizeBytes }) => (sizeBytes === 0 ? null : sizeBytes),
    text: ({ sizeBytes }) => (sizeBytes === 0 ? '–' : formatBytes(sizeBytes)),
    align: 'end',
    widthPx: 120,
    hint: 'Files that go when the bin is emptied; a dash: rows in the database alone, whose room is used again, or files that stay where they are',
  },
];

function describeHold({ kind, count }: BinEntry): string {
  const unit = BIN_UNITS[kind];
  return unit === undefined || count === null ? '–' : formatQuantity(count, unit);
}
