// Columns of the history. Those that sort have the name that the core sorts by.
import type { DataColumn } from '../../components/data-column.js';
import { formatDateTime, formatShortTime } from '../../format.js';
import { useDurationLook } from '../../composables/useDurationLook.js';
import { formatCount, formatNumber, formatTableDuration, nameDurationColumn } from '../../../shared/format.js';
import { HISTORY_KIND_TITLES, type HistoryEntry } from '../../../shared/history.js';
import { minSampleFor, showPercentile } from '../../../shared/percentiles.js';
import { formatStart } from '../../../shared/planned-start.js';
import { describeResult } from './describe-history.js';

const look = useDurationLook();
const seconds = (ms: number | null): string => formatTableDuration(ms, look.value);
const text = (value: string | number | null): string => (value === null ? '–' : String(value));

const shownP95 = ({ p95Ms, succeededCount }: HistoryEntry): number | null => showPercentile(p95Ms, 0.95, succeededCount ?? 0);

/** All there are, in their order. The star and the name are always shown. */
export const HISTORY_COLUMNS: readonly DataColumn<HistoryEntry>[] = [
  { id: 'star', header: 'Star', value: ({ isStarred }) => isStarred, isSortable: false, widthPx: 36 },
  { id: 'name', header: 'Name', value: ({ name }) => name, minWidthPx: 190 },
  { id: 'kind', header: 'Kind', value: ({ kind }) => HISTORY_KIND_TITLES[kind], widthPx: 104, hideOrder: 1 },
  { id: 'result', header: 'Result', value: (entry) => describeResult(entry).label, widthPx: 116 },
  {
    id: 'count',
    header: '|N|',
    value: ({ taskCount }) => taskCount,
    text: ({ taskCount }) => formatCount(taskCount),
    align: 'end',
    widthPx: 72,
    hint: 'Number of tasks',
  },
  {
    id: 'total',
    get header() {
      return nameDurationColumn('Total', look.value);
    },
    value: ({ totalMs }) => totalMs,
    text: ({ totalMs }) => seconds(totalMs),
    align: 'end',
    widthPx: 124,
    hint: 'Total generation delay: last result minus first submission, model time',
  },
  {
    id: 'efficiency',
    header: 'vs bound (%)',
    value: ({ efficiency }) => efficiency,
    text: ({ efficiency }) => (efficiency === null ? '–' : formatNumber(efficiency * 100, 1)),
    align: 'end',
    widthPx: 122,
    hint: 'Efficiency: lower bound divided by total generation delay',
  },
  {
    id: 'p95',
    get header() {
      return nameDurationColumn('p95', look.value);
    },
    value: shownP95,
    text: (entry) => seconds(shownP95(entry)),
    align: 'end',
    widthPx: 104,
    hideOrder: 3,
    hint: `95 % of the service delays are at most this long, model time; left out (–) with fewer than ${minSampleFor(0.95)} tasks`,
  },
  {
    id: 'mean',
    get header() {
      return nameDurationColumn('Mean', look.value);
    },
    value: ({ meanMs }) => meanMs,
    text: ({ meanMs }) => seconds(meanMs),
    align: 'end',
    widthPx: 88,
    isSortable: false,
    hideOrder: 1,
    hint: 'Mean service delay, model time',
  },
  {
    id: 'seed',
    header: 'Seed',
    value: ({ seed }) => seed,
    text: ({ seed }) => text(seed),
    align: 'end',
    widthPx: 72,
    isSortable: false,
    hideOrder: 1,
  },
  {
    id: 'steps',
    header: 'Steps',
    value: ({ steps }) => steps?.min ?? null,
    text: ({ steps }) => (steps === null ? '–' : steps.min === steps.max ? String(steps.min) : `${steps.min}–${steps.max}`),
    align: 'end',
    widthPx: 72,
    isSortable: false,
    hideOrder: 1,
    hint: 'Denoising steps of an image',
  },
  { id: 'scheduler', header: 'Scheduler', value: ({ scheduler }) => scheduler, widthPx: 164, hideOrder: 5 },
  { id: 'testbed', header: 'Testbed', value: ({ testbedName }) => testbedName, widthPx: 124, hideOrder: 2 },
  { id: 'dataset', header: 'Dataset', value: ({ datasetName }) => datasetName, widthPx: 124, isSortable: false, hideOrder: 1 },
  {
    id: 'created',
    header: 'Started',
    value: ({ startedAtMs, plannedStart, createdAtMs }) => startedAtMs ?? plannedStart?.atMs ?? createdAtMs,
    text: ({ startedAtMs, plannedStart }) => {
      if (plannedStart) return `planned for ${formatStart(plannedStart.atMs, Date.now())}`;
      return startedAtMs === null ? 'Not yet' : formatShortTime(startedAtMs, Date.now());
    },
    widthPx: 112,
    hideOrder: 4,
  },
  {
    id: 'finished',
    header: 'Ended',
    value: ({ finishedAtMs }) => finishedAtMs,
    text: ({ finishedAtMs }) => formatDateTime(finishedAtMs),
    widthPx: 150,
    isSortable: false,
    hideOrder: 1,
  },
];

const FIXED: readonly string[] = ['star', 'name'];
const DEFAULT_IDS: readonly string[] = ['result', 'count', 'total', 'efficiency', 'p95', 'scheduler', 'testbed', 'created'];

/** Those that can be shown or hidden, as menu entries. */
export const OPTIONAL_COLUMNS = HISTORY_COLUMNS.filter(({ id }) => !FIXED.includes(id));

/** Ids that are known, in the order of the table; the default ones where nothing is chosen. */
export function readColumnIds(chosen: readonly string[]): string[] {
  const requested = chosen.length === 0 ? DEFAULT_IDS : chosen;
  return OPTIONAL_COLUMNS.flatMap(({ id }) => (requested.includes(id) ? [id] : []));
}

/** Of columns whose texts are longer than the room they have by default. */
const ROOMY_WIDTHS_PX: Readonly<Record<string, number>> = { scheduler: 216, testbed: 200 };
/** By which a list is sorted is to be seen as long as anything that gives way is. */
const HIDDEN_LAST = 100;

/** `sortedBy` gives way after the others; `hasRoom` where names have more room than they need. */
export function columnsOf(
  ids: readonly string[],
  { sortedBy, hasRoom = false }: { sortedBy?: string; hasRoom?: boolean } = {},
): DataColumn<HistoryEntry>[] {
  return HISTORY_COLUMNS.filter(({ id }) => FIXED.includes(id) || ids.includes(id)).map((column) => {
    const widthPx = hasRoom ? ROOMY_WIDTHS_PX[column.id] : undefined;
    const isSorted = column.id === sortedBy && column.hideOrder !== undefined;
    if (widthPx === undefined && !isSorted) return column;
    return { ...column, ...(widthPx !== undefined && { widthPx }), ...(isSorted && { hideOrder: HIDDEN_LAST }) };
  });
}
