// Learning on the job, testbed by testbed: keeps what runs have shown while it is switched on, continues the newest policy with it, and deploys the
// result only where it is not worse. A series is measured with what it names: of its runs nothing is kept, and while it lasts nothing is learned.
import type { LearningRepository } from '../../../adapters/storage/learning-repository.js';
import type { Log } from '../../../adapters/log/log.js';
import { describeFailure } from '../../../adapters/log/report-internal-error.js';
import { AppError } from '../../../../shared/errors.js';
import { type LearningAttempt, type OnTheJobStatus, reasonsAgainst } from '../../../../shared/on-the-job.js';
import { canScheduleOn, isForAnyTestbed, type Training } from '../../../../shared/training.js';
import type { LearningNode } from '../training/continue-training.js';
import type { TrainingService } from '../training/training-service.js';
import { type RecordedNode, type RecordedTask, takeExperience } from './take-experience.js';

/** Fewer say nothing. */
const MIN_DECISIONS = 50;

/** A run that has ended, as far as it is learned from. */
export interface EndedRun {
  id: string;
  testbedId: string;
  state: string;
  isOfSeries: boolean;
  /** Whether its edge servers executed in the order of admission, which what came of a decision is reckoned by. */
  isInOrder: boolean;
  nodes: readonly RecordedNode[];
}

export interface OnTheJobOptions {
  store: LearningRepository;
  trainings: Pick<TrainingService, 'list' | 'get' | 'continueWith' | 'compareVersions' | 'watch'>;
  /** Throws `not-found`. */
  getTestbed(id: string): { id: string; name: string; nodes: readonly Omit<LearningNode, 'slowness'>[] };
  /** Resolves when the run is over and its figures are in. */
  endedRun(id: string, signal: AbortSignal): Promise<EndedRun>;
  tasksOf(runId: string): readonly RecordedTask[];
  /** All that the node's agent keeps of the run; empty where it can't be asked. */
  listExperience(nodeId: string, runId: string, signal: AbortSignal): Promise<readonly unknown[]>;
  /** What keeps the testbed from learning now, in words; null where nothing does. */
  obstacleOn(testbedId: string): string | null;
  record(event: { kind: string; subjectId: string | null; message: string }): void;
  /** Whether it learns by itself after a run; else only when asked. */
  startsAlone: boolean;
  nowMs(): number;
  log: Log;
}

export class OnTheJobService {
  readonly #options: OnTheJobOptions;
  readonly #closing = new AbortController();
  readonly #work = new Set<Promise<void>>();
  /** The part of it that needs the nodes. */
  readonly #taking = new Set<Promise<unknown>>();
  /** Testbeds that learn now. */
  readonly #learning = new Set<string>();

  constructor(options: OnTheJobOptions) {
    this.#options = options;
  }

  /** Attempts that an end of the program cut off. */
  recover(): void {
    this.#options.store.endOpenAttempts('The program ended before there was a verdict.');
  }

  /** Throws `not-found`. */
  status(testbedId: string): OnTheJobStatus {
    const { store, getTestbed, obstacleOn } = this.#options;
    getTestbed(testbedId);
    const isOn = store.isOn(testbedId);
    return {
      ...{ testbedId, isOn, ...store.count(testbedId) },
      trainingId: this.#toContinue(testbedId)?.id ?? null,
      obstacle: isOn ? obstacleOn(testbedId) : null,
      attempts: store.attempts(testbedId),
    };
  }

  /** Throws `not-found`. */
  set(testbedId: string, isOn: boolean): OnTheJobStatus {
    const { name } = this.#options.getTestbed(testbedId);
    this.#options.store.set(testbedId, isOn);
    const message = `Learning on the job was switched ${isOn ? 'on' : 'off'} for testbed “${name}”.`;
    this.#options.record({ kind: 'on-the-job-switched', subjectId: testbedId, message });
    return this.status(testbedId);
  }

  /** Whether the base stations of a run are to keep their decisions. */
  isKeeping(testbedId: string, isOfSeries: boolean): boolean {
    return !isOfSeries && this.#options.store.isOn(testbedId);
  }

  /** A run has ended: what its base stations kept is taken, and learned from where it is enough. Never rejects. */
  runEnded(runId: string): void {
    const taking = this.#takeOf(runId);
    this.#taking.add(taking);
    this.#follow('learning from a run', async () => {
      try {
        const { testbedId, decisions } = await taking;
        const isFree = this.#options.startsAlone && decisions >= MIN_DECISIONS && this.#options.obstacleOn(testbedId) === null;
        if (isFree && this.#toContinue(testbedId) && !this.#learning.has(testbedId)) await this.learn(testbedId);
      } finally {
        this.#taking.delete(taking);
      }
    });
  }

  /**
   * Starts to learn from what is on record; the comparison follows. Throws `conflict` while a run or a series has the testbed, without a policy to
   * continue, or with too little to learn from.
   */
  async learn(testbedId: string): Promise<OnTheJobStatus> {
    const { store, trainings, getTestbed, obstacleOn, nowMs, record } = this.#options;
    const testbed = getTestbed(testbedId);
    const obstacle = this.#learning.has(testbedId) ? 'It learns already.' : obstacleOn(testbedId);
    if (obstacle !== null) throw new AppError('conflict', `Testbed “${testbed.name}” can't learn now: ${obstacle}`);
    const from = this.#toContinue(testbedId);
    if (!from) {
      const hint = 'Train one first: npm run cli -- train --testbed NAME.';
      throw new AppError('conflict', `There is no policy with a shared network that testbed “${testbed.name}” could continue`, hint);
    }
    const fitting = store.experience(testbedId).filter(({ experience }) => experience.slowness.length === testbed.nodes.length);
    const decisions = fitting.flatMap(({ experience }) => experience.decisions);
    if (decisions.length < MIN_DECISIONS) {
      throw new AppError(
        'conflict',
        `Testbed “${testbed.name}” has ${decisions.length} decisions of runs on record; at least ${MIN_DECISIONS} are needed`,
        'Switch learning on and execute a run: npm run cli -- policy learn --on.',
      );
    }
    this.#learning.add(testbedId);
    try {
      const newest = fitting.at(-1)?.experience.slowness ?? [];
      const nodes = testbed.nodes.map((node, index) => ({ ...node, slowness: newest[index] ?? 1 }));
      const runIds = fitting.map(({ runId }) => runId);
      const training = await trainings.continueWith(from.id, { testbed, nodes, runIds, decisions });
      const attempt: LearningAttempt = {
        ...{ trainingId: training.id, testbedId, fromTrainingId: from.id, startedAtMs: nowMs(), state: 'learning' },
        ...{ decisions: decisions.length, runs: runIds.length, comparison: null, reasons: [] },
      };
      store.saveAttempt(attempt);
      record({
        kind: 'on-the-job-started',
        subjectId: testbedId,
        message: `Testbed “${testbed.name}” learns from ${decisions.length} decisions.`,
      });
      this.#follow('learning on the job', async () => {
        try {
          await this.#conclude(attempt, testbed.name);
        } finally {
          this.#learning.delete(testbedId);
        }
      });
    } catch (thrown) {
      this.#learning.delete(testbedId);
      throw thrown;
    }
    return this.status(testbedId);
  }

  /** Resolves when what ended runs have shown is taken: their agents forget it. */
  async taken(): Promise<void> {
    await Promise.allSettled([...this.#taking]);
  }

  /** Ends comparisons under way; what was not concluded is at the next start. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled([...this.#work]);
  }

  /** The newest that decides here: its network is shared by the servers, so that it can learn from any testbed's runs. */
  #toContinue(testbedId: string): Training | null {
    const fitting = this.#options.trainings
      .list()
      .filter((training) => training.state === 'succeeded' && isForAnyTestbed(training.spec) && canScheduleOn(training, testbedId));
    return fitting.toSorted((a, b) => b.createdAtMs - a.createdAtMs)[0] ?? null;
  }

  async #takeOf(runId: string): Promise<{ testbedId: string; decisions: number }> {
    const run = await this.#options.endedRun(runId, this.#closing.signal);
    const { testbedId } = run;
    if (!this.#options.store.isOn(testbedId)) return { testbedId, decisions: 0 };
    if (run.isOfSeries) this.#noteSeries(run);
    const isLearnedFrom = !run.isOfSeries && run.state === 'succeeded' && run.isInOrder;
    return { testbedId, decisions: isLearnedFrom ? await this.#take(run) : 0 };
  }

  /** How many decisions it is. */
  async #take(run: EndedRun): Promise<number> {
    const { store, tasksOf, listExperience, nowMs, log } = this.#options;
    const { signal } = this.#closing;
    const said = new Map<string, readonly unknown[]>();
    for (const { id } of run.nodes) said.set(id, await listExperience(id, run.id, signal));
    const { refused, ...experience } = takeExperience({ nodes: run.nodes, tasks: tasksOf(run.id), said });
    if (refused > 0)
      log.warn('Decisions of a run are not learned from: they are not of its tasks, or not of this form', { runId: run.id, refused });
    const decisions = experience.decisions.length;
    if (decisions > 0) store.addExperience({ runId: run.id, testbedId: run.testbedId, atMs: nowMs(), decisions, experience });
    return decisions;
  }

  async #conclude(attempt: LearningAttempt, testbedName: string): Promise<void> {
    const { store, trainings, record } = this.#options;
    const { signal } = this.#closing;
    const { trainingId, fromTrainingId, testbedId } = attempt;
    try {
      for await (const _training of trainings.watch(trainingId, signal)) signal.throwIfAborted();
      const { state, error } = trainings.get(trainingId);
      if (state !== 'succeeded') throw new AppError('cancelled', error?.message ?? `The training is ${state}`);
      const decisions = store.experience(testbedId).flatMap(({ experience }) => experience.decisions);
      const comparison = await trainings.compareVersions({ before: fromTrainingId, after: trainingId, decisions }, signal);
      const reasons = reasonsAgainst(comparison);
      const isDeployed = reasons.length === 0;
      store.saveAttempt({ ...attempt, state: isDeployed ? 'deployed' : 'not-deployed', comparison, reasons });
      const message = isDeployed
        ? `The policy of testbed “${testbedName}” learned on the job: training ${trainingId} decides from its next run on.`
        : `What testbed “${testbedName}” learned on the job is not deployed: ${reasons.join(' ')}`;
      record({ kind: isDeployed ? 'on-the-job-deployed' : 'on-the-job-refused', subjectId: testbedId, message });
    } catch (thrown) {
      // At the next start it is noted as cut off.
      if (signal.aborted) return;
      const { message } =
        thrown instanceof AppError ? thrown : describeFailure(this.#options.log, thrown, { doing: 'comparing versions of a policy' });
      store.saveAttempt({ ...attempt, state: 'ended', reasons: [message] });
    }
  }

  #noteSeries({ id, testbedId }: EndedRun): void {
    const message = `Run ${id} is of a series, which measures what it names: nothing was learned from it, though learning on the job is switched on.`;
    this.#options.record({ kind: 'on-the-job-left-out', subjectId: testbedId, message });
  }

  #follow(doing: string, act: () => Promise<void>): void {
    const work = act().catch((thrown: unknown) => {
      if (!this.#closing.signal.aborted) describeFailure(this.#options.log, thrown, { doing });
    });
    this.#work.add(work);
    void work.finally(() => this.#work.delete(work));
  }
}
