// Every job of the program, of whatever kind: listed, read, watched, paused, cancelled and resumed alike.
import { AppError } from '../../../shared/errors.js';
import { type Job, type JobDetail, JOB_KINDS, type JobKind, isOpenState } from '../../../shared/job.js';
import { ChangeTopic } from '../../foundation/live/change-topic.js';
import { watchSnapshots } from '../../foundation/live/watch-snapshots.js';
import type { JobKindOptions } from './job-kind.js';
import { type JobsContext, JobsOfKind } from './jobs-of-kind.js';

/** What every list and every command goes through: a kind's jobs. */
export type JobSource = Pick<
  JobsOfKind<unknown>,
  'kind' | 'has' | 'heads' | 'head' | 'pause' | 'cancel' | 'stop' | 'resume' | 'requireRemovable' | 'remove' | 'close'
>;

export interface JobChoice {
  kind?: JobKind | undefined;
  /** Only those that run or wait. */
  isOpen?: boolean | undefined;
}

/** Real ms that jobs may take to stop by themselves when the program ends. */
const CLOSE_MS = 2500;

export class JobEngine {
  readonly #context: JobsContext;
  readonly #sources = new Map<JobKind, JobSource>();

  constructor(context: Omit<JobsContext, 'changes'>) {
    this.#context = { ...context, changes: new ChangeTopic() };
  }

  /** Takes a kind in; each once, when the program is built. */
  plugIn<Detail>(options: JobKindOptions<Detail>): JobsOfKind<Detail> {
    const jobs = new JobsOfKind(options, this.#context);
    this.#sources.set(options.kind, jobs);
    return jobs;
  }

  /** Newest first. */
  list({ kind, isOpen }: JobChoice = {}): Job[] {
    const kinds = JOB_KINDS.filter((each) => kind === undefined || each === kind);
    const jobs = kinds.flatMap((each) => this.#sources.get(each)?.heads() ?? []);
    return jobs.filter(({ state }) => isOpen !== true || isOpenState(state)).sort((a, b) => b.createdAtMs - a.createdAtMs);
  }

  /** Throws `not-found`. */
  get(id: string): JobDetail {
    return this.#sourceOf(id).head(id);
  }

  watch(choice: JobChoice, signal: AbortSignal): AsyncIterable<Job[]> {
    return watchSnapshots(
      { read: () => this.list(choice), subscribe: (listener) => this.#context.changes.subscribe(listener), minIntervalMs: 200 },
      signal,
    );
  }

  /** Until it has ended or is paused. */
  watchOne(id: string, signal: AbortSignal): AsyncIterable<JobDetail> {
    const source = this.#sourceOf(id);
    return watchSnapshots(
      {
        read: () => source.head(id),
        subscribe: (listener) => this.#context.changes.subscribe(listener),
        isLast: ({ state }) => !isOpenState(state),
      },
      signal,
    );
  }

  /** Calls the listener after each change of a job until the returned function is called. */
  subscribe(listener: () => void): () => void {
    return this.#context.changes.subscribe(listener);
  }

  async pause(id: string): Promise<JobDetail> {
    await this.#sourceOf(id).pause(id);
    return this.get(id);
  }

  async cancel(id: string): Promise<JobDetail> {
    await this.#sourceOf(id).cancel(id);
    return this.get(id);
  }

  /** Stops a job that runs in the way that is wished, as far as its kind can. Resolves when it has stopped. */
  stop(id: string, wish: 'pause' | 'cancel'): Promise<void> {
    return this.#sourceOf(id).stop(id, wish);
  }

  /** Returns the job that continues. */
  resume(id: string): JobDetail {
    return this.get(this.#sourceOf(id).resume(id));
  }

  /** Throws `conflict` for a job that runs or waits, and `not-found`. */
  requireRemovable(id: string): void {
    this.#sourceOf(id).requireRemovable(id);
  }

  /** Takes a job that has ended or is paused off the record, for kinds that keep nothing beside it but rows. */
  remove(id: string): void {
    this.#sourceOf(id).remove(id);
  }

  /** Tells everyone who watches that the list is another one. */
  announce(): void {
    this.#context.changes.announce();
  }

  /** Stops the jobs of these kinds (of all where absent) that still run, each kind within a bounded time. Never rejects. */
  async close(kinds: readonly JobKind[] = JOB_KINDS): Promise<void> {
    await Promise.all(kinds.flatMap((kind) => this.#sources.get(kind)?.close(CLOSE_MS) ?? []));
  }

  #sourceOf(id: string): JobSource {
    const source = [...this.#sources.values()].find((each) => each.has(id));
    if (!source) throw new AppError('not-found', `There is no job “${id}”`, 'List the jobs to see which there are.');
    return source;
  }
}
