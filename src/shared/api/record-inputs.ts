// What the API accepts about records: which one, and which go into an archive.
import { z } from 'zod';
import { RECORD_KINDS } from '../record.js';

const id = z.string().min(1).max(80);

export const recordInput = z.object({ kind: z.enum(RECORD_KINDS), id });

export const reproduceInput = recordInput.extend({
  /** Start it although this machine can't keep the time scale; a run will be invalid. */
  allowOverload: z.boolean().default(false),
});
export type ReproduceInput = z.output<typeof reproduceInput>;

const path = z.string().min(1, 'Name a file').max(4096);

export const exportArchiveInput = z.object({
  records: z.array(recordInput).min(1, 'Name what is to be exported').max(1000),
  /** Absolute; in the data folder, to be downloaded, where absent. */
  path: path.optional(),
  /** What the machine is called for those who import it; nothing is said about it where absent. */
  fromMachine: z.string().trim().min(1).max(100).optional(),
});
export type ExportArchiveInput = z.output<typeof exportArchiveInput>;

/** A file on this machine, or one that was uploaded. */
export const archiveSourceInput = z.union([z.object({ path }), z.object({ uploadId: id })]);
export type ArchiveSource = z.output<typeof archiveSourceInput>;
