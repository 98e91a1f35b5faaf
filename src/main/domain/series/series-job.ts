// What a series is as a job. What its runs measured stays whatever becomes of it.
import { z } from 'zod';
import { AppError, notThere } from '../../../shared/errors.js';
import type { SeriesSpec, SeriesSummary } from '../../../shared/series.js';
import type { JobEnd, JobKindOptions, KindJob } from '../jobs/job-kind.js';

const detailSchema = z.object({
  /** Whether a person paused it; one that only the end of the program stopped continues at the next start. */
  isHeld: z.boolean(),
  /** Runs from then on count as tries of their cells, epoch ms. */
  triesSinceMs: z.number(),
  /** The run that stands still since it was paused with the series. */
  pausedRunId: z.string().nullable(),
});
export type SeriesJobDetail = z.infer<typeof detailSchema>;

export const NEW_SERIES_JOB: SeriesJobDetail = { isHeld: false, triesSinceMs: 0, pausedRunId: null };

type Work = Pick<JobKindOptions<SeriesJobDetail>, 'run'> & {
  /** Cells that are in, of all. */
  describe(id: string): { done: number; total: number; remainingSec: number | null };
  nowMs(): number;
};

export function seriesJobs({ run, describe, nowMs }: Work): JobKindOptions<SeriesJobDetail> {
  return {
    kind: 'series',
    idPrefix: 'series',
    doing: 'series',
    detailSchema,
    keepEnded: 'all',
    waitsItsTurn: true,
    canPause: true,
    canCancel: true,
    interruptedState: 'paused',
    isResumable: ({ state }) => state === 'paused' || state === 'failed',
    resumeFrom: ({ state, detail }: KindJob<SeriesJobDetail>) => ({
      ...detail,
      isHeld: false,
      ...(state === 'failed' ? { triesSinceMs: nowMs() } : {}),
    }),
    describe({ id }) {
      const { done, total, remainingSec } = describe(id);
      return { progress: { done, total, unit: 'cells', phase: null }, remainingSec };
    },
    run,
    notFound: noSuchSeries,
  };
}

/** What came of it, by the cells that have a run that counts. */
export function endOfSeries(
  id: string,
  { keepInvalid }: Pick<SeriesSpec, 'keepInvalid'>,
  { total, valid, invalid, failed }: SeriesSummary['counts'],
): JobEnd {
  const without = failed + (keepInvalid ? 0 : invalid);
  if (without === 0) return { state: 'succeeded', outcome: `${total} cells, ${valid} valid` };
  const error = new AppError(
    'partial-failure',
    `${without} of ${total} cells have no valid run`,
    `Look why: npm run cli -- series show ${id}. Resume the series to try them again.`,
  );
  return { state: 'failed', error: error.toShape() };
}

export function noSuchSeries(id: string): AppError {
  return notThere('series', id);
}
