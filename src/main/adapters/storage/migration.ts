/** One step forward of the schema. A published migration is never edited: a change is the next number. */
export interface Migration {
  /** Position in the ordered list, from 1; `user_version` after it has run. */
  version: number;
  name: string;
  sql: string;
}
