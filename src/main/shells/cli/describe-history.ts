// The history as the terminal shows it.
import { cleanLine } from '../../../shared/foreign-text.js';
import { formatBytes, formatInstant, formatNumber, formatPercent, formatQuantity } from '../../../shared/format.js';
import { BIN_KIND_TITLES, BIN_UNITS, type BinEntry, type BinStatus, type EmptiedBin } from '../../../shared/bin.js';
import type { HistoryEntry, HistoryPage, HistoryView } from '../../../shared/history.js';
import type { QueryMistake } from '../../../shared/query/query.js';
import { formatTable } from './terminal.js';

/** Seconds with one decimal: a column has one unit. */
const SEC_DECIMALS = 1;

export function describeHistory({ items, total, allTotal, excludedBy }: HistoryPage): string {
  if (allTotal === 0) return 'Nothing ran yet. Start a run: npm run cli -- run start';
  if (items.length === 0) {
    const why = excludedBy ? ` Without “${excludedBy.text}” there are some.` : '';
    return cleanLine(`None of ${formatQuantity(allTotal, 'record')} matches.${why}`);
  }
  const heads = ['id', 'name', 'result', '|N|', 'total (s)', 'vs bound', 'scheduler', 'testbed', 'created'];
  const counted = `${items.length} of ${total}${total === allTotal ? '' : `, of ${allTotal} in all`}`;
  return `${formatTable(heads, items.map(rowOf))}\n\n${counted}. * starred, b best of its |N| among these.`;
}

function rowOf(entry: HistoryEntry): string[] {
  const { id, name, tags, isStarred, isBest, isSimulated, taskCount, totalMs, efficiency, scheduler, testbedName, createdAtMs } = entry;
  const marks = [...(isSimulated ? ['(simulated)'] : []), ...tags.map((tag) => `#${tag}`)];
  return [
    ...[id, [`${isStarred ? '* ' : ''}${name}`, ...marks].join(' '), describeResult(entry)],
    ...[
      taskCount === null ? '–' : String(taskCount),
      `${formatNumber(totalMs === null ? null : totalMs / 1000, SEC_DECIMALS)}${isBest ? ' b' : ''}`,
    ],
    ...[formatPercent(efficiency), scheduler ?? '–', testbedName ?? '–', formatInstant(createdAtMs)],
  ];
}

function describeResult({ state, result }: HistoryEntry): string {
  if (result.isValid === null) return state === 'cancelled' ? 'canceled' : state;
  const validity = result.isValid ? 'valid' : `invalid (${formatQuantity(result.reasons.length, 'reason')})`;
  return state === 'succeeded' ? validity : `${state}, ${validity}`;
}

/** The query with carets under its mistake. */
export function pointAt(query: string, { from, to }: QueryMistake): string {
  return `  ${query.replace(/\s/g, ' ')}\n  ${' '.repeat(from)}${'^'.repeat(Math.max(1, to - from))}`;
}

export function describeBin({ count, sizeBytes }: BinStatus): string {
  if (count === 0) return 'The bin is empty.';
  return `${formatQuantity(count, 'item')} in the bin with ${formatBytes(sizeBytes)} of files. List them: bin list`;
}

export function describeBinned(entries: readonly BinEntry[]): string {
  if (entries.length === 0) return 'The bin is empty.';
  const rows = entries.map(({ kind, id, name, count, place, sizeBytes, binnedAtMs }) => {
    const unit = BIN_UNITS[kind];
    const holds = unit === undefined || count === null ? '–' : formatQuantity(count, unit);
    return [
      BIN_KIND_TITLES[kind],
      id,
      name,
      holds,
      place ?? '–',
      sizeBytes === 0 ? '–' : formatBytes(sizeBytes),
      formatInstant(binnedAtMs),
    ];
  });
  return formatTable(['kind', 'id', 'name', 'holds', 'testbed or path', 'size on disk', 'moved to bin'], rows);
}

export function describeEmptied({ removed, freedBytes, problems }: EmptiedBin): string {
  const kept = problems.map(({ kind, id, message }) => cleanLine(`Kept in the bin: ${kind} ${id}: ${message}`));
  return [`Removed ${formatQuantity(removed, 'item')} for good and freed ${formatBytes(freedBytes)} of files.`, ...kept].join('\n');
}

export function describeViews(views: readonly HistoryView[]): string {
  if (views.length === 0) return 'No saved views yet. Save one: history views save overnight "tag:overnight valid:yes"';
  return formatTable(
    ['name', 'query', 'sorted by'],
    views.map(({ name, query, sort, isDescending }) => [name, query, `${sort}, ${isDescending ? 'largest first' : 'smallest first'}`]),
  );
}
