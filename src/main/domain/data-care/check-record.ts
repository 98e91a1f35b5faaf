// The report of the last check, as a file beside the database: a damaged database must not keep what is known of it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeDurablyNow } from '../../../durable-file/write-durably.js';
import { type DataCheckReport, dataCheckReportSchema } from '../../../shared/data-care.js';

const FILE_NAME = 'last-check.json';

/** Null when none was made, or its file can't be understood. */
export function readLastCheck(dataDir: string): DataCheckReport | null {
  try {
    return dataCheckReportSchema.parse(JSON.parse(readFileSync(join(dataDir, FILE_NAME), 'utf8')));
  } catch {
    return null;
  }
}

/** A disk that takes nothing more keeps the older report. */
export function writeLastCheck(dataDir: string, report: DataCheckReport): void {
  try {
    writeDurablyNow(join(dataDir, FILE_NAME), JSON.stringify(report));
  } catch {
    // The report was given to anyone who asked for it; only the next start does not know of it.
  }
}
