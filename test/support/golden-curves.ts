// Learning curves of one seed in a small environment, recorded before the learning was taken apart into Algorithm 1 and its ports, with the
// checkpoint (of format 1) that each training had after some of its episodes.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { EnvironmentConfig } from '../../src/scheduling/environment/environment-config.js';
import type { EpisodeMetrics, TrainingMethod } from '../../src/shared/training.js';

export interface GoldenCurves {
  seed: number;
  environment: EnvironmentConfig;
  /** What differs from the paper's settings. */
  settings: Record<string, number>;
  /** Episodes of the checkpoints. */
  checkpointAfter: number;
  /** CPU times are 0. */
  curves: Record<TrainingMethod, EpisodeMetrics[]>;
}

const folder = new URL('../fixtures/training/', import.meta.url);

export async function readGoldenCurves(): Promise<GoldenCurves> {
  return JSON.parse(await readFile(new URL('golden-curves.json', folder), 'utf8')) as GoldenCurves;
}

/** Path of the checkpoint that a version before the union by method wrote. */
export function oldCheckpointPath(method: TrainingMethod): string {
  return fileURLToPath(new URL(`checkpoint-format-1-${method}.bin`, folder));
}
