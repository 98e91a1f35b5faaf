// A simulated edge server as an agent is one (src/agent/edge-server): one queue in the order of the run, one worker, a backlog by its own
// record, or by the speed that it has seen.
import { nextInQueue, type QueueOrder } from '../../shared/scheduling-settings.js';
import type { SpeedEstimate } from '../speeds/speed-estimate.js';
import type { NodePace } from './node-pace.js';

export interface SimulatedTimes {
  /** By the record, this node's speed included: an image of z steps takes fixedSec + z secPerStep. */
  fixedSec: number;
  secPerStep: number;
}

export interface AdmittedTask {
  ordinal: number;
  qualitySteps: number;
}

/** When a task was executed. */
export interface Executed {
  ordinal: number;
  admittedSec: number;
  startSec: number;
  endSec: number;
}

interface Waiting extends AdmittedTask {
  admittedSec: number;
  /** By the record; what the order goes by. */
  expectedMs: number;
}

export interface SimulatedEdgeServerOptions {
  times: SimulatedTimes;
  pace: NodePace;
  queueOrder: QueueOrder;
  /** Null: it goes by its record. */
  estimate: SpeedEstimate | null;
  onEnd: (executed: Executed) => void;
}

export class SimulatedEdgeServer {
  readonly #options: SimulatedEdgeServerOptions;
  readonly #queue: Waiting[] = [];
  #queuedMs = 0;
  #running: { task: Waiting; startSec: number; endSec: number } | null = null;

  constructor(options: SimulatedEdgeServerOptions) {
    this.#options = options;
  }

  /** Seconds, as it reckons with them. */
  get times(): SimulatedTimes {
    const { times } = this.#options;
    const slowness = this.#slowness;
    return { fixedSec: times.fixedSec * slowness, secPerStep: times.secPerStep * slowness };
  }

  /** Expected seconds of what waits and of the rest of what computes. Expects `advance` to the same instant. */
  backlogSec(nowSec: number): number {
    const slowness = this.#slowness;
    const queuedSec = (this.#queuedMs / 1000) * slowness;
    if (!this.#running) return queuedSec;
    const { task, startSec } = this.#running;
    return queuedSec + Math.max(0, (task.expectedMs / 1000) * slowness - (nowSec - startSec));
  }

  /** Executes until `nowSec`, which never goes back. */
  advance(nowSec: number): void {
    while (this.#running && this.#running.endSec <= nowSec) {
      const { task, startSec, endSec } = this.#running;
      this.#running = null;
      this.#options.estimate?.observe(endSec - startSec, task.expectedMs / 1000);
      this.#startNext(endSec);
      this.#options.onEnd({ ordinal: task.ordinal, admittedSec: task.admittedSec, startSec, endSec });
    }
  }

  admit(task: AdmittedTask, nowSec: number): void {
    const { fixedSec, secPerStep } = this.#options.times;
    const expectedMs = (fixedSec + task.qualitySteps * secPerStep) * 1000;
    this.#queue.push({ ...task, admittedSec: nowSec, expectedMs });
    this.#queuedMs += expectedMs;
    if (!this.#running) this.#startNext(nowSec);
  }

  get #slowness(): number {
    return this.#options.estimate?.slowness ?? 1;
  }

  #startNext(startSec: number): void {
    const task = nextInQueue(this.#queue, this.#options.queueOrder);
    if (!task) return;
    this.#queue.splice(this.#queue.indexOf(task), 1);
    this.#queuedMs = this.#queue.length === 0 ? 0 : this.#queuedMs - task.expectedMs;
    this.#running = { task, startSec, endSec: startSec + this.#options.pace.computeSec(task.expectedMs / 1000, startSec) };
  }
}
