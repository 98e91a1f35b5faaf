// Python packages for nodes without internet, fetched here for a JetPack.
import { z } from 'zod';
import type { JobState } from './job.js';
import type { AppErrorShape } from './errors.js';

export const wheelsProgressSchema = z.object({
  /** Wheels that are here. */
  doneFiles: z.number(),
  totalFiles: z.number(),
  /** The one under way; null between two. */
  file: z.string().nullable(),
  fileBytes: z.number(),
  /** Null where the server does not say. */
  fileTotalBytes: z.number().nullable(),
  /** Over the last seconds; null until known. */
  bytesPerSec: z.number().nullable().default(null),
  /** Of this wheel alone; null until known. */
  remainingSec: z.number().nullable().default(null),
});
export type WheelsProgress = z.infer<typeof wheelsProgressSchema>;

/** A JetPack that there is a list of wheels for. */
export interface WheelList {
  jetpack: string;
  title: string;
  python: string;
  notes: string[];
  /** Names of packages with their versions, torch first where it has an address of its own. */
  packages: string[];
  /** How many of them are here. */
  hereCount: number;
  /** Those of `packages` that are not. */
  missing: string[];
  /** On this disk, of those that are here. */
  hereBytes: number;
  /** The package index that a fetch takes where none is named: the table's, that of pip's settings, or the one used last. Null: one has to be named. */
  index: string | null;
  /** Where they lie. */
  folder: string;
}

/** A fetch as a job. What is here already is not fetched again. */
export interface WheelsFetch {
  id: string;
  jetpack: string;
  folder: string;
  state: JobState;
  progress: WheelsProgress | null;
  /** File names of what this fetch brought. */
  fetched: string[];
  outcome: string | null;
  error: AppErrorShape | null;
}
