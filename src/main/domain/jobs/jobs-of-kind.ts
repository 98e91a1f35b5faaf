// The jobs of one kind: started, read, watched, paused, cancelled, resumed, kept and forgotten. The kind says what is done; its service
// says what may be started.
import { AppError } from '../../../shared/errors.js';
import { isOpenState, type Job, type JobCommand, type JobDetail, type JobState } from '../../../shared/job.js';
import { describeFailure } from '../../adapters/log/report-internal-error.js';
import type { ChangeTopic } from '../../foundation/live/change-topic.js';
import { watchSnapshots } from '../../foundation/live/watch-snapshots.js';
import { settledWithin } from '../../foundation/settled-within.js';
import { answerFor, listCommands, refuseCommand, wayToStop } from './job-commands.js';
import type { JobEnd, JobKindOptions, JobWork, KindJob, NewJob } from './job-kind.js';
import { JobRecords, type JobRecordsContext, type ShownHead } from './job-records.js';
import { LiveJob } from './live-job.js';

export interface JobsContext extends JobRecordsContext {
  /** Announced after each change of a job. */
  changes: ChangeTopic;
  newId(prefix: string): string;
  /** Wall clock, epoch ms. */
  nowMs(): number;
}

/** Real ms that what was told to give up may take to do so when the program ends. */
const GIVE_UP_MS = 1000;

export class JobsOfKind<Detail> {
  readonly #options: JobKindOptions<Detail>;
  readonly #context: JobsContext;
  readonly #records: JobRecords<Detail>;
  /** Those that run here, and those whose end the disk did not take or that are never on disk. */
  readonly #live = new Map<string, LiveJob<Detail>>();
  readonly #sinceMs: number;
  #isClosed = false;

  constructor(options: JobKindOptions<Detail>, context: JobsContext) {
    this.#options = options;
    this.#context = context;
    this.#records = new JobRecords(options, context);
    this.#sinceMs = context.nowMs();
  }

  get kind(): Job['kind'] {
    return this.#options.kind;
  }

  /** Puts a job on record and starts it. What the disk refuses is thrown, and nothing has started then. */
  start(init: NewJob<Detail>, work: JobWork<Detail> = this.#options.run): KindJob<Detail> {
    const { title, subject, detail, id = this.#context.newId(this.#options.idPrefix) } = init;
    const life = { ...this.#starting(), createdAtMs: this.#context.nowMs(), finishedAtMs: null };
    return this.#carryOut({ id, kind: this.kind, title, subject, ...life, outcome: null, error: null, detail, log: [] }, work);
  }

  /** Puts a job on record that no one works at. */
  record({ title, subject, detail, id = this.#context.newId(this.#options.idPrefix) }: NewJob<Detail>, end: JobEnd): KindJob<Detail> {
    const life = { createdAtMs: this.#context.nowMs(), startedAtMs: null };
    return this.#amend(
      { id, kind: this.kind, title, subject, ...life, state: end.state, outcome: null, error: null, finishedAtMs: null, detail, log: [] },
      end,
    );
  }

  /** Changes how a job that does not run has ended, and its detail where one is given. */
  amend(id: string, end: JobEnd, detail?: Detail): KindJob<Detail> {
    const job = this.get(id);
    return this.#amend(detail === undefined ? job : { ...job, detail }, end);
  }

  /** Throws `not-found`. */
  get(id: string): KindJob<Detail> {
    return this.#live.get(id)?.snapshot ?? this.#records.get(id);
  }

  has(id: string): boolean {
    return this.#live.has(id) || this.#records.has(id);
  }

  /** Those that were started or resumed since the program was, and interrupted ones that can continue; oldest first. */
  recent(): KindJob<Detail>[] {
    const heads = this.heads().filter(
      ({ state, createdAtMs, finishedAtMs }) =>
        state === 'paused' || isOpenState(state) || Math.max(createdAtMs, finishedAtMs ?? 0) >= this.#sinceMs,
    );
    return heads.map(({ id }) => this.get(id)).reverse();
  }

  /** Those that run or wait here, oldest first. */
  open(): KindJob<Detail>[] {
    return [...this.#live.values()].map(({ snapshot }) => snapshot).filter(({ state }) => isOpenState(state));
  }

  /** Newest first. */
  heads(): Job[] {
    const live = [...this.#live.values()].reverse().map((job) => this.#describe(job.snapshot, job));
    const recorded = this.#records.heads().filter(({ id }) => !this.#live.has(id));
    return [...live, ...recorded.map((head) => this.#describe(head))];
  }

  head(id: string): JobDetail {
    const job = this.get(id);
    return { ...this.#describe(job, this.#live.get(id)), log: job.log };
  }

  /** What can be asked of a job now. */
  commandsOf(job: KindJob<Detail>): JobCommand[] {
    return listCommands(this.#options, job);
  }

  /** The job when its work has ended. */
  async whenEnded(id: string): Promise<KindJob<Detail>> {
    await this.#live.get(id)?.ended;
    return this.get(id);
  }

  /** Calls the listener after each change of a job until the returned function is called. */
  subscribe(listener: () => void): () => void {
    return this.#context.changes.subscribe(listener);
  }

  /** Tells who watches that what a job is about has changed, though the job has not. */
  announce(): void {
    this.#context.changes.announce();
  }

  /** Whole snapshots that `read` makes, the newest only, until the job has ended or is paused. */
  watch<T extends { state: JobState }>(id: string, signal: AbortSignal, read: (job: KindJob<Detail>) => T): AsyncIterable<T> {
    this.get(id);
    return watchSnapshots(
      {
        read: () => read(this.get(id)),
        subscribe: (listener) => this.#context.changes.subscribe(listener),
        isLast: ({ state }) => !isOpenState(state),
        hasEnded: () => !isOpenState(this.#live.get(id)?.snapshot.state ?? 'succeeded'),
      },
      signal,
    );
  }

  /** Resolves when the job has stopped. */
  async pause(id: string): Promise<void> {
    const job = this.get(id);
    if (!answerFor(this.#options.canPause, job) || !isOpenState(job.state)) throw refuseCommand(this.#options, job, 'paused');
    await this.#stop(id, 'pause');
  }

  /** Resolves when it has stopped; a job that has ended stays as it is. */
  async cancel(id: string): Promise<void> {
    const job = this.get(id);
    if (!this.#options.canCancel) throw refuseCommand(this.#options, job, 'canceled');
    if (isOpenState(job.state)) return this.#stop(id, 'cancel');
    if (job.state === 'paused') this.#reportEnd(this.#amend(job, { state: 'cancelled' }));
  }

  /** Stops it in the way that is wished as far as its kind can: what can't pause is canceled, what can't be canceled pauses. */
  async stop(id: string, wish: 'pause' | 'cancel'): Promise<void> {
    const job = this.get(id);
    if (isOpenState(job.state)) await this.#stop(id, wayToStop(this.#options, job, wish));
  }

  /** Continues from where it stopped. Returns the id of the job that does. */
  resume(id: string): string {
    const job = this.get(id);
    const { isResumable, resumeFrom, resume, run } = this.#options;
    if (isOpenState(job.state) || !isResumable(job)) throw refuseCommand(this.#options, job, 'resumed');
    if (resume) return resume(id);
    const detail = resumeFrom ? resumeFrom(job) : job.detail;
    const { state, startedAtMs } = this.#starting();
    const life = { state, startedAtMs: job.startedAtMs ?? startedAtMs, finishedAtMs: null };
    return this.#carryOut({ ...job, ...life, detail, outcome: null, error: null }, run).id;
  }

  /** Throws `conflict` for a job that runs or waits. */
  requireRemovable(id: string): void {
    const job = this.get(id);
    if (isOpenState(job.state)) throw refuseCommand(this.#options, job, 'removed');
  }

  /** Takes a job that has ended or is paused off the record. */
  remove(id: string): void {
    this.requireRemovable(id);
    this.#live.delete(id);
    this.#records.delete([id]);
    this.#context.changes.announce();
  }

  /** Pauses what can be paused and cancels the rest; what has not stopped within the limit is told to give up. Never rejects. */
  async close(limitMs: number, giveUpMs = GIVE_UP_MS): Promise<void> {
    this.#isClosed = true;
    const live = [...this.#live.values()];
    for (const job of live) job.ask(wayToStop(this.#options, job.snapshot, 'pause'));
    const ended = Promise.all(live.map((job) => job.ended));
    if (await settledWithin(limitMs, ended)) return;
    for (const job of live) job.giveUp();
    if (!(await settledWithin(giveUpMs, ended))) this.#context.log?.warn('A job did not stop', { doing: this.#options.doing });
  }

  #carryOut(job: KindJob<Detail>, work: JobWork<Detail>): KindJob<Detail> {
    if (this.#isClosed) throw new AppError('conflict', 'The program is closing', 'Start it again, then try again.');
    this.#records.save(job);
    const { nowMs } = this.#context;
    const live = new LiveJob(job, {
      describe: (snapshot) => this.#options.describe(snapshot),
      nowMs,
      save: (snapshot) => this.#records.tryToSave(snapshot),
      announce: () => this.#context.changes.announce(),
    });
    this.#live.set(job.id, live);
    live.ended = this.#doWork(live, work).then((end) => this.#settle(live, end));
    this.#forgetOldest();
    this.#context.changes.announce();
    return live.snapshot;
  }

  async #doWork(live: LiveJob<Detail>, work: JobWork<Detail>): Promise<JobEnd> {
    try {
      const end = await work(live);
      return end.state === 'paused' && live.asked === 'cancel' ? { ...end, state: 'cancelled' } : end;
    } catch (thrown) {
      if (live.asked === 'pause') return { state: 'paused' };
      const error = describeFailure(this.#context.log, thrown, { doing: this.#options.doing, jobId: live.id });
      if (error.code === 'cancelled') return { state: 'cancelled', error };
      return live.asked === 'cancel' ? { state: 'cancelled' } : { state: 'failed', error };
    }
  }

  #settle(live: LiveJob<Detail>, { state, error = null, outcome = null }: JobEnd): void {
    const job = live.end({ state, error, outcome, finishedAtMs: state === 'paused' ? null : this.#context.nowMs() });
    // Where the disk refuses it, the end is known here alone, and after the next start the job counts as interrupted.
    if (this.#records.tryToSave(job) && this.#context.isOwner) this.#live.delete(job.id);
    this.#forgetOldest();
    this.#reportEnd(job);
    this.#context.changes.announce();
  }

  /** What goes wrong with whoever hears of it does not change how the job has ended. */
  #reportEnd(job: KindJob<Detail>): void {
    if (job.state === 'paused') return;
    try {
      this.#options.onEnd?.(job);
    } catch (thrown) {
      describeFailure(this.#context.log, thrown, { doing: `reporting the end of a ${this.#options.doing}`, jobId: job.id });
    }
  }

  #amend(job: KindJob<Detail>, { state, error = null, outcome = null }: JobEnd): KindJob<Detail> {
    const amended = { ...job, state, error, outcome, finishedAtMs: state === 'paused' ? null : this.#context.nowMs() };
    this.#live.delete(job.id);
    this.#records.save(amended);
    this.#context.changes.announce();
    return amended;
  }

  #starting(): { state: 'queued' | 'running'; startedAtMs: number | null } {
    return this.#options.waitsItsTurn ? { state: 'queued', startedAtMs: null } : { state: 'running', startedAtMs: this.#context.nowMs() };
  }

  async #stop(id: string, what: 'pause' | 'cancel'): Promise<void> {
    const live = this.#live.get(id);
    if (!live) throw new AppError('conflict', `The ${this.#options.doing} ${id} runs in another program`, 'Stop it there.');
    live.ask(what);
    await live.ended;
  }

  #describe(job: ShownHead, live?: LiveJob<Detail>): Job {
    const { id, kind, title, subject, state, outcome, error, createdAtMs, startedAtMs, finishedAtMs } = job;
    const shown = { id, kind, title, subject, state, outcome, error, createdAtMs, startedAtMs, finishedAtMs };
    const { progress, remaining } = live && isOpenState(state) ? live.progress() : { progress: null, remaining: null };
    return { ...shown, progress, remaining, commands: listCommands(this.#options, job), canPause: answerFor(this.#options.canPause, job) };
  }

  #forgetOldest(): void {
    const { keepEnded } = this.#options;
    if (keepEnded === 'all') return;
    const ended = this.heads().filter(({ state }) => !isOpenState(state) && state !== 'paused');
    const forgotten = ended.slice(keepEnded).map(({ id }) => id);
    if (this.#records.tryToDelete(forgotten)) for (const id of forgotten) this.#live.delete(id);
  }
}
