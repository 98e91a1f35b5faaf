// What work on the data folder is as a job: its detail, how far it is, and what is reported of it.
import { z } from 'zod';
import { exportImagesInput } from '../../../shared/api/gallery-inputs.js';
import { recordInput } from '../../../shared/api/record-inputs.js';
import { archiveOutcomeSchema, writtenArchiveSchema } from '../../../shared/archive.js';
import { type DataJob, type DataProgress, dataProgressSchema } from '../../../shared/data-care.js';
import { AppError } from '../../../shared/errors.js';
import { writtenImagesSchema } from '../../../shared/written-images-schema.js';
import { WHOLE_WORK, type JobKindOptions, type KindJob } from '../jobs/job-kind.js';

const dataCareDetailSchema = z.object({
  work: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('check') }),
    z.object({ kind: z.literal('backup'), of: z.enum(['daily', 'manual']) }),
    z.object({ kind: z.literal('remake'), sha256s: z.array(z.string()) }),
    z.object({ kind: z.literal('repair'), from: z.string().nullable() }),
    z.object({
      kind: z.literal('archive-export'),
      records: z.array(recordInput),
      path: z.string().optional(),
      fromMachine: z.string().nullable(),
    }),
    z.object({ kind: z.literal('image-export'), order: exportImagesInput }),
    z.object({ kind: z.literal('archive-import'), path: z.string(), label: z.string() }),
  ]),
  progress: dataProgressSchema.nullable(),
  written: writtenArchiveSchema.nullable().default(null),
  taken: archiveOutcomeSchema.nullable().default(null),
  images: writtenImagesSchema.nullable().default(null),
});
export type DataCareDetail = z.infer<typeof dataCareDetailSchema>;
export type DataCareWork = DataCareDetail['work'];

const TITLES: Record<DataJob['kind'], string> = {
  check: 'Check the data folder',
  backup: 'Back up the database',
  remake: 'Make lost images again',
  repair: 'Copy lost input pictures back',
  'archive-export': 'Export an archive',
  'archive-import': 'Import an archive',
  'image-export': 'Export images',
};

export function titleOfDataJob({ kind }: DataCareWork): string {
  return TITLES[kind];
}

export function dataCareJobs({
  run,
  requireIdle,
}: Pick<JobKindOptions<DataCareDetail>, 'run'> & { requireIdle(): void }): JobKindOptions<DataCareDetail> {
  return {
    ...WHOLE_WORK,
    kind: 'data-care',
    idPrefix: 'care',
    doing: 'work on the data folder',
    detailSchema: dataCareDetailSchema,
    resumeFrom({ detail }) {
      requireIdle();
      return { ...detail, progress: null, written: null, taken: null, images: null };
    },
    describe: ({ detail: { progress } }) => ({ progress: progress && describeProgress(progress) }),
    run,
    notFound: (id) =>
      new AppError('not-found', `There is no work on the data folder with the id ${id}`, 'List the jobs to see which there are.'),
  };
}

export function toDataJob({ id, detail, state, outcome, error, createdAtMs, startedAtMs, finishedAtMs }: KindJob<DataCareDetail>): DataJob {
  const { work, progress, written, taken, images } = detail;
  return {
    id,
    kind: work.kind,
    state,
    progress,
    outcome,
    written,
    taken,
    images,
    error,
    startedAtMs: startedAtMs ?? createdAtMs,
    finishedAtMs,
  };
}

function describeProgress({ phase, done, total }: DataProgress): { done: number; total: number | null; unit: 'items'; phase: string } {
  return { done, total, unit: 'items', phase };
}
