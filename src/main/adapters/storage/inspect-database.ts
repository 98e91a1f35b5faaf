// What a database says of itself, read without changing it.
import BetterSqlite3 from 'better-sqlite3';

/** Opens an existing file for reading alone; another program may be writing to it. */
export function openForReading(path: string): BetterSqlite3.Database {
  return new BetterSqlite3(path, { readonly: true, fileMustExist: true, timeout: 5000 });
}

export function readSchemaVersion(connection: BetterSqlite3.Database): number {
  return Number(connection.pragma('user_version', { simple: true }));
}

export function hasTables(connection: BetterSqlite3.Database): boolean {
  return connection.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' LIMIT 1").get() !== undefined;
}

/** What SQLite finds wrong; quick leaves out whether indexes and tables agree. */
export function listIntegrityProblems(
  connection: BetterSqlite3.Database,
  { isQuick, maxProblems }: { isQuick: boolean; maxProblems: number },
): string[] {
  let rows: Record<string, string>[];
  try {
    rows = connection.pragma(`${isQuick ? 'quick_check' : 'integrity_check'}(${maxProblems})`) as Record<string, string>[];
  } catch (thrown) {
    // What an index computes from a damaged row ends the check itself, such as `malformed JSON`.
    if (thrown instanceof BetterSqlite3.SqliteError && thrown.code === 'SQLITE_ERROR') return [thrown.message];
    throw thrown;
  }
  return rows
    .flatMap((row) => Object.values(row))
    .flatMap((text) => text.split('\n'))
    .filter((text) => text !== 'ok' && !text.startsWith('*** in database'));
}

interface ForeignKeyRow {
  table: string;
  rowid: number | null;
  parent: string;
}

export function listForeignKeyProblems(connection: BetterSqlite3.Database): string[] {
  const rows = connection.pragma('foreign_key_check') as ForeignKeyRow[];
  return rows.map(
    ({ table, rowid, parent }) => `A row of ${table}${rowid === null ? '' : ` (${rowid})`} names a row of ${parent} that is not there`,
  );
}
