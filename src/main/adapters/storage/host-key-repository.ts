// The host keys the program trusts: one for each address.
import { AppError } from '../../../shared/errors.js';
import type { Database, Statement } from './database.js';
import { insertSql, upsertSql } from './insert-sql.js';
import { wholeMs } from './whole-ms.js';

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

interface HostKeyRow {
  host: string;
  port: number;
  key_type: string;
  fingerprint: string;
  key_base64: string;
  node_id: string | null;
  source: string;
  recorded_at_ms: number;
}

const KEYS = ['host', 'port'] as const;
const OTHERS = ['key_type', 'fingerprint', 'key_base64', 'node_id', 'source', 'recorded_at_ms'] as const;

/** Host names are compared without case, as DNS does. */
function normaliseHost(host: string): string {
  return host.toLowerCase();
}

function toRow(key: RecordedHostKey): HostKeyRow {
  return {
    host: normaliseHost(key.host),
    port: key.port,
    key_type: key.keyType,
    fingerprint: key.fingerprint,
    key_base64: key.keyBase64,
    node_id: key.nodeId,
    source: key.source,
    recorded_at_ms: wholeMs(key.atMs),
  };
}

function fromRow(row: HostKeyRow): RecordedHostKey {
  return {
    host: row.host,
    port: row.port,
    keyType: row.key_type,
    fingerprint: row.fingerprint,
    keyBase64: row.key_base64,
    nodeId: row.node_id,
    source: row.source,
    atMs: row.recorded_at_ms,
  };
}

export class HostKeyRepository {
  private readonly select: Statement<{ host: string; port: number }, HostKeyRow>;
  private readonly insert: Statement<HostKeyRow, never>;
  private readonly upsert: Statement<HostKeyRow, never>;
  private readonly delete: Statement<{ host: string; port: number }, never>;

  constructor(private readonly database: Database) {
    this.select = database.prepare('SELECT * FROM host_keys WHERE host = @host AND port = @port');
    this.insert = database.prepare(insertSql('host_keys', [...KEYS, ...OTHERS]));
    this.upsert = database.prepare(upsertSql('host_keys', KEYS, OTHERS));
    this.delete = database.prepare('DELETE FROM host_keys WHERE host = @host AND port = @port');
  }

  find(host: string, port: number): RecordedHostKey | null {
    const row = this.select.get({ host: normaliseHost(host), port });
    return row ? fromRow(row) : null;
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
