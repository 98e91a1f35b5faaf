// Which runs and series wait for a time, by id.
import type { PlannedStartStore } from '../../domain/runs/planned-starts.js';
import { column, Columns, instant, type RawRow, type Row } from './columns.js';
import type { Database, RawStatement, Statement } from './database.js';
import { upsertSql } from './insert-sql.js';

const PLANNED = new Columns<{ id: string; startAtMs: number }>({ id: column('id'), startAtMs: instant('start_at_ms') });

export class PlannedStartRepository implements PlannedStartStore {
  readonly #select: RawStatement<object, RawRow>;
  readonly #save: Statement<Row, never>;
  readonly #delete: Statement<{ id: string }, never>;

  constructor(database: Database) {
    this.#select = database.prepareRaw(`SELECT ${PLANNED.list()} FROM planned_starts ORDER BY start_at_ms, id`);
    this.#save = database.prepare(upsertSql('planned_starts', ['id'], ['start_at_ms']));
    this.#delete = database.prepare('DELETE FROM planned_starts WHERE id = @id');
  }

  list(): { id: string; startAtMs: number }[] {
    return this.#select.all({}).map((row) => PLANNED.read(row));
  }

  save(id: string, startAtMs: number): void {
    this.#save.run(PLANNED.toRow({ id, startAtMs }));
  }

  remove(id: string): void {
    this.#delete.run({ id });
  }
}
