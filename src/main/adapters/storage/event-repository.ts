// What happened, for the user to read: bounded, newest first.
import type { ProgramEvent } from '../../../shared/api/app-info.js';
import type { Page } from '../../../shared/run.js';
import type { Database, Statement } from './database.js';

/** Older events are dropped. */
const KEEP_EVENTS = 20_000;

interface EventRow {
  id: number;
  at_ms: number;
  kind: string;
  subject_id: string | null;
  message: string;
}

export class EventRepository {
  private readonly insert: Statement<Omit<EventRow, 'id'>, { id: number }>;
  private readonly prune: Statement<{ upTo: number }, never>;
  private readonly select: Statement<{ limit: number; offset: number }, EventRow>;
  private readonly count: Statement<object, { total: number }>;

  constructor(private readonly database: Database) {
    this.insert = database.prepare(
      'INSERT INTO events (at_ms, kind, subject_id, message) VALUES (@at_ms, @kind, @subject_id, @message) RETURNING id',
    );
    this.prune = database.prepare('DELETE FROM events WHERE id <= @upTo');
    this.select = database.prepare('SELECT * FROM events ORDER BY id DESC LIMIT @limit OFFSET @offset');
    this.count = database.prepare('SELECT COUNT(*) AS total FROM events');
  }

  append(event: Omit<ProgramEvent, 'id'>): ProgramEvent {
    return this.database.transaction(() => {
      const { atMs, kind, subjectId, message } = event;
      const row = this.insert.get({ at_ms: Math.round(atMs), kind, subject_id: subjectId, message });
      if (!row) throw new Error('The database gave no id to an event');
      this.prune.run({ upTo: row.id - KEEP_EVENTS });
      return { id: row.id, ...event };
    });
  }

  page(input: { offset: number; limit: number }): Page<ProgramEvent> {
    const items = this.select.all(input).map((row) => ({
      id: row.id,
      atMs: row.at_ms,
      kind: row.kind,
      subjectId: row.subject_id,
      message: row.message,
    }));
    return { items, total: this.count.get({})?.total ?? 0 };
  }
}
