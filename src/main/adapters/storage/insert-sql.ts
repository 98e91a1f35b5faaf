/** `INSERT INTO table (a, b) VALUES (@a, @b)`; the columns are the program's own, never data. */
export function insertSql(table: string, columns: readonly string[]): string {
  return `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map((column) => `@${column}`).join(', ')})`;
}

/** An INSERT that replaces the other columns where a row of the same key is there already. */
export function upsertSql(table: string, keys: readonly string[], others: readonly string[]): string {
  const changes = others.map((column) => `${column} = excluded.${column}`).join(', ');
  return `${insertSql(table, [...keys, ...others])} ON CONFLICT (${keys.join(', ')}) DO UPDATE SET ${changes}`;
}
