// The rows of the list as files: every figure whole, in the units that its name says.
import { toCsv } from '../../charts/chart-data.js';
import type { HistoryEntry } from '../../../shared/history.js';

type Cell = string | number | boolean | null;

const COLUMNS: readonly [name: string, value: (entry: HistoryEntry) => Cell][] = [
  ['kind', ({ kind }) => kind],
  ['id', ({ id }) => id],
  ['name', ({ name }) => name],
  ['state', ({ state }) => state],
  ['valid', ({ result }) => result.isValid],
  ['reasons', ({ result }) => result.reasons.join(' ')],
  ['simulated', ({ isSimulated }) => isSimulated],
  ['imported', ({ isImported }) => isImported],
  ['tasks', ({ taskCount }) => taskCount],
  ['scheduler', ({ scheduler }) => scheduler],
  ['total_ms', ({ totalMs }) => totalMs],
  ['efficiency', ({ efficiency }) => efficiency],
  ['mean_service_ms', ({ meanMs }) => meanMs],
  ['p95_service_ms', ({ p95Ms }) => p95Ms],
  ['seed', ({ seed }) => seed],
  ['min_steps', ({ steps }) => steps?.min ?? null],
  ['max_steps', ({ steps }) => steps?.max ?? null],
  ['testbed', ({ testbedName }) => testbedName],
  ['dataset', ({ datasetName }) => datasetName],
  ['series', ({ seriesName }) => seriesName],
  ['created', ({ createdAtMs }) => toIso(createdAtMs)],
  ['started', ({ startedAtMs }) => toIso(startedAtMs)],
  ['finished', ({ finishedAtMs }) => toIso(finishedAtMs)],
  ['tags', ({ tags }) => tags.join(' ')],
  ['starred', ({ isStarred }) => isStarred],
  ['note', ({ note }) => note],
];

export function rowsAsCsv(entries: readonly HistoryEntry[]): string {
  return toCsv({
    header: COLUMNS.map(([name]) => name),
    rows: entries.map((entry) => COLUMNS.map(([, value]) => asWord(value(entry)))),
  });
}

export function rowsAsJson(entries: readonly HistoryEntry[]): string {
  const rows = entries.map((entry) => Object.fromEntries(COLUMNS.map(([name, value]) => [name, value(entry)])));
  return `${JSON.stringify(rows, null, 2)}\n`;
}

function toIso(atMs: number | null): string | null {
  return atMs === null ? null : new Date(atMs).toISOString();
}

function asWord(value: Cell): string | number | null {
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : value;
}
