// Environments that runs, series, trainings and studies were made in, what was made again, and what came from another machine.
import { type Environment, environmentSchema, type ImportedFrom, type RecordKind, type RecordRef } from '../../../shared/record.js';
import { column, Columns, instant, json, type RawRow, type Row } from './columns.js';
import type { Database, RawStatement, Statement } from './database.js';
import { insertSql, upsertSql } from './insert-sql.js';

const ENVIRONMENT = new Columns<{ environment: Environment }>({ environment: json('environment_json', environmentSchema) });
const ORIGIN = new Columns<ImportedFrom>({
  fromMachine: column('from_machine'),
  exportedAtMs: instant('exported_at_ms'),
  programVersion: column('program_version'),
});
const OF = 'kind = @kind AND id = @id';

/** For the repositories of what may have been imported: `originOf(id)`, null of what was made here. */
export function prepareOriginOf(database: Database, kind: RecordKind): (id: string) => ImportedFrom | null {
  const select: RawStatement<{ kind: string; id: string }, RawRow> = database.prepareRaw(
    `SELECT ${ORIGIN.list()} FROM record_origins WHERE ${OF}`,
  );
  return (id) => {
    const row = select.get({ kind, id });
    return row ? ORIGIN.read(row) : null;
  };
}

export class RecordRepository {
  readonly #upsert: Statement<Row, never>;
  readonly #select: RawStatement<Row, RawRow>;
  readonly #insertOrigin: Statement<Row, never>;
  readonly #selectOrigin: RawStatement<Row, RawRow>;
  readonly #insertReproduction: Statement<Row, never>;
  readonly #selectOriginal: Statement<Row, { original_id: string }>;
  readonly #selectReproductions: Statement<Row, { id: string }>;

  constructor(database: Database) {
    this.#upsert = database.prepare(upsertSql('environment_records', ['kind', 'id'], ENVIRONMENT.names));
    this.#select = database.prepareRaw(`SELECT ${ENVIRONMENT.list()} FROM environment_records WHERE ${OF}`);
    this.#insertOrigin = database.prepare(insertSql('record_origins', ['kind', 'id', ...ORIGIN.names, 'imported_at_ms']));
    this.#selectOrigin = database.prepareRaw(`SELECT ${ORIGIN.list()} FROM record_origins WHERE ${OF}`);
    this.#insertReproduction = database.prepare(upsertSql('reproductions', ['kind', 'id'], ['original_id']));
    this.#selectOriginal = database.prepare(`SELECT original_id FROM reproductions WHERE ${OF}`);
    this.#selectReproductions = database.prepare('SELECT id FROM reproductions WHERE kind = @kind AND original_id = @id ORDER BY id');
  }

  keepEnvironment({ kind, id }: RecordRef, environment: Environment): void {
    this.#upsert.run({ kind, id, ...ENVIRONMENT.toRow({ environment }) });
  }

  /** Null of one that was started by an earlier version. */
  environmentOf({ kind, id }: RecordRef): Environment | null {
    const row = this.#select.get({ kind, id });
    return row ? ENVIRONMENT.read(row).environment : null;
  }

  addOrigin({ kind, id }: RecordRef, origin: ImportedFrom, importedAtMs: number): void {
    this.#insertOrigin.run({ kind, id, ...ORIGIN.toRow(origin), imported_at_ms: importedAtMs });
  }

  /** Null of what was made here. */
  originOf({ kind, id }: RecordRef): ImportedFrom | null {
    const row = this.#selectOrigin.get({ kind, id });
    return row ? ORIGIN.read(row) : null;
  }

  addReproduction({ kind, id }: RecordRef, originalId: string): void {
    this.#insertReproduction.run({ kind, id, original_id: originalId });
  }

  /** Of which it was made again; null where it was not. */
  originalOf({ kind, id }: RecordRef): string | null {
    return this.#selectOriginal.get({ kind, id })?.original_id ?? null;
  }

  reproductionsOf({ kind, id }: RecordRef): string[] {
    return this.#selectReproductions.all({ kind, id }).map((row) => row.id);
  }
}
