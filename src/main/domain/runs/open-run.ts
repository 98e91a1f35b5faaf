import type { RunSummary } from '../../../shared/run.js';

/** A run that has not ended, for anyone who asks what is in progress. */
export interface OpenRun {
  run: Pick<RunSummary, 'id' | 'spec' | 'state' | 'counts'>;
  /** Whether nothing of it is under way on any node. */
  isStandingStill: boolean;
}
