// The host keys the program trusts: one for each address.
import { AppError } from '../../../shared/errors.js';
import { column, Columns, instant, type RawRow, type Row } from './columns.js';
import type { Database, RawStatement, Statement } from './database.js';
import { insertSql, upsertSql } from './insert-sql.js';

export interface RecordedHostKey {
  host: string;
  port: number;
  keyType: string;
  /** `SHA256:...` as OpenSSH prints it. */
  fingerprint: string;
  keyBase64: string;
  nodeId: string | null;
  /** Who said that it may be trusted, in words. */
  source: string;
  atMs: number;
}

/** Host names are compared without case, as DNS does. */
function normaliseHost(host: string): string {
  return host.toLowerCase();
}

const ADDRESS = new Columns<Pick<RecordedHostKey, 'host' | 'port'>>({ host: column('host'), port: column('port') });
const KEY = new Columns<Omit<RecordedHostKey, 'host' | 'port'>>({
  keyType: column('key_type'),
  fingerprint: column('fingerprint'),
  keyBase64: column('key_base64'),
  nodeId: column('node_id'),
  source: column('source'),
  atMs: instant('recorded_at_ms'),
});
const RECORD = ADDRESS.and(KEY);

function toRow(key: RecordedHostKey): Row {
  return RECORD.toRow({ ...key, host: normaliseHost(key.host) });
}

export class HostKeyRepository {
  private readonly select: RawStatement<{ host: string; port: number }, RawRow>;
  private readonly selectFingerprints: Statement<object, { fingerprint: string }>;
  private readonly insert: Statement<Row, never>;
  private readonly upsert: Statement<Row, never>;
  private readonly delete: Statement<{ host: string; port: number }, never>;

  constructor(private readonly database: Database) {
    this.select = database.prepareRaw(`SELECT ${RECORD.list()} FROM host_keys WHERE host = @host AND port = @port`);
    this.selectFingerprints = database.prepare('SELECT fingerprint FROM host_keys');
    this.insert = database.prepare(insertSql('host_keys', RECORD.names));
    this.upsert = database.prepare(upsertSql('host_keys', ADDRESS.names, KEY.names));
    this.delete = database.prepare('DELETE FROM host_keys WHERE host = @host AND port = @port');
  }

  find(host: string, port: number): RecordedHostKey | null {
    const row = this.select.get({ host: normaliseHost(host), port });
    return row ? RECORD.read(row) : null;
  }

  /** Of every key that is trusted. */
  fingerprints(): string[] {
    return this.selectFingerprints.all({}).map(({ fingerprint }) => fingerprint);
  }

  /** Records a first key. Throws `host-key-changed` when the address has another one on record; the same key again changes nothing. */
  record(key: RecordedHostKey): void {
    this.database.transaction(() => {
      const known = this.find(key.host, key.port);
      if (!known) {
        this.insert.run(toRow(key));
      } else if (known.keyBase64 !== key.keyBase64) {
        throw new AppError(
          'host-key-changed',
          `${key.host} port ${key.port} has the key ${known.fingerprint} on record, not ${key.fingerprint}`,
          'Find out why the key changed before you replace it.',
        );
      }
    });
  }

  /** Puts a key in the place of whatever was on record. */
  replace(key: RecordedHostKey): void {
    this.upsert.run(toRow(key));
  }

  remove(host: string, port: number): boolean {
    return this.delete.run({ host: normaliseHost(host), port }) > 0;
  }
}
