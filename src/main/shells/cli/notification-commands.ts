// What ended or needs a person, from a terminal: the same list and the same read state as in the window.
import type { Command } from 'commander';
import { cleanLine } from '../../../shared/foreign-text.js';
import { formatQuantity } from '../../../shared/format.js';
import { needsYou, type Notification, type NotificationList } from '../../../shared/notification.js';
import { type CommonOptions, withSession } from './session.js';

type Run = (act: () => Promise<number>) => Promise<void>;

interface ListOptions extends CommonOptions {
  unread?: boolean;
  markRead?: boolean;
}

/** As many as the API gives at once. */
const LIMIT = 500;

export function addNotificationCommand(program: Command, run: Run): void {
  program
    .command('notifications')
    .description('what ended or needs you, newest first; read in one window or terminal is read in all')
    .option('--unread', 'only those that no one has read')
    .option('--mark-read', 'mark those that are shown as read')
    .action((_options: unknown, self: Command) =>
      run(() => {
        const options = self.optsWithGlobals<ListOptions>();
        const access = options.markRead ? 'exclusive' : 'read';
        return withSession(options, { access, activity: 'none' }, async ({ api, terminal }) => {
          const found = await api.notifications.list({ unreadOnly: options.unread ?? false, limit: LIMIT });
          const unread = found.items.filter(({ readAtMs }) => readAtMs === null).map(({ id }) => id);
          if (options.markRead && found.unread > unread.length) await api.notifications.markAllRead();
          else if (options.markRead && unread.length > 0) await api.notifications.markRead({ ids: unread });
          terminal.result(found, describeNotifications(found));
          return 0;
        });
      }),
    );
}

function describeNotifications({ items, unread, needsYou: needing }: NotificationList): string {
  const counts = `${formatQuantity(unread, 'unread notification')}, ${needing} of all need you.`;
  return [...items.flatMap(describe), counts].join('\n');
}

function describe(notification: Notification): string[] {
  const { atMs, title, detail, readAtMs } = notification;
  const mark = needsYou(notification) ? '!' : readAtMs === null ? '*' : ' ';
  const lines = [`${mark} ${new Date(atMs).toISOString()}  ${title}`, ...(detail === '' ? [] : [`    ${detail}`])];
  return lines.map(cleanLine);
}
