// The checkpoint of a training: one file, replaced as a whole, so that a process killed at any moment leaves the old one or the new one.
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { z } from 'zod';
import type { LearningCheckpoint } from '../../../../scheduling/learning/learning-run.js';
import { AppError } from '../../../../shared/errors.js';
import type { EpisodeMetrics } from '../../../../shared/training.js';
import { syncFolder } from '../../../foundation/publish.js';
import { episodeMetricsSchema } from './episode-metrics.js';

export interface TrainingCheckpoint {
  /** Every episode so far: a resumed training goes on after the last of them. */
  curve: EpisodeMetrics[];
  learning: LearningCheckpoint;
}

const FORMAT = 1;
const floats = z.instanceof(Float32Array);

const fileSchema = z.object({
  format: z.literal(FORMAT),
  curve: z.array(episodeMetricsSchema),
  learning: z.object({
    state: z.record(z.string(), floats),
    updateCount: z.number(),
    replay: z.object({ rows: floats, counts: z.instanceof(Int32Array), nextSlots: z.instanceof(Int32Array) }),
    latents: floats,
  }),
});

/** Writes aside, syncs and renames; `folder` is made where it is not there. Throws `no-space` or `io`; the checkpoint from before stays. */
export async function writeCheckpoint(folder: string, checkpoint: TrainingCheckpoint): Promise<void> {
  const path = checkpointPath(folder);
  const part = `${path}.part`;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeSynced(part, serialize({ format: FORMAT, ...checkpoint }));
    await rename(part, path);
    await syncFolder(folder);
  } catch (thrown) {
    // Half a file on a full disk helps nobody. Where it can't be removed either, the first failure says enough.
    await rm(part, { force: true }).catch(() => undefined);
    throw toWriteError(thrown, path);
  }
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  await using file = await open(path, 'w');
  await file.writeFile(bytes);
  await file.sync();
}

function toWriteError(thrown: unknown, path: string): AppError {
  const { code, message } = thrown as NodeJS.ErrnoException;
  const options = { cause: thrown };
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    const hint = 'Free some space on that disk and resume the training: it goes on from its last checkpoint.';
    return new AppError('no-space', `No space is left for the checkpoint ${path}`, hint, options);
  }
  const hint = 'Check that its folder can be written to, and resume the training.';
  return new AppError('io', `The checkpoint ${path} cannot be written: ${message}`, hint, options);
}

/** Null where there is none yet. Throws `io` where it can't be read. */
export async function readCheckpoint(folder: string): Promise<TrainingCheckpoint | null> {
  const path = checkpointPath(folder);
  try {
    const { curve, learning } = fileSchema.parse(deserialize(await readFile(path)));
    return { curve, learning };
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return null;
    const reason = thrown instanceof z.ZodError ? 'it is of another form' : thrown instanceof Error ? thrown.message : String(thrown);
    throw new AppError('io', `The checkpoint ${path} cannot be read: ${reason}`, 'Remove the training and start it again.');
  }
}

function checkpointPath(folder: string): string {
  return join(folder, 'checkpoint.bin');
}
