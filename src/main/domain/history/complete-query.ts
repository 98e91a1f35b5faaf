// What a query can be continued with at the cursor: keys, and values that are on record.
import type { HistoryCompleteInput } from '../../../shared/api/history-inputs.js';
import type { HistoryCompletion, HistorySuggestion } from '../../../shared/history.js';
import { findWriting } from '../../../shared/query/complete-query.js';
import { printText } from '../../../shared/query/print-query.js';
import type { QueryKey, QueryKeys } from '../../../shared/query/query-keys.js';

export interface OnRecord {
  schedulers(): HistorySuggestion[];
  /** Values of a key that records have; none of a key that has too many to choose from. */
  valuesOf(key: string): string[];
}

const MAX_SUGGESTIONS = 20;
const AGES: readonly HistorySuggestion[] = [
  { text: '24h', detail: 'a day ago' },
  { text: '7d', detail: 'a week ago' },
  { text: '30d', detail: '30 days ago' },
];

export function completeQuery({ query, cursor }: HistoryCompleteInput, keys: QueryKeys, onRecord: OnRecord): HistoryCompletion {
  const at = Math.min(cursor, query.length);
  const writing = findWriting(query, at, keys);
  if (!writing) return { range: { from: at, to: at }, suggestions: [] };
  const start = writing.start.toLowerCase();
  if (writing.what === 'key') {
    const names = keys.map(({ name, meaning }) => ({ text: `${name}:`, detail: meaning }));
    return { range: writing.range, suggestions: names.filter(({ text }) => text.startsWith(start)) };
  }
  const known = new Map(valuesOf(writing.key, onRecord).map((value) => [value.text, value]));
  const fitting = [...known.values()].filter(({ text, detail }) => `${text} ${detail}`.toLowerCase().includes(start));
  const startFirst = fitting.toSorted(
    (a, b) => Number(b.text.toLowerCase().startsWith(start)) - Number(a.text.toLowerCase().startsWith(start)),
  );
  return {
    range: writing.range,
    suggestions: startFirst.slice(0, MAX_SUGGESTIONS).map(({ text, detail }) => ({ text: printText(text), detail })),
  };
}

function valuesOf(key: QueryKey, onRecord: OnRecord): HistorySuggestion[] {
  if (key.name === 'scheduler') return onRecord.schedulers();
  if (key.type === 'flag') return [plain('yes'), plain('no')];
  if (key.type === 'choice') return (key.choices ?? []).map(plain);
  if (key.type === 'instant') return [...AGES];
  const stored = onRecord.valuesOf(key.name).map(plain);
  return key.name === 'note' ? [plain('yes'), plain('no')] : stored;
}

function plain(text: string): HistorySuggestion {
  return { text, detail: '' };
}
