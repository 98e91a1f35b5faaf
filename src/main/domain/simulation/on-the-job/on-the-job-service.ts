// Learning on the job, testbed by testbed: keeps what runs have shown while it is switched on, continues the newest policy with it, and deploys the
// result only where it is not worse. A series is measured with what it names: of its runs nothing is kept, and while it lasts nothing is learned,
// unless learning is what it measures: then of its rows that learn, each from its own runs.
import type { LearningRepository, RunExperience } from '../../../adapters/storage/learning-repository.js';
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
  /** Whether learning on the job is what its series measures of it. */
  measuresLearning: boolean;
  /** Whether its edge servers executed in the order of admission, which what came of a decision is reckoned by. */
  isInOrder: boolean;
  nodes: readonly RecordedNode[];
}

/** Of one row of a series that learns. */
export interface RunsToLearnFrom {
  testbedId: string;
  /** That the row names. */
  trainingId: string;
  /** Those that count, oldest first. */
  runIds: readonly string[];
}

export interface OnTheJobOptions {
  store: Pick<
    LearningRepository,
    'isOn' | 'set' | 'count' | 'attempts' | 'attemptsAfter' | 'addExperience' | 'experience' | 'saveAttempt' | 'endOpenAttempts'
  >;
  trainings: Pick<TrainingService, 'list' | 'get' | 'continueWith' | 'compareVersions' | 'watch' | 'cancel'>;
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
  isKeeping({ testbedId, isOfSeries, measuresLearning }: Pick<EndedRun, 'testbedId' | 'isOfSeries' | 'measuresLearning'>): boolean {
    return measuresLearning || (!isOfSeries && this.#options.store.isOn(testbedId));
  }

  /** A run has ended: what its base stations kept is taken, and learned from where it is enough. Never rejects. */
  runEnded(runId: string): void {
    const taking = this.#takeOf(runId);
    this.#taking.add(taking);
    this.#follow('learning from a run', async () => {
      try {
        const { testbedId, decisions } = await taking;
        const { startsAlone, store, obstacleOn } = this.#options;
        const isFree = startsAlone && store.isOn(testbedId) && decisions >= MIN_DECISIONS && obstacleOn(testbedId) === null;
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
    const { getTestbed, obstacleOn } = this.#options;
    const testbed = getTestbed(testbedId);
    const obstacle = this.#learning.has(testbedId) ? 'It learns already.' : obstacleOn(testbedId);
    if (obstacle !== null) throw new AppError('conflict', `Testbed “${testbed.name}” can't learn now: ${obstacle}`);
    const from = this.#toContinue(testbedId);
    if (!from) {
      const hint = 'Train one first: npm run cli -- train --testbed NAME.';
      throw new AppError('conflict', `There is no policy with a shared network that testbed “${testbed.name}” could continue`, hint);
    }
    const fitting = this.#fitting(testbed);
    const decisions = countDecisions(fitting);
    if (decisions < MIN_DECISIONS) {
      throw new AppError(
        'conflict',
        `Testbed “${testbed.name}” has ${decisions} decisions of runs on record; at least ${MIN_DECISIONS} are needed`,
        'Switch learning on and execute a run: npm run cli -- policy learn --on.',
      );
    }
    this.#learning.add(testbedId);
    try {
      const attempt = await this.#start(testbed, { from: from.id, fitting, afterRunId: null });
      this.#follow('learning on the job', async () => {
        try {
          await this.#conclude(attempt, testbed.name, fitting);
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

  /**
   * Of a series that measures learning: learns from these runs of one of its rows, oldest first, unless it has since the newest, and resolves
   * with the training that decides now: the newest that is not worse, or the row's own. Rejects with the signal's reason, the attempt given up.
   */
  async learnForSeries({ testbedId, trainingId, runIds }: RunsToLearnFrom, signal: AbortSignal): Promise<string> {
    const { store, trainings, getTestbed } = this.#options;
    await this.taken();
    const attempts = store.attemptsAfter(runIds);
    const current = attempts.findLast(({ state }) => state === 'deployed')?.trainingId ?? trainingId;
    const testbed = getTestbed(testbedId);
    const fitting = this.#fitting(testbed).filter(({ runId }) => runIds.includes(runId));
    const newest = fitting.at(-1)?.runId ?? null;
    const hasLearned = attempts.some(({ afterRunId, state }) => afterRunId === newest && state !== 'ended');
    if (newest === null || hasLearned || countDecisions(fitting) < MIN_DECISIONS) return current;
    const attempt = await this.#start(testbed, { from: current, fitting, afterRunId: newest });
    const cancel = (): void => void trainings.cancel(attempt.trainingId).catch(() => undefined);
    signal.addEventListener('abort', cancel, { once: true });
    if (signal.aborted) cancel();
    try {
      const { state } = await this.#conclude(attempt, testbed.name, fitting, signal);
      signal.throwIfAborted();
      return state === 'deployed' ? attempt.trainingId : current;
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  /** What was learned after each of the runs, of those after which a series learned anything. */
  learnedAfter(runIds: readonly string[]): Map<string, LearningAttempt> {
    return new Map(this.#options.store.attemptsAfter(runIds).map((attempt) => [attempt.afterRunId ?? '', attempt]));
  }

  /** What is on record of the testbed as it is now. */
  #fitting({ id, nodes }: { id: string; nodes: readonly unknown[] }): RunExperience[] {
    return this.#options.store.experience(id).filter(({ experience }) => experience.slowness.length === nodes.length);
  }

  async #start(
    testbed: ReturnType<OnTheJobOptions['getTestbed']>,
    { from, fitting, afterRunId }: { from: string; fitting: readonly RunExperience[]; afterRunId: string | null },
  ): Promise<LearningAttempt> {
    const { store, trainings, nowMs, record } = this.#options;
    const newest = fitting.at(-1)?.experience.slowness ?? [];
    const nodes = testbed.nodes.map((node, index) => ({ ...node, slowness: newest[index] ?? 1 }));
    const runIds = fitting.map(({ runId }) => runId);
    const decisions = fitting.flatMap(({ experience }) => experience.decisions);
    const training = await trainings.continueWith(from, { testbed, nodes, runIds, decisions });
    const attempt: LearningAttempt = {
      ...{ trainingId: training.id, testbedId: testbed.id, fromTrainingId: from, afterRunId, startedAtMs: nowMs(), state: 'learning' },
      ...{ decisions: decisions.length, runs: runIds.length, comparison: null, reasons: [] },
    };
    store.saveAttempt(attempt);
    const message = `Testbed “${testbed.name}” learns from ${decisions.length} decisions.`;
    record({ kind: 'on-the-job-started', subjectId: testbed.id, message });
    return attempt;
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
    if (!run.measuresLearning && !this.#options.store.isOn(testbedId)) return { testbedId, decisions: 0 };
    if (run.isOfSeries && !run.measuresLearning) this.#noteSeries(run);
    const isLearnedFrom = this.isKeeping(run) && run.state === 'succeeded' && run.isInOrder;
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

  /** The attempt with its verdict; without one where the signal, or the end of the program, came before. */
  async #conclude(
    attempt: LearningAttempt,
    testbedName: string,
    fitting: readonly RunExperience[],
    asked?: AbortSignal,
  ): Promise<LearningAttempt> {
    const { trainings, record } = this.#options;
    const signal = asked ? AbortSignal.any([asked, this.#closing.signal]) : this.#closing.signal;
    const { trainingId, fromTrainingId, testbedId } = attempt;
    try {
      for await (const _training of trainings.watch(trainingId, signal)) signal.throwIfAborted();
      signal.throwIfAborted();
      const { state, error } = trainings.get(trainingId);
      if (state !== 'succeeded') throw new AppError('cancelled', error?.message ?? `The training is ${state}`);
      const decisions = fitting.flatMap(({ experience }) => experience.decisions);
      const comparison = await trainings.compareVersions({ before: fromTrainingId, after: trainingId, decisions }, signal);
      const reasons = reasonsAgainst(comparison);
      const isDeployed = reasons.length === 0;
      const message = isDeployed
        ? `The policy of testbed “${testbedName}” learned on the job: training ${trainingId} decides from its next run on.`
        : `What testbed “${testbedName}” learned on the job is not deployed: ${reasons.join(' ')}`;
      record({ kind: isDeployed ? 'on-the-job-deployed' : 'on-the-job-refused', subjectId: testbedId, message });
      return this.#save({ ...attempt, state: isDeployed ? 'deployed' : 'not-deployed', comparison, reasons });
    } catch (thrown) {
      // At the next start it is noted as cut off.
      if (this.#closing.signal.aborted) return attempt;
      if (asked?.aborted)
        return this.#save({ ...attempt, state: 'ended', reasons: ['Its series was paused or canceled before there was a verdict.'] });
      const { message } =
        thrown instanceof AppError ? thrown : describeFailure(this.#options.log, thrown, { doing: 'comparing versions of a policy' });
      return this.#save({ ...attempt, state: 'ended', reasons: [message] });
    }
  }

  #save(attempt: LearningAttempt): LearningAttempt {
    this.#options.store.saveAttempt(attempt);
    return attempt;
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

function countDecisions(experience: readonly RunExperience[]): number {
  return experience.reduce((sum, { decisions }) => sum + decisions, 0);
}
