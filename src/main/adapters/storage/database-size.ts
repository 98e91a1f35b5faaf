import { statSync } from 'node:fs';
import { join } from 'node:path';
import { DATABASE_FILE_NAME } from './open-database.js';

/** What the database takes on the disk: what was written last is only in its write-ahead log. 0 where there is none. */
export function databaseBytesAt(dataDir: string): number {
  const path = join(dataDir, DATABASE_FILE_NAME);
  return ['', '-wal'].reduce((sum, ending) => sum + (statSync(`${path}${ending}`, { throwIfNoEntry: false })?.size ?? 0), 0);
}
