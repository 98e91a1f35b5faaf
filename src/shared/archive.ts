// Archives: runs, series, trainings and studies in one file that another machine can import.
import { z } from 'zod';
import type { RecordKind, RecordRef } from './record.js';

/** To be raised with every change that an older program would read wrongly. */
export const ARCHIVE_SCHEMA_VERSION = 1;

export const ARCHIVE_FORMAT = 'dedgeai-archive';

/** An entry's name in the archive: none leads out of a folder, since only these are known. */
export const ENTRY_NAME =
  /^(?:(?:runs|series|trainings|studies)\/[a-z0-9][a-z0-9-]{0,79}\.json|trainings\/[a-z0-9][a-z0-9-]{0,79}\.checkpoint|images\/[0-9a-f]{64}\.(?:png|jpg)|pictures\/[0-9a-f]{64})$/;

const archivedItemSchema = z.object({
  kind: z.enum(['run', 'series', 'training', 'study']),
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,79}$/, 'An id has lower-case letters, digits and hyphens'),
  name: z.string().max(400),
});

export const archiveManifestSchema = z.object({
  format: z.literal(ARCHIVE_FORMAT),
  schemaVersion: z.literal(ARCHIVE_SCHEMA_VERSION),
  programVersion: z.string().max(100),
  exportedAtMs: z.number().min(0),
  /** As the exporting person named it. */
  fromMachine: z.string().max(100).nullable(),
  /** What it is made of; a series comes with its runs. */
  items: z.array(archivedItemSchema).min(1).max(20_000),
  /** Models that images were made with, by hash and name: their bytes are not in it. */
  models: z.array(z.object({ sha256: z.string().max(64), name: z.string().max(400).nullable() })).max(1000),
  /** Every entry but the manifest. */
  entries: z
    .array(
      z.object({
        name: z.string().regex(ENTRY_NAME, 'This is no name of an entry of an archive'),
        sizeBytes: z.int().min(0),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
      }),
    )
    .max(2_000_000),
});
export type ArchiveManifest = z.infer<typeof archiveManifestSchema>;

/** What an archive says of itself. */
export interface ArchiveDescription extends Pick<
  ArchiveManifest,
  'programVersion' | 'exportedAtMs' | 'fromMachine' | 'models' | 'schemaVersion'
> {
  items: (RecordRef & { name: string })[];
  imageCount: number;
  /** Of all entries, unpacked. */
  sizeBytes: number;
}

const outcomeItem = z.object({ kind: z.enum(['run', 'series', 'training', 'study']), id: z.string(), name: z.string() });
export const archiveOutcomeSchema = z.object({
  /** What came in. */
  imported: z.array(outcomeItem),
  /** What was here already, the same. */
  present: z.array(outcomeItem),
  /** What can't come in, and why. */
  refused: z.array(outcomeItem.extend({ reason: z.string() })),
  imageCount: z.number(),
});
export type ArchiveOutcome = z.infer<typeof archiveOutcomeSchema>;

/** An archive that was written. */
export const writtenArchiveSchema = z.object({
  path: z.string(),
  fileName: z.string(),
  sizeBytes: z.number(),
  items: z.array(outcomeItem),
});
export type WrittenArchive = z.infer<typeof writtenArchiveSchema>;

const FOLDERS: Record<RecordKind, string> = { run: 'runs', series: 'series', training: 'trainings', study: 'studies' };

/** `runs/run-abc.json` */
export function entryNameOf({ kind, id }: RecordRef): string {
  return `${FOLDERS[kind]}/${id}.json`;
}
