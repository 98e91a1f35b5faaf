// What an import left that ended in the middle with its program: files that were on their way, and those that were in their places already
// while no row names them.
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** Written before the first file goes to its place, gone with the folder when all rows are in. */
export const JOURNAL_NAME = 'journal.json';

const journalSchema = z.object({
  images: z.array(z.string().regex(/^[0-9a-f]{64}$/)),
  trainings: z.array(z.string().regex(/^[a-z0-9][a-z0-9-]{0,79}$/)),
});

export interface SweepTargets {
  stagingDir: string;
  /** Passes over those that a task has. */
  deleteImages(sha256s: readonly string[]): Promise<void>;
  isTraining(id: string): boolean;
  trainingFolder(id: string): string;
}

/** At the start of a program that has the data folder to itself. */
export async function sweepImport({ stagingDir, deleteImages, isTraining, trainingFolder }: SweepTargets): Promise<void> {
  const text = await readFile(join(stagingDir, JOURNAL_NAME), 'utf8').catch(() => null);
  if (text !== null) {
    const journal = journalSchema.parse(JSON.parse(text));
    await deleteImages(journal.images);
    for (const id of journal.trainings) if (!isTraining(id)) await rm(trainingFolder(id), { recursive: true, force: true });
  }
  await rm(stagingDir, { recursive: true, force: true });
}
