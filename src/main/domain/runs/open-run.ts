import type { RunSummary } from '../../../shared/run.js';

/** A run that has not ended, for whoever asks what is going on. */
export interface OpenRun {
  run: Pick<RunSummary, 'id' | 'spec' | 'state' | 'counts'>;
  /** Whether nothing of it is under way on any node. */
  isStandingStill: boolean;
}
