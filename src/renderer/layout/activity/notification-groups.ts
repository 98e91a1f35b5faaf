// Notifications under what they are about. Pure.
import { needsYou, type Notification, type NotificationSubject } from '../../../shared/notification.js';

export interface NotificationGroup {
  key: string;
  subject: NotificationSubject;
  /** Newest first. */
  items: Notification[];
}

/** The group with the newest notification first. */
export function groupNotifications(items: readonly Notification[], isOnlyNeeds: boolean): NotificationGroup[] {
  const groups = new Map<string, NotificationGroup>();
  for (const item of items) {
    if (isOnlyNeeds && !needsYou(item)) continue;
    const key = `${item.subject.kind}:${item.subject.id ?? ''}`;
    const group = groups.get(key);
    if (group) group.items.push(item);
    else groups.set(key, { key, subject: item.subject, items: [item] });
  }
  return [...groups.values()];
}
