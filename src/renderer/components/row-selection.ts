// Rows selected in a table, by key; kept when rows load, leave the screen or are sorted.
export type RowSelection<Row> = ReadonlyMap<string, Row>;

/** With the row in it, or without. */
export function withRow<Row>(selection: RowSelection<Row>, key: string, row: Row, isSelected: boolean): RowSelection<Row> {
  const next = new Map(selection);
  if (isSelected) next.set(key, row);
  else next.delete(key);
  return next;
}

/** With these rows added. */
export function withRows<Row>(selection: RowSelection<Row>, rows: readonly Row[], rowKey: (row: Row) => string): RowSelection<Row> {
  const next = new Map(selection);
  for (const row of rows) next.set(rowKey(row), row);
  return next;
}
