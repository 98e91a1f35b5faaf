// Notifications, newest first: bounded in age and number.
import { z } from 'zod';
import {
  NOTIFICATION_KINDS,
  isCondition,
  isOfSuccess,
  type Notice,
  type Notification,
  type NotificationSubject,
} from '../../../shared/notification.js';
import { column, Columns, instant, parsed, type RawRow, type Row } from './columns.js';
import type { Database, RawStatement, Statement } from './database.js';
import { insertSql } from './insert-sql.js';

const NOTICE = new Columns<Notice & { atMs: number }>({
  key: column('key'),
  kind: parsed('kind', z.enum(NOTIFICATION_KINDS)),
  subject: new Columns<NotificationSubject>({ kind: column('subject_kind'), id: column('subject_id'), name: column('subject_name') }),
  title: column('title'),
  detail: column('detail'),
  workedMs: instant<number | null>('worked_ms'),
  atMs: instant('at_ms'),
});
const STORED = new Columns<Pick<Notification, 'id' | 'readAtMs' | 'overAtMs'>>({
  id: column('id'),
  readAtMs: instant<number | null>('read_at_ms'),
  overAtMs: instant<number | null>('over_at_ms'),
}).and(NOTICE);

const listed = (holds: (kind: Notification['kind']) => boolean): string =>
  NOTIFICATION_KINDS.filter(holds)
    .map((kind) => `'${kind}'`)
    .join(', ');
/** As `needsYou` of shared/notification.ts. */
const NEEDS_YOU = `over_at_ms IS NULL AND (kind IN (${listed(isCondition)})
  OR read_at_ms IS NULL AND kind NOT IN (${listed((kind) => isOfSuccess(kind) || isCondition(kind))}))`;

export class NotificationRepository {
  readonly #database: Database;
  readonly #keepSince: Statement<{ nowMs: number }, never>;
  readonly #since: Statement<object, { sinceMs: number }>;
  readonly #insert: Statement<Row, never>;
  readonly #find: Statement<{ key: string; isOpenOnly: number }, { id: number }>;
  readonly #select: RawStatement<{ unreadOnly: number; limit: number }, RawRow>;
  readonly #selectOpen: RawStatement<object, RawRow>;
  readonly #count: Statement<object, { unread: number; needsYou: number }>;
  readonly #read: Statement<{ id: number; nowMs: number }, never>;
  readonly #readAll: Statement<{ nowMs: number }, never>;
  readonly #end: Statement<{ id: number; nowMs: number }, never>;
  readonly #prune: Statement<{ beforeMs: number; keep: number }, never>;

  constructor(database: Database) {
    this.#database = database;
    this.#keepSince = database.prepare('INSERT INTO notification_watch (id, since_ms) VALUES (1, @nowMs) ON CONFLICT DO NOTHING');
    this.#since = database.prepare('SELECT since_ms AS sinceMs FROM notification_watch');
    this.#insert = database.prepare(insertSql('notifications', NOTICE.names));
    this.#find = database.prepare(
      'SELECT id FROM notifications WHERE key = @key AND (@isOpenOnly = 0 OR over_at_ms IS NULL) ORDER BY id DESC LIMIT 1',
    );
    this.#select = database.prepareRaw(
      `SELECT ${STORED.list()} FROM notifications WHERE @unreadOnly = 0 OR read_at_ms IS NULL ORDER BY id DESC LIMIT @limit`,
    );
    this.#selectOpen = database.prepareRaw(
      `SELECT ${STORED.list()} FROM notifications WHERE over_at_ms IS NULL AND kind IN (${listed(isCondition)}) ORDER BY id`,
    );
    this.#count = database.prepare(
      `SELECT COALESCE(SUM(read_at_ms IS NULL), 0) AS unread, COALESCE(SUM(${NEEDS_YOU}), 0) AS needsYou FROM notifications`,
    );
    this.#read = database.prepare('UPDATE notifications SET read_at_ms = @nowMs WHERE id = @id AND read_at_ms IS NULL');
    this.#readAll = database.prepare('UPDATE notifications SET read_at_ms = @nowMs WHERE read_at_ms IS NULL');
    this.#end = database.prepare('UPDATE notifications SET over_at_ms = @nowMs WHERE id = @id');
    this.#prune = database.prepare(
      `DELETE FROM notifications WHERE at_ms < @beforeMs
         OR id <= (SELECT id FROM notifications ORDER BY id DESC LIMIT 1 OFFSET @keep)`,
    );
  }

  /** Since when things are news in this data folder, epoch ms: from the first call on. */
  since(nowMs: number): number {
    this.#keepSince.run({ nowMs });
    return this.#since.get({})?.sinceMs ?? nowMs;
  }

  /** False where it is known: of a condition while it lasts, of anything else ever. */
  add(notice: Notice, atMs: number): boolean {
    return this.#database.transaction(() => {
      if (this.#find.get({ key: notice.key, isOpenOnly: isCondition(notice.kind) ? 1 : 0 })) return false;
      this.#insert.run(NOTICE.toRow({ ...notice, atMs }));
      return true;
    });
  }

  /** Newest first. */
  list({ unreadOnly, limit }: { unreadOnly: boolean; limit: number }): Notification[] {
    return this.#select.all({ unreadOnly: unreadOnly ? 1 : 0, limit }).map((row) => STORED.read(row));
  }

  /** Conditions that last, oldest first. */
  lasting(): Notification[] {
    return this.#selectOpen.all({}).map((row) => STORED.read(row));
  }

  counts(): { unread: number; needsYou: number } {
    return this.#count.get({}) ?? { unread: 0, needsYou: 0 };
  }

  markRead(ids: readonly number[], nowMs: number): void {
    this.#database.transaction(() => {
      for (const id of ids) this.#read.run({ id, nowMs });
    });
  }

  markAllRead(nowMs: number): void {
    this.#readAll.run({ nowMs });
  }

  /** What needed someone is so no longer. */
  end(id: number, nowMs: number): void {
    this.#end.run({ id, nowMs });
  }

  /** Forgets those of before an instant, and all but so many. */
  prune(beforeMs: number, keep: number): void {
    this.#prune.run({ beforeMs, keep });
  }
}
