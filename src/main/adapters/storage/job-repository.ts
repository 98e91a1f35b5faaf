// The life of every job in one table. What a kind keeps in tables of its own goes by triggers when its job goes, and the other way round.
import { z } from 'zod';
import { errorShapeSchema } from '../../../shared/error-shape-schema.js';
import { type JobKind, type JobSubject } from '../../../shared/job.js';
import { jobLogLineSchema } from '../../../shared/job-log-schema.js';
import type { JobHead, JobStore, StoredJob } from '../../domain/jobs/job-store.js';
import { column, Columns, instant, json, nullableJson, type RawRow, type Row } from './columns.js';
import { notInBin } from './bin.js';
import type { Database, RawStatement, Statement } from './database.js';
import { upsertSql } from './insert-sql.js';

const ID = new Columns<{ id: string }>({ id: column('id') });
const REST = new Columns<Omit<JobHead, 'id'>>({
  kind: column('kind'),
  title: column('title'),
  subject: new Columns<JobSubject>({ kind: column('subject_kind'), id: column('subject_id'), name: column('subject_name') }),
  state: column('state'),
  outcome: column('outcome'),
  error: nullableJson('error_json', errorShapeSchema),
  createdAtMs: instant('created_at_ms'),
  startedAtMs: instant<number | null>('started_at_ms'),
  finishedAtMs: instant<number | null>('finished_at_ms'),
});
const BODY = new Columns<Pick<StoredJob, 'detail' | 'log'>>({
  detail: nullableJson('detail_json', z.unknown()),
  log: json('log_json', z.array(jobLogLineSchema)),
});
const HEAD = ID.and(REST);
const JOB = HEAD.and(BODY);

export class JobRepository implements JobStore {
  readonly #database: Database;
  readonly #upsert: Statement<Row, never>;
  readonly #selectOne: RawStatement<{ id: string }, RawRow>;
  readonly #selectKind: RawStatement<{ kind: JobKind }, RawRow>;
  readonly #delete: Statement<{ id: string }, never>;

  constructor(database: Database) {
    this.#database = database;
    this.#upsert = database.prepare(upsertSql('jobs', ID.names, [...REST.names, ...BODY.names]));
    this.#selectOne = database.prepareRaw(`SELECT ${JOB.list()} FROM jobs WHERE id = @id`);
    this.#selectKind = database.prepareRaw(
      `SELECT ${HEAD.list()} FROM jobs WHERE kind = @kind AND ${notInBin('@kind', 'id')} ORDER BY created_at_ms DESC, rowid DESC`,
    );
    this.#delete = database.prepare('DELETE FROM jobs WHERE id = @id');
  }

  save(job: StoredJob): void {
    this.#upsert.run(JOB.toRow(job));
  }

  get(id: string): StoredJob | null {
    const row = this.#selectOne.get({ id });
    return row ? JOB.read(row) : null;
  }

  /** Newest first, without those in the bin. */
  list(kind: JobKind): JobHead[] {
    return this.#selectKind.all({ kind }).map((row) => HEAD.read(row));
  }

  delete(ids: readonly string[]): void {
    this.#database.transaction(() => {
      for (const id of ids) this.#delete.run({ id });
    });
  }
}
