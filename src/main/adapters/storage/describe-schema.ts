import type { Database } from './database.js';

/** The schema's version and how many rows each table has, for diagnostics. */
export function describeSchema(database: Database): { schemaVersion: number; rows: Record<string, number> } {
  const version = database.prepare<object, { user_version: number }>('SELECT user_version FROM pragma_user_version').get({});
  const tables = database.prepare<object, { name: string }>(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
  );
  const count = (name: string): number =>
    database.prepare<object, { count: number }>(`SELECT COUNT(*) AS count FROM "${name}"`).get({})?.count ?? 0;
  return { schemaVersion: version?.user_version ?? 0, rows: Object.fromEntries(tables.all({}).map(({ name }) => [name, count(name)])) };
}
