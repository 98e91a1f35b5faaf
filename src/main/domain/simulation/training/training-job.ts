// A training as a job: waits for a core, then one process trains until it is done, paused or ended; its last checkpoint always stays.
import { z } from 'zod';
import { notThere } from '../../../../shared/errors.js';
import type { JobSubject } from '../../../../shared/job.js';
import { nameTraining } from '../../../../shared/name-training.js';
import type { TrainingSpec } from '../../../../shared/training.js';
import type { StoredTraining, TrainingRepository } from '../../../adapters/storage/training-repository.js';
import { type EndEvent, eventOfEnd } from '../../jobs/event-of-end.js';
import type { JobContext, JobEnd, JobKindOptions } from '../../jobs/job-kind.js';
import { PaceMeter } from './pace-meter.js';
import { planAgain } from './plan-training.js';
import type { ProcessSlots } from './process-slots.js';
import type { StartTrainer } from './trainer-messages.js';

export interface TrainingJobOptions {
  trainings: TrainingRepository;
  startTrainer: StartTrainer;
  /** Shared with anyone who else keeps cores busy. */
  slots: ProcessSlots;
  /** Where a training's checkpoint is kept. */
  folderOf(id: string): string;
  recordEvent(event: EndEvent): void;
  /** Throws `not-found`. */
  find(id: string): StoredTraining;
}

export class TrainingJobs {
  readonly #options: TrainingJobOptions;
  readonly #paces = new Map<string, PaceMeter>();
  /** What lets each of those that wait start, first in first out. */
  readonly #waiting: (() => void)[] = [];

  constructor(options: TrainingJobOptions) {
    this.#options = options;
    options.slots.onFree(() => {
      while (this.#waiting.length > 0 && options.slots.tryTake()) this.#waiting.shift()?.();
    });
  }

  kind(): JobKindOptions<null> {
    return {
      kind: 'training',
      idPrefix: 'training',
      doing: 'training',
      detailSchema: z.null(),
      keepEnded: 'all',
      waitsItsTurn: true,
      canPause: true,
      canCancel: true,
      interruptedState: 'paused',
      // One that diverged would end the same way again.
      isResumable: ({ state, error }) => state === 'paused' || (state === 'failed' && error?.code !== 'training-diverged'),
      resumeFrom: ({ id }) => {
        planAgain(this.#options.find(id));
        return null;
      },
      describe: ({ id }) => {
        const { spec } = this.#options.find(id);
        const done = this.#options.trainings.episodes(id);
        return {
          progress: { done, total: spec.episodes, unit: 'episodes', phase: null },
          remainingSec: this.remainingSec(id, spec.episodes),
        };
      },
      run: (context) => this.#run(context),
      onEnd: (job) => {
        const event = eventOfEnd(`Training “${job.subject.name}”`, job);
        if (event) this.#options.recordEvent(event);
      },
      notFound: (id) => notThere('training', id),
    };
  }

  /** Null where it does not train, or before there is a pace. */
  remainingSec(id: string, episodes: number): number | null {
    return this.#paces.get(id)?.remainingSec(episodes) ?? null;
  }

  async #run(context: JobContext<null>): Promise<JobEnd> {
    const { slots } = this.#options;
    const isFirst = this.#waiting.length === 0 && slots.tryTake();
    if (!isFirst && !(await this.#untilAdmitted(context))) return { state: context.pausing.aborted ? 'paused' : 'cancelled' };
    try {
      return await this.#train(context);
    } finally {
      this.#paces.delete(context.id);
      slots.release();
    }
  }

  /** False where it is paused or cancelled first; then it has no place to give back. */
  #untilAdmitted({ pausing, cancelling }: JobContext<null>): Promise<boolean> {
    return new Promise((resolve) => {
      const admit = (): void => resolve(true);
      const giveUp = (): void => {
        const index = this.#waiting.indexOf(admit);
        if (index < 0) return;
        this.#waiting.splice(index, 1);
        resolve(false);
      };
      this.#waiting.push(admit);
      for (const signal of [pausing, cancelling]) signal.addEventListener('abort', giveUp, { once: true });
    });
  }

  async #train(context: JobContext<null>): Promise<JobEnd> {
    const { trainings, startTrainer, find, folderOf } = this.#options;
    const { id, pausing, cancelling } = context;
    const stored = find(id);
    const pace = new PaceMeter();
    this.#paces.set(id, pace);
    context.start();
    const process = startTrainer({ ...planAgain(stored), folder: folderOf(id) }, (episodes, checkpointEpisodes) => {
      trainings.saveEpisodes(id, episodes);
      trainings.keepCheckpoint(id, checkpointEpisodes);
      pace.add(episodes.at(-1)?.episode ?? null, performance.now());
      context.change();
    });
    whenAborted(pausing, () => process.pause());
    whenAborted(cancelling, () => process.kill());
    return { state: await process.ended };
  }
}

export function subjectOfTraining(id: string, spec: TrainingSpec): JobSubject {
  return { kind: 'training', id, name: nameTraining(spec) };
}

/** Also when it was aborted before. */
function whenAborted(signal: AbortSignal, act: () => void): void {
  if (signal.aborted) act();
  else signal.addEventListener('abort', act, { once: true });
}
