// The jobs of one kind as they are on record, and what that means for a program that looks at them: a row that says running was
// interrupted where this program has the data folder, and is left alone where it has not.
import type { AppErrorShape } from '../../../shared/errors.js';
import { isOpenState, type JobState } from '../../../shared/job.js';
import { describeFailure } from '../../adapters/log/report-internal-error.js';
import type { Log } from '../../adapters/log/log.js';
import { answerFor } from './job-commands.js';
import type { JobKindOptions, KindJob } from './job-kind.js';
import type { JobHead, JobStore } from './job-store.js';

export interface JobRecordsContext {
  store: JobStore;
  /** Whether this program has the data folder to itself. One that has not keeps its own jobs in memory and writes nothing. */
  isOwner: boolean;
  log?: Log;
}

/** The life of a job, told as it is for this program. */
export type ShownHead = Omit<JobHead, 'state'> & { state: JobState };

const INTERRUPTED: AppErrorShape = {
  code: 'partial-failure',
  message: 'The program ended before this was done',
  hint: 'Resume it, or start it again.',
};

export class JobRecords<Detail> {
  readonly #kind: JobKindOptions<Detail>;
  readonly #context: JobRecordsContext;

  constructor(kind: JobKindOptions<Detail>, context: JobRecordsContext) {
    this.#kind = kind;
    this.#context = context;
  }

  has(id: string): boolean {
    return this.#context.store.get(id)?.kind === this.#kind.kind;
  }

  /** Throws `not-found`. */
  get(id: string): KindJob<Detail> {
    const stored = this.#context.store.get(id);
    const { kind, detailSchema, interrupt, notFound } = this.#kind;
    if (stored?.kind !== kind) throw notFound(id);
    const detail = detailSchema.parse(stored.detail);
    return { ...stored, ...this.#describe(stored), detail: this.#isInterrupted(stored) && interrupt ? interrupt(detail) : detail };
  }

  /** Newest first. */
  heads(): ShownHead[] {
    return this.#context.store.list(this.#kind.kind).map((head) => ({ ...head, ...this.#describe(head) }));
  }

  save({ state, ...job }: KindJob<Detail>): void {
    if (this.#context.isOwner) this.#context.store.save({ ...job, state: state === 'stopping' ? 'running' : state });
  }

  /** False where the disk refuses it; the log says why. */
  tryToSave(job: KindJob<Detail>): boolean {
    return this.#try(`keeping a ${this.#kind.doing}`, () => this.save(job));
  }

  delete(ids: readonly string[]): void {
    if (this.#context.isOwner && ids.length > 0) this.#context.store.delete(ids);
  }

  /** Where the disk refuses it, they go after the next job. */
  tryToDelete(ids: readonly string[]): boolean {
    return this.#try(`forgetting a ${this.#kind.doing}`, () => this.delete(ids));
  }

  #isInterrupted({ state }: Pick<JobHead, 'state'>): boolean {
    return this.#context.isOwner && isOpenState(state);
  }

  #describe(head: JobHead): Pick<ShownHead, 'state' | 'error'> {
    if (!this.#isInterrupted(head)) return { state: head.state, error: head.error };
    const interruptedState = answerFor(this.#kind.interruptedState, head);
    return { state: interruptedState, error: interruptedState === 'failed' ? (head.error ?? INTERRUPTED) : head.error };
  }

  #try(doing: string, act: () => void): boolean {
    try {
      act();
      return true;
    } catch (thrown) {
      describeFailure(this.#context.log, thrown, { doing });
      return false;
    }
  }
}
