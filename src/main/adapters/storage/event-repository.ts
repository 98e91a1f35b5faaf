// What happened, for the user to read: bounded, newest first.
import type { ProgramEvent } from '../../../shared/api/app-info.js';
import type { Page } from '../../../shared/run.js';
import { column, Columns, instant, type RawRow, type Row } from './columns.js';
import type { Database, RawStatement, Statement } from './database.js';
import { insertSql } from './insert-sql.js';

/** Older events are dropped. */
const KEEP_EVENTS = 20_000;

const EVENT = new Columns<Omit<ProgramEvent, 'id'>>({
  atMs: instant('at_ms'),
  kind: column('kind'),
  subjectId: column('subject_id'),
  message: column('message'),
});
const STORED = new Columns<Pick<ProgramEvent, 'id'>>({ id: column('id') }).and(EVENT);

export class EventRepository {
  private readonly insert: Statement<Row, { id: number }>;
  private readonly prune: Statement<{ upTo: number }, never>;
  private readonly select: RawStatement<{ limit: number; offset: number }, RawRow>;
  private readonly selectNewest: RawStatement<{ kinds: string }, RawRow>;
  private readonly count: Statement<object, { total: number }>;

  constructor(private readonly database: Database) {
    this.insert = database.prepare(`${insertSql('events', EVENT.names)} RETURNING id`);
    this.prune = database.prepare('DELETE FROM events WHERE id <= @upTo');
    this.select = database.prepareRaw(`SELECT ${STORED.list()} FROM events ORDER BY id DESC LIMIT @limit OFFSET @offset`);
    this.selectNewest = database.prepareRaw(
      `SELECT ${STORED.list()} FROM events WHERE id IN
         (SELECT MAX(id) FROM events WHERE kind IN (SELECT value FROM json_each(@kinds)) AND subject_id IS NOT NULL GROUP BY subject_id)`,
    );
    this.count = database.prepare('SELECT COUNT(*) AS total FROM events');
  }

  append(event: Omit<ProgramEvent, 'id'>): ProgramEvent {
    return this.database.transaction(() => {
      const row = this.insert.get(EVENT.toRow(event));
      if (!row) throw new Error('The database gave no id to an event');
      this.prune.run({ upTo: row.id - KEEP_EVENTS });
      return { id: row.id, ...event };
    });
  }

  /** Of each subject the newest event of these kinds, by the subject's id. */
  newestBySubject(kinds: readonly string[]): Map<string, ProgramEvent> {
    const rows = this.selectNewest.all({ kinds: JSON.stringify(kinds) }).map((row) => STORED.read(row));
    return new Map(rows.map((event) => [event.subjectId ?? '', event]));
  }

  page(input: { offset: number; limit: number }): Page<ProgramEvent> {
    const items = this.select.all(input).map((row) => STORED.read(row));
    return { items, total: this.count.get({})?.total ?? 0 };
  }
}
