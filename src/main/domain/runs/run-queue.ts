// At most one run at a time executes on a testbed; the others wait in the order they were started, or were put in since.
import { StorageFailure } from '../../foundation/storage-failure.js';
import type { RunExecutor } from './run-executor.js';
import type { RunExecutorOptions } from './run-executor.js';
import type { StoredRun } from './run-store.js';

export interface RunQueueOptions {
  makeExecutor(run: StoredRun, events: Pick<RunExecutorOptions, 'changed' | 'ended'>): RunExecutor;
  /** A run changed. */
  changed(runId: string): void;
  /** A run could not start or ended by an internal error. */
  failed(runId: string, thrown: unknown): void;
}

/** Real ms before a run whose start could not be written is tried again. */
const RETRY_DELAY_MS = 2000;

export class RunQueue {
  readonly #options: RunQueueOptions;
  readonly #executors = new Map<string, RunExecutor>();
  readonly #activeByTestbed = new Map<string, StoredRun>();
  readonly #waiting: StoredRun[] = [];
  readonly #ended = new Map<string, Promise<void>>();
  readonly #later = new Set<NodeJS.Timeout>();
  #isClosed = false;

  constructor(options: RunQueueOptions) {
    this.#options = options;
  }

  executorOf(runId: string): RunExecutor | undefined {
    return this.#executors.get(runId);
  }

  /** What a waiting run waits for first: the one that waits before it on its testbed, else the one that has the testbed. Null where it does not wait. */
  waitsBehind(runId: string): { id: string; name: string } | null {
    const index = this.#waiting.findIndex((run) => run.id === runId);
    const testbedId = this.#waiting[index]?.spec.testbedId;
    if (testbedId === undefined) return null;
    const before = this.#waiting.slice(0, index).findLast(({ spec }) => spec.testbedId === testbedId);
    const ahead = before ?? this.#activeByTestbed.get(testbedId);
    return ahead ? { id: ahead.id, name: ahead.spec.name } : null;
  }

  add(run: StoredRun): void {
    this.#waiting.push(run);
    this.#advance();
  }

  /** Takes a waiting run out; false when it is not waiting. */
  withdraw(runId: string): boolean {
    const index = this.#waiting.findIndex((run) => run.id === runId);
    if (index < 0) return false;
    this.#waiting.splice(index, 1);
    return true;
  }

  isWaiting(runId: string): boolean {
    return this.#waiting.some((run) => run.id === runId);
  }

  /** Has a waiting run come before or after so many others that wait for its testbed; false where it does not wait or there is none. */
  move(runId: string, to: 'earlier' | 'later', places = 1): boolean {
    let hasMoved = false;
    for (let place = 0; place < places && this.#changePlaces(runId, to); place++) hasMoved = true;
    return hasMoved;
  }

  #changePlaces(runId: string, to: 'earlier' | 'later'): boolean {
    const index = this.#waiting.findIndex((run) => run.id === runId);
    const testbedId = this.#waiting[index]?.spec.testbedId;
    const isOfTestbed = (run: StoredRun): boolean => run.spec.testbedId === testbedId;
    const other =
      to === 'earlier'
        ? this.#waiting.findLastIndex((run, at) => at < index && isOfTestbed(run))
        : this.#waiting.findIndex((run, at) => at > index && isOfTestbed(run));
    const [mine, theirs] = [this.#waiting[index], this.#waiting[other]];
    if (!mine || !theirs) return false;
    [this.#waiting[index], this.#waiting[other]] = [theirs, mine];
    return true;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const timer of this.#later) clearTimeout(timer);
    this.#waiting.length = 0;
    await Promise.all([...this.#executors.values()].map((executor) => executor.close()));
    await Promise.all(this.#ended.values());
  }

  #advance(): void {
    if (this.#isClosed) return;
    for (const run of [...this.#waiting]) {
      const { testbedId } = run.spec;
      if (this.#activeByTestbed.has(testbedId)) continue;
      this.withdraw(run.id);
      this.#activeByTestbed.set(testbedId, run);
      const executor = this.#options.makeExecutor(run, {
        changed: () => this.#options.changed(run.id),
        ended: () => this.#release(run.id, testbedId),
      });
      this.#executors.set(run.id, executor);
      this.#ended.set(
        run.id,
        executor.start().catch(async (thrown: unknown) => {
          await executor.close();
          if (thrown instanceof StorageFailure) this.#addLater(run);
          else this.#options.failed(run.id, thrown);
          this.#release(run.id, testbedId);
        }),
      );
    }
  }

  /** Its start could not be written: no fault of the run. */
  #addLater(run: StoredRun): void {
    const timer = setTimeout(() => {
      this.#later.delete(timer);
      this.add(run);
    }, RETRY_DELAY_MS);
    this.#later.add(timer);
  }

  #release(runId: string, testbedId: string): void {
    this.#executors.delete(runId);
    this.#ended.delete(runId);
    if (this.#activeByTestbed.get(testbedId)?.id === runId) this.#activeByTestbed.delete(testbedId);
    this.#options.changed(runId);
    this.#advance();
  }
}
