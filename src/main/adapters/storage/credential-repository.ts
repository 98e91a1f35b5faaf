// Which secrets of nodes and key files are kept and where; never a secret. What is kept for the session alone has no row.
import type { SecretHolder, SecretKind } from '../../../shared/credentials.js';
import { column, Columns, instant, type RawRow, type Row } from './columns.js';
import type { Database, RawStatement, Statement } from './database.js';
import { upsertSql } from './insert-sql.js';

export interface CredentialRecord {
  kind: Exclude<SecretKind, 'token'>;
  /** Id of a node, or absolute path of a key file. */
  subject: string;
  holder: Exclude<SecretHolder, 'session'>;
  storedAtMs: number;
}

type Key = Pick<CredentialRecord, 'kind' | 'subject'>;

const KEY = new Columns<Key>({ kind: column('kind'), subject: column('subject') });
const KEPT = new Columns<Omit<CredentialRecord, keyof Key>>({ holder: column('holder'), storedAtMs: instant('stored_at_ms') });
const RECORD = KEY.and(KEPT);

export class CredentialRepository {
  private readonly upsert: Statement<Row, never>;
  private readonly selectAll: RawStatement<object, RawRow>;
  private readonly selectOne: RawStatement<Key, RawRow>;
  private readonly deleteOne: Statement<Key, never>;

  constructor(database: Database) {
    this.upsert = database.prepare(upsertSql('credentials', KEY.names, KEPT.names));
    this.selectAll = database.prepareRaw(`SELECT ${RECORD.list()} FROM credentials ORDER BY kind, subject`);
    this.selectOne = database.prepareRaw(`SELECT ${RECORD.list()} FROM credentials WHERE kind = @kind AND subject = @subject`);
    this.deleteOne = database.prepare('DELETE FROM credentials WHERE kind = @kind AND subject = @subject');
  }

  save(record: CredentialRecord): void {
    this.upsert.run(RECORD.toRow(record));
  }

  find({ kind, subject }: Key): CredentialRecord | null {
    const row = this.selectOne.get({ kind, subject });
    return row ? RECORD.read(row) : null;
  }

  list(): CredentialRecord[] {
    return this.selectAll.all({}).map((row) => RECORD.read(row));
  }

  remove({ kind, subject }: Key): void {
    this.deleteOne.run({ kind, subject });
  }
}
