// The checkpoint of a training: one file, replaced as a whole, so that a process killed at any moment leaves the old one or the new one.
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { z } from 'zod';
import { writeDurably } from '../../../../durable-file/write-durably.js';
import {
  type LearningCheckpoint,
  learningCheckpointSchema,
  oldCheckpointSchema,
  upgradeCheckpoint,
} from '../../../../scheduling/learning/learning-checkpoint.js';
import { AppError } from '../../../../shared/errors.js';
import type { EpisodeMetrics, TrainingMethod } from '../../../../shared/training.js';
import { episodeMetricsSchema } from './episode-metrics.js';

export interface TrainingCheckpoint {
  /** Every episode so far: a resumed training continues after the last of them. */
  curve: EpisodeMetrics[];
  learning: LearningCheckpoint;
}

const FORMAT = 2;

const curve = z.array(episodeMetricsSchema);
/** Format 1 did not say its method. */
const fileSchema = z.discriminatedUnion('format', [
  z.object({ format: z.literal(1), curve, learning: oldCheckpointSchema }),
  z.object({ format: z.literal(FORMAT), curve, learning: learningCheckpointSchema }),
]);

/** Whole or not at all; `folder` is made where it is not there. Throws `no-space` or `io`; the checkpoint from before stays. */
export async function writeCheckpoint(folder: string, checkpoint: TrainingCheckpoint): Promise<void> {
  const path = checkpointPath(folder);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeDurably(path, serialize({ format: FORMAT, learning: checkpoint.learning, curve: inOneForm(checkpoint.curve) }));
  } catch (thrown) {
    throw toWriteError(thrown, path);
  }
}

/**
 * Equal points give equal bytes, whether they were measured or read from a checkpoint: V8 keeps the order of fields, and whether an array was
 * made with a length or grew.
 */
function inOneForm(points: readonly EpisodeMetrics[]): EpisodeMetrics[] {
  const dense: EpisodeMetrics[] = [];
  for (const point of points) dense.push(episodeMetricsSchema.parse(point));
  return dense;
}

function toWriteError(thrown: unknown, path: string): AppError {
  const { code, message } = thrown as NodeJS.ErrnoException;
  const options = { cause: thrown };
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    const hint = 'Free some space on that disk and resume the training: it continues from its last checkpoint.';
    return new AppError('no-space', `No space is left for the checkpoint ${path}`, hint, options);
  }
  const hint = 'Check that its folder can be written to, and resume the training.';
  return new AppError('io', `The checkpoint ${path} cannot be written: ${message}`, hint, options);
}

/** Null where there is none yet. Throws `io` where it can't be read, or is not of the method. */
export async function readCheckpoint(folder: string, method: TrainingMethod): Promise<TrainingCheckpoint | null> {
  const path = checkpointPath(folder);
  try {
    const checkpoint = parseCheckpoint(deserialize(await readFile(path)), method);
    if (checkpoint.learning.method === method) return checkpoint;
    throw new Error(`it is of ${checkpoint.learning.method}, and the training is of ${method}`);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return null;
    const reason = thrown instanceof z.ZodError ? describeForm(thrown) : thrown instanceof Error ? thrown.message : String(thrown);
    throw new AppError('io', `The checkpoint ${path} cannot be read: ${reason}`, 'Remove the training and start it again.');
  }
}

function parseCheckpoint(content: unknown, method: TrainingMethod): TrainingCheckpoint {
  const { format, curve: points, learning } = fileSchema.parse(content);
  const current = format === FORMAT ? learning : learningCheckpointSchema.parse(upgradeCheckpoint(method, learning));
  return { curve: points, learning: current };
}

/** The first place where it differs. */
function describeForm({ issues: [issue] }: z.ZodError): string {
  const field = issue?.path.join('.') ?? '';
  return field === '' ? 'it is of another form' : `it is of another form, in its ${field}`;
}

function checkpointPath(folder: string): string {
  return join(folder, 'checkpoint.bin');
}
