// Which secrets are kept and where; never a secret. What is kept for the session alone has no row.
import type { SecretHolder, SecretKind } from '../../../shared/credentials.js';
import type { Database, Statement } from './database.js';
import { upsertSql } from './insert-sql.js';
import { wholeMs } from './whole-ms.js';

export interface CredentialRecord {
  kind: SecretKind;
  /** Id of a node, or absolute path of a key file. */
  subject: string;
  holder: Exclude<SecretHolder, 'session'>;
  storedAtMs: number;
}

interface CredentialRow {
  kind: SecretKind;
  subject: string;
  holder: CredentialRecord['holder'];
  stored_at_ms: number;
}

type Key = Pick<CredentialRecord, 'kind' | 'subject'>;

export class CredentialRepository {
  private readonly upsert: Statement<CredentialRow, never>;
  private readonly selectAll: Statement<object, CredentialRow>;
  private readonly selectOne: Statement<Key, CredentialRow>;
  private readonly deleteOne: Statement<Key, never>;

  constructor(database: Database) {
    this.upsert = database.prepare(upsertSql('credentials', ['kind', 'subject'], ['holder', 'stored_at_ms']));
    this.selectAll = database.prepare('SELECT * FROM credentials ORDER BY kind, subject');
    this.selectOne = database.prepare('SELECT * FROM credentials WHERE kind = @kind AND subject = @subject');
    this.deleteOne = database.prepare('DELETE FROM credentials WHERE kind = @kind AND subject = @subject');
  }

  save({ kind, subject, holder, storedAtMs }: CredentialRecord): void {
    this.upsert.run({ kind, subject, holder, stored_at_ms: wholeMs(storedAtMs) });
  }

  find({ kind, subject }: Key): CredentialRecord | null {
    const row = this.selectOne.get({ kind, subject });
    return row ? toRecord(row) : null;
  }

  list(): CredentialRecord[] {
    return this.selectAll.all({}).map(toRecord);
  }

  remove({ kind, subject }: Key): void {
    this.deleteOne.run({ kind, subject });
  }
}

function toRecord({ kind, subject, holder, stored_at_ms }: CredentialRow): CredentialRecord {
  return { kind, subject, holder, storedAtMs: stored_at_ms };
}
