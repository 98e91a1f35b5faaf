// Models on record, and the work on their bytes: one child process a job.
import { existsSync } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import type { AddModelInput, FetchWeightsInput, RefineModelInput } from '../../../shared/api/inputs.js';
import { AppError, notThere } from '../../../shared/errors.js';
import { formatBytes } from '../../../shared/format.js';
import type { AcceptedLicense, Model, ModelContent, ModelJob, ModelProgress } from '../../../shared/model.js';
import { SD3_LICENSE, type WeightsOffer } from '../../../shared/weights.js';
import { fetchWeights, otherFile } from './fetch-weights.js';
import { licenseNotAccepted } from './require-license.js';
import type { ModelWorker } from './model-worker-messages.js';
import type { ModelRepository, StoredModel } from '../../adapters/storage/model-repository.js';
import type { JobEngine } from '../jobs/job-engine.js';
import type { JobContext, JobEnd, KindJob } from '../jobs/job-kind.js';
import type { JobsOfKind } from '../jobs/jobs-of-kind.js';
import {
  type ModelJobDetail,
  modelJobs,
  type ModelWork,
  readingOf,
  startedDetail,
  subjectOfModelJob,
  targetOfModelJob,
  titleOfModelJob,
  toModelJob,
} from './model-job.js';
import { describeOffer, publishedWeights, type WeightsSource } from './weights-source.js';

const MAX_NAME_LENGTH = 80;

export interface ModelServiceOptions {
  models: ModelRepository;
  isInBin(modelId: string): boolean;
  jobs: JobEngine;
  worker: ModelWorker;
  /** Where weights are published. */
  weights: WeightsSource;
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
    return this.options.models.list().map((model) => this.look(model));
  }

  /** In the bin or not. Throws `not-found`. */
  get(id: string): Model {
    const model = this.options.models.get(id);
    if (!model) throw notThere('model', id);
    return this.look(model);
  }

  /** For new work. Throws `not-found`, and `conflict` for one in the bin. */
  getUsable(id: string): Model {
    const model = this.get(id);
    if (!this.options.isInBin(id)) return model;
    throw new AppError('conflict', `The model “${model.name}” is in the bin`, 'Restore it from the bin, or choose another.');
  }

  /** Throws `conflict` while its bytes are being worked on. */
  requireRemovable(id: string): void {
    const { name, path } = this.get(id);
    const job = this.jobs.open().find(({ detail: { work } }) => work.path === path || (work.kind === 'strip' && work.outputPath === path));
    if (!job) return;
    throw new AppError('conflict', `The model “${name}” is being worked on`, `Wait for job ${job.id}, or cancel it.`);
  }

  /** Measures its files that go with it in bytes, also once it is gone: those in the program's own folder; files elsewhere are the user's. */
  sizer(id: string): () => Promise<number> {
    const path = this.ownPath(this.get(id));
    return async () => (path === null ? 0 : ((await stat(path).catch(() => null))?.size ?? 0));
  }

  /** Takes it off the record for good, and weights that were fetched to the program's own folder off the disk; the user's files stay. */
  async remove(id: string): Promise<void> {
    const model = this.get(id);
    const path = this.ownPath(model);
    // The file first: while it can't be deleted the model stays in the bin.
    if (path !== null) await rm(path, { force: true }).catch((thrown: unknown) => Promise.reject(notDeleted(path, thrown)));
    this.options.models.delete(id);
    this.options.recordEvent({ kind: 'model-removed', subjectId: id, message: `Model “${model.name}” was taken off the record` });
  }

  /** Recognizes and hashes a file or folder in the background, then puts it on record; a known path is brought up to date. */
  add({ path, name, acceptLicense = false }: AddModelInput): ModelJob {
    requireAbsolute(path);
    const isKnown = (this.options.models.findByPath(path)?.license ?? null) !== null;
    return this.start({ kind: 'add', path, name: name ?? null, isLicenseAccepted: acceptLicense || isKnown });
  }

  /** What can be fetched into a folder (null: the program's own), on which terms and with whose token. */
  weights(folder: string | null = null): Promise<WeightsOffer> {
    if (folder !== null) requireAbsolute(folder);
    return describeOffer(this.options.weights, folder ?? undefined);
  }

  /** Fetches published weights in the background and puts them on record. Throws `invalid-input` where their license is not accepted. */
  fetch({ file, folder, acceptLicense = false }: FetchWeightsInput): ModelJob {
    requireAbsolute(folder);
    if (!acceptLicense) throw licenseNotAccepted();
    return this.start({ kind: 'fetch', path: join(folder, file), file });
  }

  /** Reads every byte here in the background and compares with the record. Throws `not-found`. */
  verify(id: string): ModelJob {
    return this.start({ kind: 'verify', path: this.getUsable(id).path, modelId: id });
  }

  /** Refines to reSD3-m (leaves T5-XXL out) in the background. Never replaces anything unless `overwrite`. */
  refine({ path, outputPath, overwrite = false }: RefineModelInput): ModelJob {
    requireAbsolute(path);
    requireAbsolute(outputPath);
    return this.start({ kind: 'strip', path, outputPath, overwrite });
  }

  /** Oldest first. */
  listJobs(): ModelJob[] {
    return this.jobs.recent().map((job) => this.show(job));
  }

  getJob(id: string): ModelJob {
    return this.show(this.jobs.get(id));
  }

  /** Yields the whole job at once and after each change (conflated), and ends when the job has ended. */
  watchJob(id: string, signal: AbortSignal): AsyncIterable<ModelJob> {
    return this.jobs.watch(id, signal, (job) => this.show(job));
  }

  private ownPath({ path, layout }: StoredModel): string | null {
    return layout === 'all-in-one' && dirname(path) === this.options.weights.folder ? path : null;
  }

  private show(job: KindJob<ModelJobDetail>): ModelJob {
    return toModelJob(job, this.jobs.commandsOf(job));
  }

  private start(work: ModelWork): ModelJob {
    this.refuseSecond(work);
    const job = this.jobs.start({ title: titleOfModelJob(work), subject: subjectOfModelJob(work), detail: startedDetail(work) });
    return this.show(job);
  }

  private async work(context: JobContext<ModelJobDetail>): Promise<JobEnd> {
    const { work } = context.detail;
    const options = {
      signal: AbortSignal.any([context.cancelling, context.pausing]),
      onProgress: (progress: ModelProgress) => context.change({ ...context.detail, progress }),
    };
    if (work.kind === 'add') {
      const { isLicenseAccepted } = work;
      const content = await this.options.worker.inspect(work.path, { ...options, isLicenseAccepted });
      const model = this.record(work, content, { isLicenseAccepted });
      context.change({ ...context.detail, model });
      return { state: 'succeeded', outcome: `On record as “${model.name}”` };
    }
    if (work.kind === 'verify') {
      const model = this.get(work.modelId);
      const content = await this.options.worker.inspect(work.path, { ...options, isLicenseAccepted: true });
      if (content.sha256 !== model.sha256) throw notAsRecorded(model, content);
      context.change({ ...context.detail, model });
      return { state: 'succeeded', outcome: `“${model.name}” is as on record` };
    }
    if (work.kind === 'fetch') {
      const { weights } = this.options;
      await fetchWeights({ source: weights, file: work.file, folder: dirname(work.path), ...options, nowMs: () => performance.now() });
      const content = await this.options.worker.inspect(work.path, { ...options, isLicenseAccepted: true });
      if (content.sha256 !== publishedWeights(weights, work.file).sha256) throw otherFile(work.path);
      const model = this.record({ path: work.path, name: null }, content, { isLicenseAccepted: true });
      context.change({ ...context.detail, model });
      return { state: 'succeeded', outcome: `Fetched to ${work.path}, on record as “${model.name}”` };
    }
    const { path: inputPath, outputPath, overwrite } = work;
    const report = await this.options.worker.refine({ inputPath, outputPath, overwrite }, options);
    context.change({ ...context.detail, report });
    // Read back once more: what is on record is what lies there.
    const content = await this.options.worker.inspect(outputPath, { ...options, isLicenseAccepted: true });
    const original = this.options.models.findByPath(inputPath);
    const refined = { refinedFromSha256: original?.sha256 ?? null, license: original?.license ?? null };
    const model = this.record({ path: outputPath, name: null }, content, { isLicenseAccepted: false, ...refined });
    context.change({ ...context.detail, model });
    return {
      state: 'succeeded',
      outcome: `${formatBytes(report.savedBytes)} saved, written to ${outputPath}, on record as “${model.name}”`,
    };
  }

  private record(
    { path, name: requested }: { path: string; name: string | null },
    content: ModelContent,
    origin: { isLicenseAccepted: boolean; license?: AcceptedLicense | null; refinedFromSha256?: string | null },
  ): Model {
    const { models, newId, nowMs, recordEvent } = this.options;
    const known = models.findByPath(path);
    const isNewlyAccepted = origin.isLicenseAccepted && content.family === 'sd3-medium' && !known?.license;
    const license = isNewlyAccepted ? { ...SD3_LICENSE, acceptedAtMs: nowMs() } : (origin.license ?? known?.license ?? null);
    const refinedFromSha256 = origin.refinedFromSha256 ?? (known?.sha256 === content.sha256 ? known.refinedFromSha256 : null);
    const name = requested ?? known?.name ?? (basename(path, '.safetensors').slice(0, MAX_NAME_LENGTH) || 'Model');
    const model = { ...content, id: known?.id ?? newId('model'), name, path, addedAtMs: nowMs(), license, refinedFromSha256 };
    models.save(model);
    recordEvent({ kind: 'model-added', subjectId: model.id, message: `Model “${name}” was added from ${path}` });
    return this.look(model);
  }

  /** As it is now: whether it is there, and when all of it was read. Putting it on record reads all of it. */
  private look(model: StoredModel): Model {
    const readings = this.jobs.heads().flatMap(({ id, finishedAtMs }) => {
      if ((finishedAtMs ?? 0) < model.addedAtMs) return [];
      return readingOf(model.id, this.jobs.get(id)) ?? [];
    });
    const lastRead = readings[0] ?? { atMs: model.addedAtMs, isAsOnRecord: true };
    return { ...model, isPresent: existsSync(model.path), lastRead };
  }

  private refuseSecond(work: ModelWork): void {
    const target = targetOfModelJob(work);
    const running = this.jobs.open().find(({ detail }) => targetOfModelJob(detail.work) === target);
    if (!running) return;
    const path = work.kind === 'strip' ? work.outputPath : work.path;
    throw new AppError('conflict', `${path} is being worked on already`, `Wait for job ${running.id}, or cancel it.`);
  }
}

function notDeleted(path: string, thrown: unknown): AppError {
  const why = thrown instanceof Error ? thrown.message : String(thrown);
  return new AppError(
    'io',
    `The weights ${path} can't be deleted: ${why}`,
    'Check that you may write to their folder, then empty the bin again.',
  );
}

function notAsRecorded(model: Model, content: ModelContent): AppError {
  const differing = model.files.filter((file) => content.files.find(({ path }) => path === file.path)?.sha256 !== file.sha256);
  const names = differing.map(({ path }) => path).join(', ') || 'files were added';
  return new AppError(
    'conflict',
    `The model “${model.name}” at ${model.path} is not as on record: ${names}`,
    'If you changed it yourself, add it again. If not, fetch it again and check the disk of this computer.',
  );
}

/** Where a relative path counts from would depend on the shell. */
function requireAbsolute(path: string): void {
  if (!isAbsolute(path)) throw new AppError('invalid-input', `The path ${path} is not absolute`, 'Name it from the root of the disk on.');
}
