// The backups in a data folder, known by their names: `<instant>-<kind>.sqlite`. Lists them and keeps them to a bound.
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { BackupFile, BackupKind } from '../../../shared/data-care.js';

/** Newest of each kind that are kept, whatever their size; what the user asked for is kept too, to the same bound as the daily ones. */
const KEEP: Record<BackupKind, number> = { daily: 7, manual: 7, 'before-migration': 3 };
/** Of all backups together, in multiples of the newest; small databases may always take FREE_OF_BOUND_BYTES. */
const MAX_TIMES_NEWEST = 10;
const FREE_OF_BOUND_BYTES = 512 * 1024 * 1024;

const NAME = /^(\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}-\d{3}Z)-(daily|manual|before-migration)\.sqlite$/;
/** As the program called them before version 0.2. */
const OLD_NAME = /^dedgeai-schema-\d+-(\d+)\.sqlite$/;

export function backupsFolder(dataDir: string): string {
  return join(dataDir, 'backups');
}

export function makeBackupsFolder(dataDir: string): string {
  const folder = backupsFolder(dataDir);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** Sorts by age and needs no clock to be read: `2026-11-27T10-15-00-000Z-daily.sqlite`. */
export function backupFileName(kind: BackupKind, nowMs: number): string {
  return `${new Date(nowMs).toISOString().replaceAll(/[:.]/g, '-')}-${kind}.sqlite`;
}

/** Newest first; anything else in the folder is passed over. */
export function listBackups(dataDir: string): BackupFile[] {
  return namesIn(backupsFolder(dataDir))
    .flatMap((fileName) => {
      const known = readName(fileName);
      const path = join(backupsFolder(dataDir), fileName);
      const stats = known && statSync(path, { throwIfNoEntry: false });
      return known && stats?.isFile() ? [{ ...known, fileName, path, sizeBytes: stats.size }] : [];
    })
    .sort((a, b) => b.madeAtMs - a.madeAtMs);
}

/** Which of the backups (newest first) are more than is kept. The newest always stays. */
export function backupsToDrop(backups: readonly BackupFile[]): BackupFile[] {
  const counts: Record<BackupKind, number> = { daily: 0, manual: 0, 'before-migration': 0 };
  const [newest] = backups;
  const maxBytes = Math.max(FREE_OF_BOUND_BYTES, (newest?.sizeBytes ?? 0) * MAX_TIMES_NEWEST);
  let bytes = 0;
  return backups.filter((backup) => {
    counts[backup.kind] += 1;
    bytes += backup.sizeBytes;
    return backup !== newest && (counts[backup.kind] > KEEP[backup.kind] || bytes > maxBytes);
  });
}

export function dropOldBackups(dataDir: string): void {
  for (const backup of backupsToDrop(listBackups(dataDir))) rmSync(backup.path, { force: true });
}

function readName(fileName: string): { kind: BackupKind; madeAtMs: number } | null {
  const [, instant, kind] = NAME.exec(fileName) ?? [];
  if (instant !== undefined && kind !== undefined) {
    const madeAtMs = Date.parse(instant.replace(/T(\d\d)-(\d\d)-(\d\d)-(\d{3})Z/, 'T$1:$2:$3.$4Z'));
    return Number.isNaN(madeAtMs) ? null : { kind: kind as BackupKind, madeAtMs };
  }
  const old = OLD_NAME.exec(fileName)?.[1];
  return old === undefined ? null : { kind: 'before-migration', madeAtMs: Number(old) };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
