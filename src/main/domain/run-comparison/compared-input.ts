import type { RunSummary } from '../../../shared/run.js';
import type { LoadedRun } from '../runs/run-store.js';
import type { RunDigest } from './digest-run.js';

/** All that is known of a run that counts. */
export interface CountedRun {
  summary: RunSummary;
  stored: Pick<LoadedRun, 'programVersion' | 'nodesSnapshot'>;
  totalSec: number;
  digest: RunDigest;
  /** Asked for only where pairs are looked for: it reads every prompt. */
  workload(): string;
}
