// A database that is gone beside what belongs to it: SQLite would make an empty one in its place (and throw its write-ahead log away).
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { listBackups } from './backup-files.js';
import { databaseDamaged } from './storage-errors.js';

/** Throws `database-damaged` where the database is missing or empty, but its images, backups, log or testbeds are not. */
export function refuseLostDatabase(dataDir: string, databasePath: string): void {
  const sizeBytes = statSync(databasePath, { throwIfNoEntry: false })?.size ?? null;
  if (sizeBytes !== null && sizeBytes > 0) return;
  const belongings = listBelongings(dataDir, databasePath);
  if (belongings.length === 0) return;
  const what = sizeBytes === null ? 'is missing' : 'has 0 bytes';
  throw databaseDamaged(dataDir, `${what}, though its ${belongings.join(' and ')} are there; no new one was started beside them`);
}

function listBelongings(dataDir: string, databasePath: string): string[] {
  const hasImages = namesIn(join(dataDir, 'images')).some(
    (name) => /^[0-9a-f]{2}$/.test(name) && namesIn(join(dataDir, 'images', name)).length > 0,
  );
  const hasLog = (statSync(`${databasePath}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
  return [
    ...(hasImages ? ['images'] : []),
    ...(listBackups(dataDir).length > 0 ? ['backups'] : []),
    ...(hasLog ? ['last transactions'] : []),
  ];
}

function namesIn(folder: string): string[] {
  return existsSync(folder) && statSync(folder).isDirectory() ? readdirSync(folder) : [];
}
