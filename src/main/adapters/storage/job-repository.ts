// The life of every job in one table. What a kind keeps in tables of its own goes by triggers when its job goes, and the other way round.
import { z } from 'zod';
import { errorShapeSchema } from '../../../shared/error-shape-schema.js';
import { type JobKind, jobLogLineSchema, type JobSubject } from '../../../shared/job.js';
import type { JobHead, JobStore, StoredJob } from '../../domain/jobs/job-store.js';
import type { Database, Statement } from './database.js';
import { upsertSql } from './insert-sql.js';
import { wholeMs } from './whole-ms.js';

interface HeadRow {
  id: string;
  kind: JobKind;
  title: string;
  subject_kind: JobSubject['kind'];
  subject_id: string | null;
  subject_name: string;
  state: JobHead['state'];
  outcome: string | null;
  error_json: string | null;
  created_at_ms: number;
  started_at_ms: number | null;
  finished_at_ms: number | null;
}

interface JobRow extends HeadRow {
  detail_json: string | null;
  log_json: string;
}

const logSchema = z.array(jobLogLineSchema);
const HEAD_COLUMNS = [
  ...['kind', 'title', 'subject_kind', 'subject_id', 'subject_name', 'state', 'outcome', 'error_json'],
  ...['created_at_ms', 'started_at_ms', 'finished_at_ms'],
];

export class JobRepository implements JobStore {
  readonly #database: Database;
  readonly #upsert: Statement<JobRow, never>;
  readonly #selectOne: Statement<{ id: string }, JobRow>;
  readonly #selectKind: Statement<{ kind: JobKind }, HeadRow>;
  readonly #delete: Statement<{ id: string }, never>;

  constructor(database: Database) {
    this.#database = database;
    this.#upsert = database.prepare(upsertSql('jobs', ['id'], [...HEAD_COLUMNS, 'detail_json', 'log_json']));
    this.#selectOne = database.prepare('SELECT * FROM jobs WHERE id = @id');
    this.#selectKind = database.prepare(
      `SELECT id, ${HEAD_COLUMNS.join(', ')} FROM jobs WHERE kind = @kind ORDER BY created_at_ms DESC, rowid DESC`,
    );
    this.#delete = database.prepare('DELETE FROM jobs WHERE id = @id');
  }

  save(job: StoredJob): void {
    this.#upsert.run({
      id: job.id,
      kind: job.kind,
      title: job.title,
      subject_kind: job.subject.kind,
      subject_id: job.subject.id,
      subject_name: job.subject.name,
      state: job.state,
      outcome: job.outcome,
      error_json: job.error === null ? null : JSON.stringify(job.error),
      created_at_ms: wholeMs(job.createdAtMs),
      started_at_ms: wholeMs(job.startedAtMs),
      finished_at_ms: wholeMs(job.finishedAtMs),
      detail_json: job.detail === null ? null : JSON.stringify(job.detail),
      log_json: JSON.stringify(job.log),
    });
  }

  get(id: string): StoredJob | null {
    const row = this.#selectOne.get({ id });
    if (!row) return null;
    const detail = row.detail_json === null ? null : (JSON.parse(row.detail_json) as unknown);
    return { ...toHead(row), detail, log: logSchema.parse(JSON.parse(row.log_json)) };
  }

  list(kind: JobKind): JobHead[] {
    return this.#selectKind.all({ kind }).map(toHead);
  }

  delete(ids: readonly string[]): void {
    this.#database.transaction(() => {
      for (const id of ids) this.#delete.run({ id });
    });
  }
}

function toHead(row: HeadRow): JobHead {
  return {
    id: row.id,
    kind: row.kind,
    title: row.title,
    subject: { kind: row.subject_kind, id: row.subject_id, name: row.subject_name },
    state: row.state,
    outcome: row.outcome,
    error: row.error_json === null ? null : errorShapeSchema.parse(JSON.parse(row.error_json)),
    createdAtMs: row.created_at_ms,
    startedAtMs: row.started_at_ms,
    finishedAtMs: row.finished_at_ms,
  };
}
