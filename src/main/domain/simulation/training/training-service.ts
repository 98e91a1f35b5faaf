// Trainings on record and under way: one process each, as many at once as the machine has cores, the others in a queue.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startTrainingInput } from '../../../../shared/api/training-inputs.js';
import type { PolicyDetailInput, StartTrainingInput, TwinInput } from '../../../../shared/api/training-inputs.js';
import { AppError, notThere } from '../../../../shared/errors.js';
import { nameTraining } from '../../../../shared/name-training.js';
import { isOpenState } from '../../../../shared/job.js';
import type { EpisodeMetrics, PolicyDetail, Training, TrainingBaselines, TrainingSpec } from '../../../../shared/training.js';
import type { VersionComparison } from '../../../../shared/on-the-job.js';
import { deriveSeed } from '../../../../random/random.js';
import type { SeenDecision } from '../../../../scheduling/experience/seen-decision.js';
import { isTestbedConfig } from '../../../../scheduling/testbed/testbed-config.js';
import { bytesIn } from '../../../foundation/bytes-in.js';
import type { StoredTraining, TrainingRepository } from '../../../adapters/storage/training-repository.js';
import type { JobEngine } from '../../jobs/job-engine.js';
import type { KindJob } from '../../jobs/job-kind.js';
import type { JobsOfKind } from '../../jobs/jobs-of-kind.js';
import type { ExportedPolicy } from './export-policy.js';
import { type Continuation, planContinuation } from './continue-training.js';
import { writeExperience } from './experience-file.js';
import { findConvergence } from './find-convergence.js';
import type { DigitalTwin } from './digital-twin.js';
import { planAgain, planTraining } from './plan-training.js';
import type { PolicyEvaluations } from './policy-evaluations.js';
import { describeSchedulingPolicies } from './scheduling-policies.js';
import type { ProcessSlots } from './process-slots.js';
import type { StartTrainer, TrainingPlan } from './trainer-messages.js';
import { readCheckpoint, type TrainingCheckpoint, writeCheckpoint } from './training-checkpoint.js';
import { subjectOfTraining, TrainingJobs } from './training-job.js';

/** Baselines are means over so many episodes at the most. */
const MAX_BASELINE_EPISODES = 60;

export interface TrainingServiceOptions {
  trainings: TrainingRepository;
  /** Folder of the checkpoints, one folder a training. */
  folder: string;
  startTrainer: StartTrainer;
  /** Copies a testbed into an environment, throws `not-found`; without it no twin can be asked for. */
  makeTwin?: (input: TwinInput) => DigitalTwin;
  evaluations: PolicyEvaluations;
  /** Whether one that was learned on the job was found not worse than the version before it. */
  isDeployed(id: string): boolean;
  programVersion: string;
  /** Puts on record what a training is made in. */
  keepEnvironment?(id: string, spec: TrainingSpec): void;
  jobs: JobEngine;
  newId(prefix: string): string;
  recordEvent(event: { kind: string; subjectId: string | null; message: string }): void;
  /** Places for processes, shared with anyone who else keeps cores busy. */
  slots: ProcessSlots;
}

export class TrainingService {
  private readonly work: TrainingJobs;
  private readonly jobs: JobsOfKind<null>;

  constructor(private readonly options: TrainingServiceOptions) {
    this.work = new TrainingJobs({ ...options, folderOf: (id) => this.folderOf(id), find: (id) => this.find(id) });
    this.jobs = options.jobs.plugIn(this.work.kind());
  }

  /** Oldest first. */
  list(): Training[] {
    return this.jobs
      .heads()
      .reverse()
      .map(({ id }) => this.get(id));
  }

  /** Throws `not-found`. */
  get(id: string): Training {
    return this.describe(this.jobs.get(id));
  }

  /** Points of the learning curve from an episode on. */
  curve(id: string, fromEpisode: number): EpisodeMetrics[] {
    return this.options.trainings.curve(this.find(id).id, fromEpisode);
  }

  /** Checks every field and starts, or queues it while every core trains. Throws `invalid-input` naming the fields. */
  start(input: StartTrainingInput): Training {
    return this.startNew(planTraining(startTrainingInput.parse(input), this.options.makeTwin));
  }

  /** A new training of the same frozen specification and environment. Throws `unsupported` where this program no longer takes them. */
  startAgain(id: string): Training {
    const stored = this.find(id);
    const { learnedFrom } = stored.spec;
    if (!learnedFrom) return this.startNew(planAgain(stored));
    throw new AppError(
      'unsupported',
      `Training ${id} continued training ${learnedFrom.trainingId} with decisions of runs, and is not made again from its record`,
      'Let the testbed learn again from its last runs: npm run cli -- policy learn --now.',
    );
  }

  /** Continues a training with what runs have shown, as a training of its own. Throws `conflict` where it can't be continued. */
  async continueWith(id: string, continuation: Continuation): Promise<Training> {
    const stored = this.find(id);
    const plan = planContinuation({ ...stored, ...planAgain(stored) }, continuation);
    const checkpoint = await this.checkpointOf(stored);
    const newId = this.options.newId('training');
    await writeCheckpoint(this.folderOf(newId), checkpoint);
    await writeExperience(this.folderOf(newId), continuation.decisions);
    return this.startNew(plan, newId);
  }

  /** The versions' figures beside each other. Throws `conflict` without a checkpoint. */
  async compareVersions(
    { before, after, decisions }: { before: string; after: string; decisions: readonly SeenDecision[] },
    signal: AbortSignal,
  ): Promise<VersionComparison> {
    const { environment, spec } = planAgain(this.find(after));
    if (!isTestbedConfig(environment)) throw new Error('Only versions that learned in the testbed’s environment are compared');
    const [[old], [young]] = await Promise.all([this.schedulingPolicies(before), this.schedulingPolicies(after)]);
    const seed = deriveSeed(spec.seed, `held back from ${after}`);
    return this.options.evaluations.versions(
      { kind: 'versions', before: old ?? '', after: young ?? '', config: environment, seed, decisions: [...decisions] },
      signal,
    );
  }

  private startNew({ spec, environment }: TrainingPlan, id = this.options.newId('training')): Training {
    const { trainings, programVersion, recordEvent } = this.options;
    this.options.keepEnvironment?.(id, spec);
    trainings.add({ id, spec, environment: { ...environment }, programVersion, checkpointEpisodes: 0 });
    const subject = subjectOfTraining(id, spec);
    const job = this.jobs.start({ id, title: 'Train', subject, detail: null });
    recordEvent({ kind: 'training-started', subjectId: id, message: `Training “${subject.name}” was started.` });
    return this.describe(job);
  }

  /** Finishes the episode under way and writes a checkpoint; resolves when it has stopped. */
  async pause(id: string): Promise<Training> {
    await this.jobs.pause(id);
    return this.get(id);
  }

  /** Continues from the last checkpoint. Throws `conflict` where it is not paused, or failed in a way that would come again. */
  resume(id: string): Training {
    const { error } = this.get(id);
    if (error?.code === 'training-diverged') {
      throw new AppError('conflict', `Training ${id} would end the same way again: ${error.message}`, error.hint);
    }
    return this.get(this.jobs.resume(id));
  }

  /** Ends it for good; its curve and its last checkpoint stay. */
  async cancel(id: string): Promise<Training> {
    const { state } = this.get(id);
    if (state === 'succeeded' || state === 'cancelled') {
      throw new AppError('conflict', `Training ${id} is ${state} and cannot be canceled`, 'Only one that is not done can be canceled.');
    }
    await this.jobs.cancel(id);
    return this.get(id);
  }

  /** Bytes of the files that go when it is removed. */
  sizeOnDisk(id: string): Promise<number> {
    return bytesIn(this.folderOf(id));
  }

  /** Throws `conflict` while it runs or waits. */
  async remove(id: string): Promise<void> {
    const { spec } = this.find(id);
    this.jobs.remove(id);
    await rm(this.folderOf(id), { recursive: true, force: true });
    const message = `Training “${nameTraining(spec)}” was removed with its checkpoint.`;
    this.options.recordEvent({ kind: 'training-removed', subjectId: id, message });
  }

  /** Yields the training at once and after each change (conflated), and ends when it no longer runs or waits. */
  watch(id: string, signal: AbortSignal): AsyncIterable<Training> {
    return this.jobs.watch(id, signal, (job) => this.describe(job));
  }

  /** As JSON by ordinal, or one for all nodes: what agents schedule by. Throws `conflict` without a checkpoint or a testbed. */
  async schedulingPolicies(id: string): Promise<string[]> {
    const stored = this.find(id);
    const checkpoint = await this.checkpointOf(stored);
    return describeSchedulingPolicies(planAgain(stored), checkpoint).map((policy) => JSON.stringify(policy));
  }

  /** The policy of the last checkpoint as ONNX, for `batchSize` observations of each agent. Throws `conflict` before the first one. */
  async exportPolicy(id: string, batchSize: number): Promise<ExportedPolicy> {
    if (!Number.isInteger(batchSize) || batchSize < 1 || batchSize > 100_000) {
      throw new AppError('invalid-input', `The batch size is ${batchSize}`, 'Give a whole number from 1 to 100000.');
    }
    const stored = this.find(id);
    const checkpoint = await this.checkpointOf(stored);
    const { exportPolicy } = await import('./export-policy.js');
    return exportPolicy(planAgain(stored), checkpoint, { batchSize, programVersion: stored.programVersion });
  }

  /** The policy of the last checkpoint on unseen arrivals; computed once a checkpoint. Throws `conflict` before the first one. */
  async detail({ id, episodes, choice: requested }: PolicyDetailInput, signal: AbortSignal): Promise<PolicyDetail> {
    const stored = this.find(id);
    const { checkpointEpisodes } = stored;
    if (checkpointEpisodes === 0) throw new AppError('conflict', `Training ${id} has no checkpoint yet`, 'Wait for its first one.');
    const training = { ...planAgain(stored), folder: this.folderOf(id) };
    const choice = requested ?? (isTestbedConfig(training.environment) ? 'most-probable' : 'drawn');
    const key = `${id}, episode ${checkpointEpisodes}, ${episodes}, ${choice}`;
    return this.options.evaluations.detail(key, { kind: 'detail', training, episodes, choice }, signal);
  }

  /** Computed once a training. */
  async baselines(id: string, signal: AbortSignal): Promise<TrainingBaselines> {
    const { spec, environment } = planAgain(this.find(id));
    const episodes = Math.min(spec.episodes, MAX_BASELINE_EPISODES);
    return this.options.evaluations.baselines(id, { kind: 'baselines', environment, seed: spec.seed, episodes }, signal);
  }

  /** Ends what is being evaluated; trainings end with the other jobs. */
  async close(): Promise<void> {
    await this.options.evaluations.close();
  }

  private describe({ id, state, error, createdAtMs, startedAtMs, finishedAtMs }: KindJob<null>): Training {
    const stored = this.find(id);
    const curve = this.options.trainings.curve(id);
    return {
      ...stored,
      imported: this.options.trainings.originOf(id),
      isHeldBack: stored.spec.learnedFrom !== undefined && !this.options.isDeployed(id),
      ...{ state, error, createdAtMs, startedAtMs, finishedAtMs },
      doneEpisodes: curve.length,
      last: curve.at(-1) ?? null,
      convergenceEpisode: isOpenState(state) ? null : findConvergence(curve.map((point) => point.ratioToOptTs)),
      remainingSec: this.work.remainingSec(id, stored.spec.episodes),
    };
  }

  private async checkpointOf({ id, spec }: StoredTraining): Promise<TrainingCheckpoint> {
    const checkpoint = await readCheckpoint(this.folderOf(id), spec.method);
    if (checkpoint) return checkpoint;
    throw new AppError('conflict', `Training ${id} has no checkpoint yet`, 'Wait for its first one.');
  }

  private find(id: string): StoredTraining {
    const stored = this.options.trainings.get(id);
    if (!stored) throw notThere('training', id);
    return stored;
  }

  private folderOf(id: string): string {
    return join(this.options.folder, id);
  }
}
