// What a fetch of wheels is as a job: its detail, and how far it is.
import { z } from 'zod';
import { AppError } from '../../../../shared/errors.js';
import { formatBytes } from '../../../../shared/format.js';
import { type WheelsFetch, type WheelsProgress, wheelsProgressSchema } from '../../../../shared/wheels.js';
import { KEEP_ENDED, type JobKindOptions, type KindJob } from '../../jobs/job-kind.js';

const detailSchema = z.object({
  jetpack: z.string(),
  index: z.string().nullable(),
  folder: z.string(),
  progress: wheelsProgressSchema.nullable(),
  fetched: z.array(z.string()),
});
export type WheelsDetail = z.infer<typeof detailSchema>;

export function wheelsJobs({
  run,
  refuseSecond,
}: Pick<JobKindOptions<WheelsDetail>, 'run'> & { refuseSecond(jetpack: string): void }): JobKindOptions<WheelsDetail> {
  return {
    kind: 'wheels',
    idPrefix: 'wheels',
    doing: 'fetch of wheels',
    detailSchema,
    keepEnded: KEEP_ENDED,
    canPause: true,
    canCancel: true,
    interruptedState: 'paused',
    isResumable: ({ state }) => state !== 'succeeded',
    resumeFrom({ detail }) {
      refuseSecond(detail.jetpack);
      return { ...detail, progress: null };
    },
    describe: ({ detail: { progress } }) => ({
      progress: progress && { done: progress.doneFiles, total: progress.totalFiles, unit: 'items', phase: phaseOf(progress) },
    }),
    run,
    notFound: (id) => new AppError('not-found', `There is no fetch of wheels ${id}`, 'List the jobs to see which there are.'),
  };
}

export function toWheelsFetch({ id, detail, state, outcome, error }: KindJob<WheelsDetail>): WheelsFetch {
  const { jetpack, folder, progress, fetched } = detail;
  return { id, jetpack, folder, state, progress, fetched, outcome, error };
}

function phaseOf({ file, fileBytes, fileTotalBytes, bytesPerSec }: WheelsProgress): string | null {
  if (file === null) return null;
  const total = fileTotalBytes === null ? '' : ` of ${formatBytes(fileTotalBytes)}`;
  return `${file}, ${formatBytes(fileBytes)}${total}${bytesPerSec === null ? '' : `, ${formatBytes(bytesPerSec)}/s`}`;
}
