// What a record of the history says in a list, in words; pure.
import type { RouteLocationRaw } from 'vue-router';
import { JOB_STATUS, RUN_STATUS, type Status, statusOfPlannedStart } from '../../components/status.js';
import { formatBytes, formatCount, formatQuantity } from '../../../shared/format.js';
import { BIN_KIND_TITLES, type BinItem, type EmptiedBin, isHistoryItem } from '../../../shared/bin.js';
import type { HistoryEntry, HistoryGroup } from '../../../shared/history.js';

/** States of all kinds; both spellings of a canceled job. */
const STATES: Record<string, Status> = { ...JOB_STATUS, ...RUN_STATUS, canceled: JOB_STATUS.cancelled };
const ENDED = ['succeeded', 'failed', 'stopped', 'cancelled', 'canceled'];

/** A record with what people have put on it. */
export type MarkedRecord = Pick<HistoryEntry, 'kind' | 'id' | 'name' | 'tags' | 'isStarred' | 'note'>;

/** Unique over all kinds. */
export function keyOf({ kind, id }: BinItem): string {
  return `${kind} ${id}`;
}

export function itemOf<Item extends BinItem>({ kind, id }: Item): Pick<Item, 'kind' | 'id'> {
  return { kind, id };
}

export function hasEntryEnded({ state }: Pick<HistoryEntry, 'state'>): boolean {
  return ENDED.includes(state);
}

/** State and validity in one: a run that succeeded is valid or not, and anything else is told by its state. */
export function describeResult({ state, result, plannedStart }: Pick<HistoryEntry, 'state' | 'result' | 'plannedStart'>): Status {
  if (plannedStart) return statusOfPlannedStart(plannedStart);
  if (state === 'succeeded' && result.isValid !== null) {
    if (result.isValid) return { tone: 'ok', label: 'Valid' };
    return { tone: 'warning', label: result.reasons.length === 0 ? 'Invalid' : `Invalid ${result.reasons.length}` };
  }
  return STATES[state] ?? { tone: 'idle', label: state };
}

/** `312 of 1,043`, or `1,043` where all are shown. */
export function describeCount(total: number, allTotal: number, isNarrowed: boolean): string {
  return isNarrowed ? `${formatCount(total)} of ${formatCount(allTotal)}` : formatQuantity(allTotal, 'record');
}

/** `3 runs`, `1 dataset`, `2 records`, `4 items`: of what a command is about; `count` where not all of them are known. */
export function nameRecords(entries: readonly BinItem[], count = entries.length): string {
  const [first] = entries;
  const isOneKind = first !== undefined && entries.every(({ kind }) => kind === first.kind);
  if (isOneKind && (first.kind === 'run' || !isHistoryItem(first))) return formatQuantity(count, BIN_KIND_TITLES[first.kind].toLowerCase());
  return formatQuantity(count, entries.every(isHistoryItem) ? 'record' : 'item');
}

/** `3 items removed, 12.3 MB freed.` and what stayed, where something did. */
export function describeEmptied({ removed, freedBytes, problems }: EmptiedBin): string {
  const stayed = problems.length === 0 ? '' : ` ${formatQuantity(problems.length, 'item')} stayed in the bin:`;
  return `${formatQuantity(removed, 'item')} removed for good, ${formatBytes(freedBytes)} freed.${stayed}`;
}

/** What a message says of one or several records: their name, or how many. */
export function nameSubject(entries: readonly (BinItem & { name: string })[]): string {
  const [first] = entries;
  return entries.length === 1 && first ? first.name : nameRecords(entries);
}

export interface CompareChoice {
  to: RouteLocationRaw;
  count: number;
}

/** Where the runs among these are compared, or why they can't be. */
export function chooseCompare(entries: readonly HistoryEntry[]): CompareChoice | { reason: string } {
  const runs = entries.filter(({ kind }) => kind === 'run');
  if (runs.length < 2) return { reason: 'Select 2 or more runs to compare them' };
  if (runs.length > 100) return { reason: 'At most 100 runs can be compared' };
  if (runs.some((run) => !hasEntryEnded(run))) return { reason: 'A run can be compared once it has ended' };
  return { to: { path: '/compare', query: { runs: runs.map(({ id }) => id).join(',') } }, count: runs.length };
}

/** Why these can't go to the bin now; null where they can. */
export function describeBinHindrance(entries: readonly Pick<HistoryEntry, 'kind' | 'name' | 'state'>[]): string | null {
  // A paused run can go on, and has its testbed; a paused job of another kind is only a record.
  const open = entries.filter((entry) => !hasEntryEnded(entry) && (entry.kind === 'run' || entry.state !== 'paused'));
  if (open.length === 0) return null;
  return open.length === 1 && open[0] ? `${open[0].name} has not ended` : `${formatCount(open.length)} have not ended`;
}

/** Day of the calendar here, as a key and in words. */
function dayOf(atMs: number): { key: string; label: string } {
  const date = new Date(atMs);
  const key = [date.getFullYear(), date.getMonth() + 1, date.getDate()].join('-');
  return { key, label: dayFormat.format(date) };
}
const dayFormat = new Intl.DateTimeFormat('en', { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' });

/** The group that a record is in; null where the list has none. */
export function groupOfEntry(group: HistoryGroup): ((entry: HistoryEntry) => { key: string; label: string }) | null {
  const named = (label: string | null, without: string): { key: string; label: string } => ({ key: label ?? '', label: label ?? without });
  switch (group) {
    case 'none':
      return null;
    case 'series':
      return ({ kind, id, name, seriesId, seriesName }) =>
        kind === 'series' ? { key: id, label: name } : { key: seriesId ?? '', label: seriesName ?? 'Not in a series' };
    case 'scheduler':
      return ({ scheduler }) => named(scheduler, 'No scheduler');
    case 'testbed':
      return ({ testbedName }) => named(testbedName, 'No testbed');
    case 'day':
      return ({ startedAtMs, plannedStart, createdAtMs }) => dayOf(startedAtMs ?? plannedStart?.atMs ?? createdAtMs);
  }
}
