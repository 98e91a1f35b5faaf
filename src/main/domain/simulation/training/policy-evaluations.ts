// What trained policies do on unseen arrivals, and what their curves are read against: computed in a process each, as many at once as the
// machine has cores, and remembered while the program runs.
import { availableParallelism } from 'node:os';
import { AppError } from '../../../../shared/errors.js';
import type { VersionComparison } from '../../../../shared/on-the-job.js';
import type { PolicyDetail, TrainingBaselines } from '../../../../shared/training.js';
import type { BaselinesTask, DetailTask, RunEvaluator, VersionsTask } from './evaluator-messages.js';

/** Answers of each kind that are kept, the newest; each is a few kilobytes. */
const MAX_REMEMBERED = 200;

export class PolicyEvaluations {
  readonly #runEvaluator: RunEvaluator;
  readonly #details = new Map<string, Promise<PolicyDetail>>();
  readonly #baselines = new Map<string, Promise<TrainingBaselines>>();
  readonly #closing = new AbortController();
  readonly #waiting: (() => void)[] = [];
  #free = availableParallelism();

  constructor(runEvaluator: RunEvaluator) {
    this.#runEvaluator = runEvaluator;
  }

  /**
   * @param key names what is asked for: the same key gives the remembered answer
   * @param signal ends the waiting; the process continues, for anyone who asks next
   */
  detail(key: string, task: DetailTask, signal: AbortSignal): Promise<PolicyDetail> {
    const compute = async (): Promise<PolicyDetail> => (await this.#runEvaluator(task, this.#closing.signal)).detail;
    return untilAborted(this.#remember(this.#details, key, compute), signal);
  }

  /** As `detail`. */
  baselines(key: string, task: BaselinesTask, signal: AbortSignal): Promise<TrainingBaselines> {
    const compute = async (): Promise<TrainingBaselines> => (await this.#runEvaluator(task, this.#closing.signal)).baselines;
    return untilAborted(this.#remember(this.#baselines, key, compute), signal);
  }

  /** Computed each time; the signal ends the process. */
  versions(task: VersionsTask, signal: AbortSignal): Promise<VersionComparison> {
    const either = AbortSignal.any([signal, this.#closing.signal]);
    return this.#inTurn(async () => (await this.#runEvaluator(task, either)).comparison);
  }

  /** Ends every process and waits until none is left. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled([...this.#details.values(), ...this.#baselines.values()]);
  }

  #remember<Answer>(answers: Map<string, Promise<Answer>>, key: string, compute: () => Promise<Answer>): Promise<Answer> {
    const known = answers.get(key);
    if (known) return known;
    const answer = this.#inTurn(compute);
    answers.set(key, answer);
    // What failed is tried again by anyone who asks next.
    answer.catch(() => answers.delete(key));
    const [oldest] = answers.keys();
    if (answers.size > MAX_REMEMBERED && oldest !== undefined) answers.delete(oldest);
    return answer;
  }

  async #inTurn<Answer>(compute: () => Promise<Answer>): Promise<Answer> {
    while (this.#free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#free--;
    try {
      return await compute();
    } finally {
      this.#free++;
      this.#waiting.shift()?.();
    }
  }
}

function untilAborted<Answer>(answer: Promise<Answer>, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(new AppError('cancelled', 'The evaluation was canceled'));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
