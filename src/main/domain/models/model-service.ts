// Models on record, and the work on their bytes: one child process a job.
import { existsSync } from 'node:fs';
import { basename, isAbsolute } from 'node:path';
import type { AddModelInput, RefineModelInput } from '../../../shared/api/inputs.js';
import { AppError } from '../../../shared/errors.js';
import { formatBytes } from '../../../shared/format.js';
import type { Model, ModelContent, ModelJob, ModelProgress } from '../../../shared/model.js';
import type { ModelWorker } from './model-worker-messages.js';
import type { ModelRepository, StoredModel } from '../../adapters/storage/model-repository.js';
import type { JobEngine } from '../jobs/job-engine.js';
import type { JobContext, JobEnd } from '../jobs/job-kind.js';
import type { JobsOfKind } from '../jobs/jobs-of-kind.js';
import {
  type ModelJobDetail,
  modelJobs,
  type ModelWork,
  startedDetail,
  subjectOfModelJob,
  targetOfModelJob,
  titleOfModelJob,
  toModelJob,
} from './model-job.js';

const MAX_NAME_LENGTH = 80;

export interface ModelServiceOptions {
  models: ModelRepository;
  jobs: JobEngine;
  worker: ModelWorker;
  newId(prefix: string): string;
  /** Wall clock, epoch ms. */
  nowMs(): number;
  recordEvent(event: { kind: string; subjectId: string | null; message: string }): void;
}

export class ModelService {
  private readonly jobs: JobsOfKind<ModelJobDetail>;

  constructor(private readonly options: ModelServiceOptions) {
    this.jobs = options.jobs.plugIn(modelJobs({ run: (context) => this.work(context), refuseSecond: (work) => this.refuseSecond(work) }));
  }

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

  /** Recognizes and hashes a file or folder in the background, then puts it on record; a known path is brought up to date. */
  add({ path, name }: AddModelInput): ModelJob {
    requireAbsolute(path);
    return this.start({ kind: 'add', path, name: name ?? null });
  }

  /** Refines to reSD3-m (leaves T5-XXL out) in the background. Never replaces anything unless `overwrite`. */
  refine({ path, outputPath, overwrite = false }: RefineModelInput): ModelJob {
    requireAbsolute(path);
    requireAbsolute(outputPath);
    return this.start({ kind: 'strip', path, outputPath, overwrite });
  }

  /** Oldest first. */
  listJobs(): ModelJob[] {
    return this.jobs.recent().map(toModelJob);
  }

  getJob(id: string): ModelJob {
    return toModelJob(this.jobs.get(id));
  }

  /** Yields the whole job at once and after each change (conflated), and ends when the job has ended. */
  watchJob(id: string, signal: AbortSignal): AsyncIterable<ModelJob> {
    return this.jobs.watch(id, signal, toModelJob);
  }

  private start(work: ModelWork): ModelJob {
    this.refuseSecond(work);
    const job = this.jobs.start({ title: titleOfModelJob(work), subject: subjectOfModelJob(work), detail: startedDetail(work) });
    return toModelJob(job);
  }

  private async work(context: JobContext<ModelJobDetail>): Promise<JobEnd> {
    const { work } = context.detail;
    const options = {
      signal: context.cancelling,
      onProgress: (progress: ModelProgress) => context.change({ ...context.detail, progress }),
    };
    if (work.kind === 'add') {
      const model = this.record(work, await this.options.worker.inspect(work.path, options));
      context.change({ ...context.detail, model });
      return { state: 'succeeded', outcome: `On record as “${model.name}”` };
    }
    const { path: inputPath, outputPath, overwrite } = work;
    const report = await this.options.worker.refine({ inputPath, outputPath, overwrite }, options);
    context.change({ ...context.detail, report });
    return { state: 'succeeded', outcome: `${formatBytes(report.savedBytes)} saved, written to ${outputPath}` };
  }

  private record({ path, name: requested }: ModelWork & { kind: 'add' }, content: ModelContent): Model {
    const { models, newId, nowMs, recordEvent } = this.options;
    const known = models.findByPath(path);
    const name = requested ?? known?.name ?? (basename(path, '.safetensors').slice(0, MAX_NAME_LENGTH) || 'Model');
    const model = { ...content, id: known?.id ?? newId('model'), name, path, addedAtMs: nowMs() };
    models.save(model);
    recordEvent({ kind: 'model-added', subjectId: model.id, message: `Model “${name}” was added from ${path}` });
    return withPresence(model);
  }

  private refuseSecond(work: ModelWork): void {
    const target = targetOfModelJob(work);
    const running = this.jobs.open().find(({ detail }) => targetOfModelJob(detail.work) === target);
    if (!running) return;
    const path = work.kind === 'add' ? work.path : work.outputPath;
    throw new AppError('conflict', `${path} is being worked on already`, `Wait for job ${running.id}, or cancel it.`);
  }
}

function withPresence(model: StoredModel): Model {
  return { ...model, isPresent: existsSync(model.path) };
}

/** Where a relative path counts from would depend on the shell. */
function requireAbsolute(path: string): void {
  if (!isAbsolute(path)) throw new AppError('invalid-input', `The path ${path} is not absolute`, 'Name it from the root of the disk on.');
}
