/** Instants are whole milliseconds in the database, whatever the clock gives. */
export function wholeMs<T extends number | null>(instantMs: T): T {
  return (instantMs === null ? null : Math.round(instantMs)) as T;
}
