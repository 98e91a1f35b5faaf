// A job engine over a table in memory, and a kind whose work a test leads by hand.
import { z } from 'zod';
import { JobEngine } from '../../src/main/domain/jobs/job-engine.js';
import type { JobContext, JobEnd, JobKindOptions } from '../../src/main/domain/jobs/job-kind.js';
import type { JobHead, JobStore, StoredJob } from '../../src/main/domain/jobs/job-store.js';
import type { JobsContext, JobsOfKind } from '../../src/main/domain/jobs/jobs-of-kind.js';
import { AppError } from '../../src/shared/errors.js';

/** Keeps jobs as the database does: as JSON, so that no one shares what is on record. */
export class MemoryJobStore implements JobStore {
  readonly rows = new Map<string, string>();
  isFull = false;

  save(job: StoredJob): void {
    if (this.isFull) throw new AppError('no-space', 'The disk is full');
    this.rows.set(job.id, JSON.stringify(job));
  }

  get(id: string): StoredJob | null {
    const row = this.rows.get(id);
    return row === undefined ? null : (JSON.parse(row) as StoredJob);
  }

  list(kind: JobHead['kind']): JobHead[] {
    const jobs = [...this.rows.values()].map((row) => JSON.parse(row) as StoredJob);
    return jobs.filter((job) => job.kind === kind).reverse();
  }

  delete(ids: readonly string[]): void {
    for (const id of ids) this.rows.delete(id);
  }
}

export function makeJobEngine(change: Partial<Omit<JobsContext, 'changes'>> = {}): JobEngine {
  let number = 0;
  const newId = (prefix: string): string => `${prefix}-${++number}`;
  return new JobEngine({ store: new MemoryJobStore(), isOwner: true, newId, nowMs: () => 1_000, ...change });
}

const detailSchema = z.object({ done: z.number(), total: z.number() });
export type CountingDetail = z.infer<typeof detailSchema>;

/** The work of one job, which the test ends. */
export interface LedWork {
  context: JobContext<CountingDetail>;
  end(end: JobEnd): void;
  fail(thrown: unknown): void;
}

export interface LedKind {
  jobs: JobsOfKind<CountingDetail>;
  /** In the order in which they started. */
  works: LedWork[];
  start(): string;
}

/** Plugs a kind in whose jobs stop when they are asked to, unless `heedsNothing`. */
export function plugInLedKind(
  engine: JobEngine,
  { heedsNothing = false, ...change }: Partial<JobKindOptions<CountingDetail>> & { heedsNothing?: boolean } = {},
): LedKind {
  const works: LedWork[] = [];
  const jobs = engine.plugIn<CountingDetail>({
    kind: 'calibration',
    idPrefix: 'led',
    doing: 'test work',
    detailSchema,
    keepEnded: 3,
    canPause: true,
    canCancel: true,
    interruptedState: 'paused',
    isResumable: ({ state }) => state === 'paused' || state === 'failed',
    describe: ({ detail: { done, total } }) => ({ progress: { done, total, unit: 'items', phase: null } }),
    run: (context) =>
      new Promise<JobEnd>((resolve, reject) => {
        works.push({ context, end: resolve, fail: reject });
        if (heedsNothing) return;
        context.pausing.addEventListener('abort', () => resolve({ state: 'paused' }));
        context.cancelling.addEventListener('abort', () => reject(new AppError('cancelled', 'It was canceled')));
      }),
    notFound: (id) => new AppError('not-found', `There is no test work ${id}`),
    ...change,
  });
  const subject = { kind: 'testbed', id: 'testbed-1', name: 'Lab' } as const;
  return { jobs, works, start: () => jobs.start({ title: 'Work', subject, detail: { done: 0, total: 10 } }).id };
}

/** The service, whose end is that of its jobs too: as the program ends. */
export function closingJobs<S extends { close(): Promise<void> }>(service: S, jobs: JobEngine): S {
  const closeService = service.close.bind(service);
  return Object.assign(service, {
    close: async () => {
      await jobs.close();
      await closeService();
    },
  });
}
