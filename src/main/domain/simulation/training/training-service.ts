// Trainings on record and under way: one process each, as many at once as the machine has cores, the others in a queue.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startTrainingInput } from '../../../../shared/api/training-inputs.js';
import type { PolicyDetailInput, StartTrainingInput, TwinInput } from '../../../../shared/api/training-inputs.js';
import { AppError } from '../../../../shared/errors.js';
import type { EpisodeMetrics, PolicyDetail, Training, TrainingBaselines, TrainingState } from '../../../../shared/training.js';
import { ChangeTopic } from '../../../foundation/live/change-topic.js';
import { watchSnapshots } from '../../../foundation/live/watch-snapshots.js';
import type { Log } from '../../../adapters/log/log.js';
import { describeFailure } from '../../../adapters/log/report-fault.js';
import type { StoredTraining, TrainingRepository } from '../../../adapters/storage/training-repository.js';
import type { ExportedPolicy } from './export-policy.js';
import { findConvergence } from './find-convergence.js';
import { PaceMeter } from './pace-meter.js';
import type { DigitalTwin } from './digital-twin.js';
import { planAgain, planTraining } from './plan-training.js';
import type { PolicyEvaluations } from './policy-evaluations.js';
import { describeSchedulingPolicies } from './scheduling-policies.js';
import type { ProcessSlots } from './process-slots.js';
import type { StartTrainer, TrainerProcess } from './trainer-messages.js';
import { readCheckpoint } from './training-checkpoint.js';

/** Baselines are means over so many episodes at the most. */
const MAX_BASELINE_EPISODES = 60;

/** A training process that does not pause by itself when the program ends is ended after this long; its last checkpoint stays. */
const KILL_AFTER_MS = 2_500;

export interface TrainingServiceOptions {
  trainings: TrainingRepository;
  /** Folder of the checkpoints, one folder a training. */
  folder: string;
  startTrainer: StartTrainer;
  /** Copies a testbed into an environment, throws `not-found`; without it no twin can be asked for. */
  makeTwin?: (input: TwinInput) => DigitalTwin;
  /** Whether this program has the data folder to itself: what is on record as running and does not run here was interrupted. */
  isOwner: boolean;
  evaluations: PolicyEvaluations;
  programVersion: string;
  newId(prefix: string): string;
  /** Wall clock, epoch ms. */
  nowMs(): number;
  recordEvent(event: { kind: string; subjectId: string | null; message: string }): void;
  log?: Log;
  /** Places for processes, shared with whoever else keeps cores busy. */
  slots: ProcessSlots;
}

interface RunningTraining {
  process: TrainerProcess;
  pace: PaceMeter;
  /** What was asked of the process. */
  asked: 'nothing' | 'pause' | 'cancel';
  /** Settles when its end is on record; never rejects. */
  settled: Promise<void>;
}

export class TrainingService {
  private readonly running = new Map<string, RunningTraining>();
  /** Ids, first in first out. */
  private readonly queue: string[] = [];
  private readonly changes = new ChangeTopic();
  private isClosed = false;

  constructor(private readonly options: TrainingServiceOptions) {
    options.slots.onFree(() => this.launchWaiting());
  }

  list(): Training[] {
    return this.options.trainings.list().map((stored) => this.describe(stored));
  }

  /** Those that run or wait; reads no curve but theirs. */
  listOpen(): Training[] {
    return [...this.running.keys(), ...this.queue].map((id) => this.get(id));
  }

  /** Throws `not-found`. */
  get(id: string): Training {
    return this.describe(this.find(id));
  }

  /** Points of the learning curve from an episode on. */
  curve(id: string, fromEpisode: number): EpisodeMetrics[] {
    return this.options.trainings.curve(this.find(id).id, fromEpisode);
  }

  /** Checks every field and begins, or queues it while every core trains. Throws `invalid-input` naming the fields. */
  start(input: StartTrainingInput): Training {
    const { spec, environment } = planTraining(startTrainingInput.parse(input), this.options.makeTwin);
    const { trainings, programVersion, newId, nowMs, recordEvent } = this.options;
    const id = newId('training');
    trainings.add({
      id,
      spec,
      environment: { ...environment },
      state: 'queued',
      programVersion,
      checkpointEpisodes: 0,
      error: null,
      createdAtMs: nowMs(),
      startedAtMs: null,
      finishedAtMs: null,
    });
    recordEvent({
      kind: 'training-started',
      subjectId: id,
      message: `Training of ${spec.method} (${spec.preset}, seed ${spec.seed}) was started`,
    });
    this.enqueue(id);
    return this.get(id);
  }

  /** Finishes the episode under way and writes a checkpoint; resolves when it has stopped. */
  async pause(id: string): Promise<Training> {
    const running = this.running.get(id);
    if (running) {
      if (running.asked === 'nothing') {
        running.asked = 'pause';
        running.process.pause();
        this.changes.announce();
      }
      await running.settled;
    } else if (this.unqueue(id)) this.change(id, { state: 'paused' });
    else throw this.refuse(id, 'paused');
    return this.get(id);
  }

  /** Goes on from the last checkpoint. Throws `conflict` where it is not paused, or failed in a way that would come again. */
  resume(id: string): Training {
    const { state, error } = this.get(id);
    if (error?.code === 'training-diverged') {
      throw new AppError('conflict', `Training ${id} would end the same way again: ${error.message}`, error.hint);
    }
    if (state !== 'paused' && state !== 'failed') throw this.refuse(id, 'resumed');
    planAgain(this.find(id));
    this.change(id, { state: 'queued', error: null, finishedAtMs: null });
    this.enqueue(id);
    return this.get(id);
  }

  /** Ends it for good; its curve and its last checkpoint stay. */
  async cancel(id: string): Promise<Training> {
    const running = this.running.get(id);
    if (running) {
      running.asked = 'cancel';
      running.process.kill();
      await running.settled;
      return this.get(id);
    }
    const { state } = this.get(id);
    if (state === 'succeeded' || state === 'cancelled') throw this.refuse(id, 'cancelled');
    this.unqueue(id);
    this.change(id, { state: 'cancelled', finishedAtMs: this.options.nowMs() });
    return this.get(id);
  }

  /** Throws `conflict` while it runs or waits. */
  async remove(id: string): Promise<void> {
    const { spec } = this.find(id);
    if (this.running.has(id) || this.queue.includes(id)) throw this.refuse(id, 'removed');
    this.options.trainings.delete(id);
    await rm(this.folderOf(id), { recursive: true, force: true });
    this.options.recordEvent({
      kind: 'training-removed',
      subjectId: id,
      message: `Training of ${spec.method} was removed with its checkpoint`,
    });
    this.changes.announce();
  }

  /** Yields the training at once and after each change (conflated), and ends when it no longer runs or waits. */
  watch(id: string, signal: AbortSignal): AsyncIterable<Training> {
    this.find(id);
    return watchSnapshots(
      {
        read: () => this.get(id),
        subscribe: (listener) => this.changes.subscribe(listener),
        isLast: ({ state }) => !isOpen(state),
      },
      signal,
    );
  }

  /** As JSON by ordinal: what agents schedule by. Throws `conflict` without a checkpoint or a testbed. */
  async schedulingPolicies(id: string): Promise<string[]> {
    const stored = this.find(id);
    const checkpoint = await readCheckpoint(this.folderOf(id), stored.spec.method);
    if (!checkpoint) throw new AppError('conflict', `Training ${id} has no checkpoint yet`, 'Wait for its first one.');
    return describeSchedulingPolicies(planAgain(stored), checkpoint).map((policy) => JSON.stringify(policy));
  }

  /** The policy of the last checkpoint as ONNX, for `batchSize` observations of each agent. Throws `conflict` before the first one. */
  async exportPolicy(id: string, batchSize: number): Promise<ExportedPolicy> {
    if (!Number.isInteger(batchSize) || batchSize < 1 || batchSize > 100_000) {
      throw new AppError('invalid-input', `The batch size is ${batchSize}`, 'Give a whole number from 1 to 100000.');
    }
    const stored = this.find(id);
    const checkpoint = await readCheckpoint(this.folderOf(id), stored.spec.method);
    if (!checkpoint) throw new AppError('conflict', `Training ${id} has no checkpoint yet`, 'Wait for its first one.');
    const { exportPolicy } = await import('./export-policy.js');
    return exportPolicy(planAgain(stored), checkpoint, { batchSize, programVersion: stored.programVersion });
  }

  /** The policy of the last checkpoint on unseen arrivals; computed once a checkpoint. Throws `conflict` before the first one. */
  async detail({ id, episodes, choice }: PolicyDetailInput, signal: AbortSignal): Promise<PolicyDetail> {
    const stored = this.find(id);
    const { checkpointEpisodes } = stored;
    if (checkpointEpisodes === 0) throw new AppError('conflict', `Training ${id} has no checkpoint yet`, 'Wait for its first one.');
    const training = { ...planAgain(stored), folder: this.folderOf(id) };
    const key = `${id}, episode ${checkpointEpisodes}, ${episodes}, ${choice}`;
    return this.options.evaluations.detail(key, { kind: 'detail', training, episodes, choice }, signal);
  }

  /** Computed once a training. */
  async baselines(id: string, signal: AbortSignal): Promise<TrainingBaselines> {
    const { spec, environment } = planAgain(this.find(id));
    const episodes = Math.min(spec.episodes, MAX_BASELINE_EPISODES);
    return this.options.evaluations.baselines(id, { kind: 'baselines', environment, seed: spec.seed, episodes }, signal);
  }

  /** Pauses what runs, so that it can be resumed, and waits until no process is left. */
  async close(): Promise<void> {
    this.isClosed = true;
    for (const id of this.queue.splice(0)) this.change(id, { state: 'paused' });
    const timer = setTimeout(() => {
      for (const { process } of this.running.values()) process.kill();
    }, KILL_AFTER_MS);
    await Promise.all([this.options.evaluations.close(), ...[...this.running.keys()].map((id) => this.pause(id))]);
    clearTimeout(timer);
  }

  private enqueue(id: string): void {
    this.queue.push(id);
    this.launchNext();
    this.changes.announce();
  }

  private launchNext(): void {
    const { slots } = this.options;
    while (!this.isClosed && this.queue.length > 0 && slots.tryTake()) {
      try {
        this.launch(this.queue.shift() ?? '');
      } catch (thrown) {
        slots.release();
        throw thrown;
      }
    }
  }

  private launchWaiting(): void {
    try {
      this.launchNext();
    } catch {
      // The disk is full or gone. Who was next is told as paused.
      this.changes.announce();
    }
  }

  private launch(id: string): void {
    const { trainings, startTrainer, nowMs } = this.options;
    const stored = this.find(id);
    const pace = new PaceMeter();
    this.change(id, { state: 'running', startedAtMs: stored.startedAtMs ?? nowMs() });
    const process = startTrainer({ ...planAgain(stored), folder: this.folderOf(id) }, (episodes, checkpointEpisodes) => {
      trainings.saveEpisodes(id, episodes);
      pace.add(episodes.at(-1)?.episode ?? null, performance.now());
      this.change(id, { checkpointEpisodes });
    });
    const settled = process.ended.then(
      (outcome) => this.settle(id, { state: outcome }),
      (thrown: unknown) => {
        const asked = this.running.get(id)?.asked ?? 'nothing';
        if (asked === 'nothing') {
          const error = describeFailure(this.options.log, thrown, { doing: 'training', trainingId: id });
          this.settle(id, { state: 'failed', error });
        }
        // Killed because it took too long to pause: its last checkpoint is as good a place to go on from.
        else this.settle(id, { state: asked === 'cancel' ? 'cancelled' : 'paused' });
      },
    );
    this.running.set(id, { process, pace, asked: 'nothing', settled });
  }

  private settle(id: string, end: Pick<StoredTraining, 'state'> & Partial<StoredTraining>): void {
    this.running.delete(id);
    try {
      this.change(id, { ...end, finishedAtMs: end.state === 'paused' ? null : this.options.nowMs() });
    } catch {
      // The disk is full or gone. What is on record as running and does not run here is told as paused, which it is.
      this.changes.announce();
    }
    this.options.slots.release();
  }

  private change(id: string, changed: Partial<StoredTraining>): void {
    this.options.trainings.update({ ...this.find(id), ...changed });
    this.changes.announce();
  }

  private describe(stored: StoredTraining): Training {
    const curve = this.options.trainings.curve(stored.id);
    const running = this.running.get(stored.id);
    return {
      ...stored,
      state: this.stateOf(stored),
      doneEpisodes: curve.length,
      last: curve.at(-1) ?? null,
      convergenceEpisode: isOpen(stored.state) ? null : findConvergence(curve.map((point) => point.ratioToOptTs)),
      remainingSec: running?.pace.remainingSec(stored.spec.episodes) ?? null,
    };
  }

  private stateOf({ id, state }: StoredTraining): TrainingState {
    const running = this.running.get(id);
    if (running) return running.asked === 'nothing' ? 'running' : 'stopping';
    return this.options.isOwner && isOpen(state) && !this.queue.includes(id) ? 'paused' : state;
  }

  private unqueue(id: string): boolean {
    const place = this.queue.indexOf(id);
    if (place >= 0) this.queue.splice(place, 1);
    return place >= 0;
  }

  private find(id: string): StoredTraining {
    const stored = this.options.trainings.get(id);
    if (!stored) throw new AppError('not-found', `There is no training ${id}`, 'List the trainings to see which there are.');
    return stored;
  }

  private refuse(id: string, participle: string): AppError {
    const { state } = this.get(id);
    const hint = isOpen(state)
      ? 'Pause or cancel it first.'
      : 'Only one that is under way can be paused, only one that is not done resumed or cancelled.';
    return new AppError('conflict', `Training ${id} is ${state} and cannot be ${participle}`, hint);
  }

  private folderOf(id: string): string {
    return join(this.options.folder, id);
  }
}

function isOpen(state: TrainingState): boolean {
  return state === 'queued' || state === 'running' || state === 'stopping';
}
