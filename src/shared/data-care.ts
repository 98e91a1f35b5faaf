// The data folder's health: backups of the database, checks of everything in the folder, images that are damaged.
import { z } from 'zod';
import type { ArchiveOutcome, WrittenArchive } from './archive.js';
import type { AppErrorShape } from './errors.js';
import type { WrittenImages } from './written-images-schema.js';
import type { JobState } from './job.js';

export const BACKUP_KINDS = ['daily', 'manual', 'before-migration'] as const;
export type BackupKind = (typeof BACKUP_KINDS)[number];

export const BACKUP_KIND_TITLES: Record<BackupKind, string> = {
  daily: 'Daily',
  manual: 'On demand',
  'before-migration': 'Before a new version',
};

export interface BackupFile {
  fileName: string;
  /** Absolute. */
  path: string;
  kind: BackupKind;
  madeAtMs: number;
  sizeBytes: number;
}

export const damagedImageSchema = z.object({
  sha256: z.string(),
  /** `missing`: no file; `damaged`: its bytes are not those that were stored. */
  state: z.enum(['missing', 'damaged']),
  /** What was found, in words. */
  detail: z.string(),
});
export type DamagedImage = z.infer<typeof damagedImageSchema>;

/** What is known of one image: as it was stored, or not, and what was made in its place. */
export interface ImageCondition {
  sha256: string;
  state: DamagedImage['state'] | 'sound';
  detail: string;
  /** Another image of the same prompt, seed and steps, made after the first was lost; no figure is of it. */
  remade: { sha256: string; nodeName: string; madeAtMs: number } | null;
  /** Why a lost image can't be made again now; null where it can, or is not lost. */
  obstacle: string | null;
}

/** Named at most, of each kind of finding; the counts are of all. */
export const MAX_FINDINGS = 1000;

const filesSchema = z.object({
  checked: z.number(),
  checkedBytes: z.number(),
  missing: z.number(),
  damaged: z.number(),
  list: z.array(damagedImageSchema),
});

const findingsSchema = z.object({ count: z.number(), examples: z.array(z.string()) });

export const dataCheckReportSchema = z.object({
  startedAtMs: z.number(),
  finishedAtMs: z.number(),
  databaseBytes: z.number(),
  schemaVersion: z.number().nullable(),
  /** What `integrity_check` says; empty when all is well. */
  integrity: findingsSchema,
  foreignKeys: findingsSchema,
  images: filesSchema,
  /** What image-to-image starts from. Reports of versions before did not look. */
  pictures: filesSchema.default({ checked: 0, checkedBytes: 0, missing: 0, damaged: 0, list: [] }),
  /** Succeeded tasks without an image on record. */
  tasksWithoutImage: findingsSchema,
  /** Image files that no task has: harmless, they only take room. */
  orphans: z.object({ count: z.number(), bytes: z.number(), examples: z.array(z.string()) }),
  /** Made again by themselves when they are looked at. */
  missingThumbnails: z.number(),
});
export type DataCheckReport = z.infer<typeof dataCheckReportSchema>;

export type DataVerdict = 'sound' | 'images-damaged' | 'database-damaged';

export function assessDataCheck(report: DataCheckReport): DataVerdict {
  if (report.integrity.count + report.foreignKeys.count > 0) return 'database-damaged';
  const { images, pictures, tasksWithoutImage } = report;
  const lost = images.missing + images.damaged + pictures.missing + pictures.damaged;
  return lost + tasksWithoutImage.count > 0 ? 'images-damaged' : 'sound';
}

export const dataProgressSchema = z.object({
  /** What is being done, in words. */
  phase: z.string(),
  done: z.number(),
  /** Null while it is not known. */
  total: z.number().nullable(),
});
export type DataProgress = z.infer<typeof dataProgressSchema>;

/** Long work on the data folder; one at a time. */
export interface DataJob {
  id: string;
  kind: 'check' | 'backup' | 'remake' | 'repair' | 'archive-export' | 'archive-import' | 'image-export';
  state: JobState;
  progress: DataProgress | null;
  /** What came of it, in words. */
  outcome: string | null;
  /** Of an export or an import that is done. */
  written: WrittenArchive | null;
  taken: ArchiveOutcome | null;
  /** Of an export of images that is done. */
  images: WrittenImages | null;
  error: AppErrorShape | null;
  startedAtMs: number;
  finishedAtMs: number | null;
}

export interface DataStatus {
  dataDir: string;
  databaseBytes: number;
  imagesOnRecord: number;
  freeBytes: number | null;
  /** What the file system of the folder holds in all; null where it does not say. */
  totalBytes: number | null;
  /** Of this program's version: what it writes and can read. */
  schemaVersion: number;
  lastCheck: DataCheckReport | null;
  /** Newest first. */
  backups: BackupFile[];
  /** Running, or the last one since the program started. */
  job: DataJob | null;
  /** Put back when the program starts the next time; null where none is. */
  restoreAtNextStart: string | null;
  damagedImages: DamagedImage[];
  /** Input pictures that the last check found lost and that were not copied back since. */
  damagedPictures: DamagedImage[];
}

/** What a restore did. */
export interface RestoreOutcome {
  restoredFrom: string;
  /** Folder with the files that were there before; null where there were none. */
  keptAside: string | null;
  schemaVersion: number;
  runs: number;
}

/** An image that was made once more because its file was lost. */
export interface RemadeImage {
  sha256: string;
  /** `same`: the same bytes; `different`: another image in its place, marked as made again; `failed`: none. */
  result: 'same' | 'different' | 'failed';
  detail: string;
}
