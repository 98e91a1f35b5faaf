// What work on a model's bytes is as a job: its detail, and how far it is.
import { basename } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../../shared/errors.js';
import type { JobCommand, JobSubject } from '../../../shared/job.js';
import { type ModelJob, modelProgressSchema, type ModelReading, modelSchema, refineReportSchema } from '../../../shared/model.js';
import { PUBLISHED_WEIGHTS } from '../../../shared/weights.js';
import { WHOLE_WORK, type JobKindOptions, type KindJob } from '../jobs/job-kind.js';

const modelJobDetailSchema = z.object({
  work: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('add'), path: z.string(), name: z.string().nullable(), isLicenseAccepted: z.boolean().default(false) }),
    z.object({ kind: z.literal('fetch'), path: z.string(), file: z.enum(PUBLISHED_WEIGHTS.map(({ file }) => file)) }),
    z.object({ kind: z.literal('verify'), path: z.string(), modelId: z.string() }),
    z.object({ kind: z.literal('strip'), path: z.string(), outputPath: z.string(), overwrite: z.boolean() }),
  ]),
  progress: modelProgressSchema.nullable(),
  model: modelSchema.nullable(),
  report: refineReportSchema.nullable(),
});
export type ModelJobDetail = z.infer<typeof modelJobDetailSchema>;
export type ModelWork = ModelJobDetail['work'];

type Work = Pick<JobKindOptions<ModelJobDetail>, 'run'> & {
  /** Throws where the same is being done already. */
  refuseSecond(work: ModelWork): void;
};

export function modelJobs({ run, refuseSecond }: Work): JobKindOptions<ModelJobDetail> {
  return {
    ...WHOLE_WORK,
    kind: 'model-job',
    idPrefix: 'job',
    doing: 'work on a model',
    detailSchema: modelJobDetailSchema,
    // Only a download continues from what it has; hashing and copying start again.
    canPause: isFetch,
    interruptedState: (job) => (isFetch(job) ? 'paused' : 'failed'),
    resumeFrom({ detail }) {
      refuseSecond(detail.work);
      return startedDetail(detail.work);
    },
    describe({ detail: { progress } }) {
      if (!progress) return { progress: null };
      const { phase, doneBytes, totalBytes, remainingSec } = progress;
      return { progress: { done: doneBytes, total: totalBytes, unit: 'bytes', phase: PHASES[phase] }, remainingSec };
    },
    run,
    notFound: (id) => new AppError('not-found', `There is no work on a model with the id ${id}`, 'List the jobs to see which there are.'),
  };
}

const TITLES: Record<ModelWork['kind'], string> = {
  add: 'Add model',
  strip: 'Refine model',
  verify: 'Verify model',
  fetch: 'Fetch weights',
};
const PHASES = { hashing: 'Hashing', copying: 'Copying', fetching: 'Fetching' } as const;

function isFetch({ title }: { title: string }): boolean {
  return title === TITLES.fetch;
}

export function startedDetail(work: ModelWork): ModelJobDetail {
  return { work, progress: null, model: null, report: null };
}

export function titleOfModelJob({ kind }: ModelWork): string {
  return TITLES[kind];
}

export function subjectOfModelJob({ path }: ModelWork): JobSubject {
  return { kind: 'model-file', id: null, name: basename(path) };
}

/** What a verification found of a model; null for any other job, and where it could not read all of it. */
export function readingOf(modelId: string, { state, detail, error, finishedAtMs }: KindJob<ModelJobDetail>): ModelReading | null {
  if (detail.work.kind !== 'verify' || detail.work.modelId !== modelId || finishedAtMs === null) return null;
  if (state === 'succeeded') return { atMs: finishedAtMs, isAsOnRecord: true };
  return state === 'failed' && error?.code === 'conflict' ? { atMs: finishedAtMs, isAsOnRecord: false } : null;
}

/** What two jobs must not write at the same time. */
export function targetOfModelJob(work: ModelWork): string {
  return work.kind === 'strip' ? `write ${work.outputPath}` : `${work.kind} ${work.path}`;
}

export function toModelJob(job: KindJob<ModelJobDetail>, commands: JobCommand[]): ModelJob {
  const { id, state, detail, error, createdAtMs, finishedAtMs } = job;
  const { work, progress, model, report } = detail;
  return { id, kind: work.kind, state, commands, path: work.path, progress, model, report, error, startedAtMs: createdAtMs, finishedAtMs };
}
