// Reports as they are composed; their figures are read anew whenever one is shown.
import { storedReportBlocksSchema } from '../../../shared/api/report-inputs.js';
import type { StoredReport } from '../../../shared/report-composition.js';
import { notInBin } from './bin.js';
import { column, Columns, instant, json, type RawRow, type Row } from './columns.js';
import type { Database, RawStatement, Statement } from './database.js';
import { insertSql } from './insert-sql.js';

const REPORT = new Columns<StoredReport>({
  id: column('id'),
  title: column('title'),
  template: column('template'),
  blocks: json('blocks_json', storedReportBlocksSchema),
  revision: column('revision'),
  createdAtMs: instant('created_at_ms'),
  updatedAtMs: instant('updated_at_ms'),
});

export class ReportRepository {
  readonly #insert: Statement<Row, never>;
  readonly #selectAll: RawStatement<object, RawRow>;
  readonly #selectOne: RawStatement<{ id: string }, RawRow>;
  readonly #replace: Statement<Row, never>;
  readonly #delete: Statement<{ id: string }, never>;

  constructor(database: Database) {
    this.#insert = database.prepare(insertSql('reports', REPORT.names));
    this.#selectAll = database.prepareRaw(
      `SELECT ${REPORT.list()} FROM reports WHERE ${notInBin("'report'", 'id')} ORDER BY updated_at_ms DESC, id`,
    );
    this.#selectOne = database.prepareRaw(`SELECT ${REPORT.list()} FROM reports WHERE id = @id`);
    this.#replace = database.prepare(
      `UPDATE reports SET title = @title, blocks_json = @blocks_json, revision = @revision, updated_at_ms = @updated_at_ms
       WHERE id = @id AND revision = @seen_revision`,
    );
    this.#delete = database.prepare('DELETE FROM reports WHERE id = @id');
  }

  add(report: StoredReport): void {
    this.#insert.run(REPORT.toRow(report));
  }

  get(id: string): StoredReport | null {
    const row = this.#selectOne.get({ id });
    return row ? REPORT.read(row) : null;
  }

  /** The one that was changed last comes first; those in the bin are not among them. */
  list(): StoredReport[] {
    return this.#selectAll.all({}).map((row) => REPORT.read(row));
  }

  /** False where the record is no longer at the revision that was seen; nothing is changed then. */
  replace(report: StoredReport, seenRevision: number): boolean {
    const { id, title, blocks_json, revision, updated_at_ms } = REPORT.toRow(report);
    const row = { id, title, blocks_json, revision, updated_at_ms, seen_revision: seenRevision } as Row;
    return this.#replace.run(row) > 0;
  }

  remove(id: string): void {
    this.#delete.run({ id });
  }
}
