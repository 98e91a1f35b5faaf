import { AppError } from '../../../shared/errors.js';
import type { HistoryEntry } from '../../../shared/history.js';
import { printQuery } from '../../../shared/query/print-query.js';
import type { Session } from './session.js';

/** The record with this id or name, of whatever kind. Throws `not-found`, or `conflict` where a name fits several. */
export async function findHistoryItem({ history }: Session['api'], nameOrId: string, inBin = false): Promise<HistoryEntry> {
  const named = { from: 0, to: 0, isNegated: false, type: 'key', key: 'name', values: [{ type: 'text', text: nameOrId }] } as const;
  const { items } = await history.list({ query: nameOrId.trim() === '' ? '' : printQuery({ terms: [named] }), limit: 500, inBin });
  const byId = items.find(({ id }) => id === nameOrId);
  if (byId) return byId;
  const [first, ...others] = items.filter(({ name }) => name === nameOrId);
  const where = inBin ? ' in the bin' : '';
  if (!first)
    throw new AppError(
      'not-found',
      `There is no record “${nameOrId}”${where}`,
      `List what there is: history list${inBin ? ' --bin' : ''}.`,
    );
  if (others.length === 0) return first;
  const ids = [first, ...others].map(({ id }) => id).join(', ');
  throw new AppError('conflict', `${others.length + 1} records${where} are named “${nameOrId}”`, `Use an id: ${ids}.`);
}

/** Each by its id or name. */
export async function findHistoryItems(api: Session['api'], namesOrIds: readonly string[], inBin = false): Promise<HistoryEntry[]> {
  const found: HistoryEntry[] = [];
  for (const nameOrId of namesOrIds) found.push(await findHistoryItem(api, nameOrId, inBin));
  return found;
}
