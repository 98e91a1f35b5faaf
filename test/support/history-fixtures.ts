import type { HistoryQuestion, HistoryRepository } from '../../src/main/adapters/storage/history-repository.js';
import type { HistoryEntry } from '../../src/shared/history.js';
import { HISTORY_KEYS } from '../../src/shared/history-keys.js';
import { parseQuery } from '../../src/shared/query/parse-query.js';
import { nameScheduler } from '../../src/main/domain/history/name-scheduler.js';

/** As the program asks for a page, by a query without a mistake; figures of every basis count. */
export function askHistory(
  history: HistoryRepository,
  query: string,
  change: Partial<HistoryQuestion> = {},
): { items: HistoryEntry[]; total: number } {
  const parsed = parseQuery(query, HISTORY_KEYS);
  if (parsed.mistakes.length > 0) throw new Error(parsed.mistakes[0]?.sentence);
  return history.page({
    terms: parsed.query.terms,
    ...{ sort: 'created', isDescending: true, offset: 0, limit: 100, inBin: false, figuresBasis: '%', nowMs: Date.now() },
    schedulers: history.schedulers().map((json) => nameScheduler(json, () => null)),
    ...change,
  });
}
