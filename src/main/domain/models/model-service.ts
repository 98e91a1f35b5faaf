// Models on record, and the work on their bytes: one child process a job, followed and cancelled by the job's id.
import { existsSync } from 'node:fs';
import { basename, isAbsolute } from 'node:path';
import type { AddModelInput, StripModelInput } from '../../../shared/api/inputs.js';
import { AppError } from '../../../shared/errors.js';
import type { Model, ModelJob } from '../../../shared/model.js';
import { ChangeTopic } from '../../foundation/live/change-topic.js';
import { watchSnapshots } from '../../foundation/live/watch-snapshots.js';
import type { Log } from '../../adapters/log/log.js';
import { describeFailure } from '../../adapters/log/report-fault.js';
import type { ModelRepository, StoredModel } from '../../adapters/storage/model-repository.js';
import type { ModelWorker, ModelWorkOptions } from './model-worker-messages.js';

/** Jobs that have ended and are still told about; older ones are forgotten. */
const KEEP_ENDED_JOBS = 50;
const LONGEST_NAME = 80;

export interface ModelServiceOptions {
  models: ModelRepository;
  worker: ModelWorker;
  newId(prefix: string): string;
  /** Wall clock, epoch ms. */
  nowMs(): number;
  recordEvent(event: { kind: string; subjectId: string | null; message: string }): void;
  log?: Log;
}

interface RunningJob {
  /** Replaced at every change, never changed. */
  snapshot: ModelJob;
  outputPath: string | null;
  cancel: AbortController;
  ended: Promise<void>;
}

export class ModelService {
  private readonly jobs = new Map<string, RunningJob>();
  private readonly changes = new ChangeTopic();

  constructor(private readonly options: ModelServiceOptions) {}

  list(): Model[] {
    return this.options.models.list().map(withPresence);
  }

  /** Throws `not-found`. */
  get(id: string): Model {
    const model = this.options.models.get(id);
    if (!model) throw new AppError('not-found', `There is no model ${id}`, 'List the models to see which there are.');
    return withPresence(model);
  }

  /** Takes it off the record; the user's files stay. */
  remove(id: string): void {
    const model = this.get(id);
    this.options.models.delete(id);
    this.options.recordEvent({ kind: 'model-removed', subjectId: id, message: `Model “${model.name}” was taken off the record` });
  }

  /** Recognises and hashes a file or folder in the background, then puts it on record; a known path is brought up to date. */
  add(input: AddModelInput): ModelJob {
    requireAbsolute(input.path);
    this.refuseSecond((job) => job.snapshot.kind === 'add' && job.snapshot.path === input.path, input.path);
    return this.begin('add', input.path, null, async (options) => {
      const content = await this.options.worker.inspect(input.path, options);
      const { models, newId, nowMs, recordEvent } = this.options;
      const known = models.findByPath(input.path);
      const name = input.name ?? known?.name ?? (basename(input.path, '.safetensors').slice(0, LONGEST_NAME) || 'Model');
      const model = { ...content, id: known?.id ?? newId('model'), name, path: input.path, addedAtMs: nowMs() };
      models.save(model);
      recordEvent({ kind: 'model-added', subjectId: model.id, message: `Model “${name}” was added from ${input.path}` });
      return { model: withPresence(model) };
    });
  }

  /** Refines to reSD3-m (leaves T5-XXL out) in the background. Never replaces anything unless `overwrite`. */
  strip(input: StripModelInput): ModelJob {
    const { path, outputPath, overwrite = false } = input;
    requireAbsolute(path);
    requireAbsolute(outputPath);
    this.refuseSecond((job) => job.outputPath === outputPath, outputPath);
    return this.begin('strip', path, outputPath, async (options) => ({
      report: await this.options.worker.refine({ inputPath: path, outputPath, overwrite }, options),
    }));
  }

  listJobs(): ModelJob[] {
    return [...this.jobs.values()].map((job) => job.snapshot);
  }

  getJob(id: string): ModelJob {
    return this.find(id).snapshot;
  }

  /** Resolves when nothing is left of it. */
  async cancelJob(id: string): Promise<void> {
    const job = this.find(id);
    job.cancel.abort();
    await job.ended;
  }

  /** Yields the whole job at once and after each change (conflated), and ends when the job has ended. */
  watchJob(id: string, signal: AbortSignal): AsyncIterable<ModelJob> {
    const job = this.find(id);
    return watchSnapshots(
      {
        read: () => job.snapshot,
        subscribe: (listener) => this.changes.subscribe(listener),
        isLast: (snapshot) => snapshot.state !== 'running',
      },
      signal,
    );
  }

  /** Cancels what runs and waits until nothing is left of it. */
  async close(): Promise<void> {
    for (const job of this.jobs.values()) job.cancel.abort();
    await Promise.all([...this.jobs.values()].map((job) => job.ended));
  }

  private begin(
    kind: ModelJob['kind'],
    path: string,
    outputPath: string | null,
    act: (options: ModelWorkOptions) => Promise<Partial<ModelJob>>,
  ): ModelJob {
    this.forgetOldest();
    const cancel = new AbortController();
    const snapshot: ModelJob = {
      id: this.options.newId('job'),
      kind,
      state: 'running',
      path,
      progress: null,
      model: null,
      report: null,
      error: null,
      startedAtMs: this.options.nowMs(),
      finishedAtMs: null,
    };
    const job: RunningJob = { snapshot, outputPath, cancel, ended: Promise.resolve() };
    this.jobs.set(snapshot.id, job);
    const change = (changed: Partial<ModelJob>): void => {
      job.snapshot = { ...job.snapshot, ...changed };
      this.changes.announce();
    };
    job.ended = act({ signal: cancel.signal, onProgress: (progress) => change({ progress }) })
      .then((outcome): Partial<ModelJob> => ({ state: 'succeeded', ...outcome }))
      .catch((thrown: unknown): Partial<ModelJob> => {
        const error = describeFailure(this.options.log, thrown, { doing: 'work on a model', jobId: snapshot.id });
        return { state: error.code === 'cancelled' ? 'cancelled' : 'failed', error };
      })
      .then((outcome) => change({ ...outcome, finishedAtMs: this.options.nowMs() }));
    return snapshot;
  }

  private find(id: string): RunningJob {
    const job = this.jobs.get(id);
    if (!job) throw new AppError('not-found', `There is no work on a model with the id ${id}`, 'It is forgotten when the program ends.');
    return job;
  }

  private refuseSecond(isSame: (job: RunningJob) => boolean, path: string): void {
    const running = [...this.jobs.values()].find((job) => job.snapshot.state === 'running' && isSame(job));
    if (running) throw new AppError('conflict', `${path} is being worked on already`, `Wait for job ${running.snapshot.id}, or cancel it.`);
  }

  private forgetOldest(): void {
    const ended = [...this.jobs.values()].filter((job) => job.snapshot.state !== 'running');
    for (const job of ended.slice(0, Math.max(0, ended.length - KEEP_ENDED_JOBS + 1))) this.jobs.delete(job.snapshot.id);
  }
}

function withPresence(model: StoredModel): Model {
  return { ...model, isPresent: existsSync(model.path) };
}

/** Where a relative path counts from would depend on the shell. */
function requireAbsolute(path: string): void {
  if (!isAbsolute(path)) throw new AppError('invalid-input', `The path ${path} is not absolute`, 'Name it from the root of the disk on.');
}
