// What a study run is as a job. It has no end but its last cell: what it has done stays, so it is paused, never cancelled.
import { z } from 'zod';
import type { JobKindOptions } from '../../jobs/job-kind.js';
import { noSuchRun } from './study-records.js';

type Work = Pick<JobKindOptions<null>, 'run' | 'onEnd'> & {
  /** Makes the run ready to continue; throws where nothing of it is left to run. */
  prepareResume(runId: string): void;
  /** Cells done and failed, of all. */
  describe(runId: string): { done: number; total: number; remainingSec: number | null };
};

export function studyJobs({ run, onEnd, prepareResume, describe }: Work): JobKindOptions<null> {
  return {
    kind: 'study',
    idPrefix: 'study',
    doing: 'study run',
    detailSchema: z.null(),
    keepEnded: 'all',
    canPause: true,
    canCancel: false,
    interruptedState: 'paused',
    isResumable: ({ state }) => state === 'paused' || state === 'failed',
    resumeFrom: ({ id }) => {
      prepareResume(id);
      return null;
    },
    describe({ id }) {
      const { done, total, remainingSec } = describe(id);
      return { progress: { done, total, unit: 'cells', phase: null }, remainingSec };
    },
    run,
    ...(onEnd && { onEnd }),
    notFound: noSuchRun,
  };
}
