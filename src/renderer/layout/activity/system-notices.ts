// Which notifications the system shows, and how: through the desktop shell, or by the browser where the person has asked for it.
import { isOfSuccess, type Notification } from '../../../shared/notification.js';

/** Real ms that work must have taken for its end to be worth a notice. */
const LONG_WORK_MS = 60_000;

/** Those that came since the last look, the oldest first: what took long, and what needs someone. */
export function pickForSystem(items: readonly Notification[], lastSeenId: number): Notification[] {
  const isWorth = ({ kind, workedMs }: Notification): boolean => !isOfSuccess(kind) || (workedMs ?? 0) > LONG_WORK_MS;
  return items.filter((item) => item.id > lastSeenId && item.readAtMs === null && isWorth(item)).sort((a, b) => a.id - b.id);
}
