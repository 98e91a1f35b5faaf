import type { HistoryEntry } from '../../../shared/history.js';
import { findHistoryItems } from './find-history-item.js';
import { withSession } from './session.js';
import type { CommonOptions, Session } from './session.js';

/** What a command does to the records with these names or ids; prints which they are and the text that `act` gives. */
export function onRecords(
  options: CommonOptions,
  records: readonly string[],
  inBin: boolean,
  act: (session: Session, items: readonly HistoryEntry[]) => Promise<string>,
): Promise<number> {
  return withSession(options, { access: 'exclusive', activity: 'none' }, async (session) => {
    const items = await findHistoryItems(session.api, records, inBin);
    const text = await act(session, items);
    session.terminal.result(items.map(itemOf), text);
    return 0;
  });
}

export function itemOf({ kind, id }: HistoryEntry): Pick<HistoryEntry, 'kind' | 'id'> {
  return { kind, id };
}
