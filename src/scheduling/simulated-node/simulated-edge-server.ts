// A simulated edge server as an agent is one (src/agent/edge-server): one queue in the order of the run, one worker, a backlog by its own
// record, or by the speed that it has seen, and refusals. Model time in seconds, given by the caller and never going back.
import { nextInQueue, type QueueOrder } from '../../shared/scheduling-settings.js';
import type { HeldTasks } from '../../shared/task-life/held-limit.js';
import { MAX_REFUSALS, offerSlackMs } from '../policies/offer-slack.js';
import type { SpeedEstimate } from '../speeds/speed-estimate.js';
import { COLD, type Computed, type NodePace } from './node-pace.js';

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

/** What a station offers a task on. */
export interface OfferMade {
  qualitySteps: number;
  /** The backlog that it believes in. */
  expectedSec: number;
  /** How often the task was refused before. */
  refusals: number;
  /** Tasks that the station has to place after this one. */
  leftTasks: number;
  edgeServerCount: number;
}

interface Waiting extends AdmittedTask {
  admittedSec: number;
  /** By the record. */
  expectedSec: number;
  /** The same; what the order goes by. */
  expectedMs: number;
}

export interface SimulatedEdgeServerOptions {
  times: SimulatedTimes;
  pace: NodePace;
  queueOrder: QueueOrder;
  /** Null: it goes by its record. */
  estimate: SpeedEstimate | null;
  onEnd?: (executed: Executed) => void;
}

export class SimulatedEdgeServer {
  readonly #options: SimulatedEdgeServerOptions;
  readonly #queue: Waiting[] = [];
  /** Of what waits, by the record. */
  #waitingSec = 0;
  #running: { task: Waiting; startSec: number; computed: Computed } | null = null;
  /** When what was started ends, and how warm the node is then. */
  #last: Computed = { endSec: 0, heat: COLD };
  /** The same of all that was admitted. */
  #whole: Computed = this.#last;

  constructor(options: SimulatedEdgeServerOptions) {
    this.#options = options;
  }

  /** Seconds, as it reckons with them. */
  get times(): SimulatedTimes {
    const { times } = this.#options;
    const slowness = this.#slowness;
    return { fixedSec: times.fixedSec * slowness, secPerStep: times.secPerStep * slowness };
  }

  /** When all that was admitted is truly done; first come, first served, the end of the last task. */
  get freeAtSec(): number {
    return this.#whole.endSec;
  }

  /** When what computes now is truly done; Infinity where nothing does. */
  get nextEndSec(): number {
    return this.#running?.computed.endSec ?? Infinity;
  }

  /** What waits, and whether something computes. */
  held(nowSec: number): HeldTasks {
    this.advance(nowSec);
    return { queueLength: this.#queue.length, isDraining: this.#running !== null };
  }

  /** By the record. */
  serviceSec(qualitySteps: number): number {
    const { fixedSec, secPerStep } = this.#options.times;
    return fixedSec + qualitySteps * secPerStep;
  }

  /** Expected seconds of what waits and of the rest of what computes. */
  backlogSec(nowSec: number): number {
    this.advance(nowSec);
    if (!this.#running) return 0;
    const slowness = this.#slowness;
    const { task, startSec } = this.#running;
    return this.#waitingSec * slowness + Math.max(0, task.expectedSec * slowness - (nowSec - startSec));
  }

  /** Whether it refuses an offer that was made on a backlog that has grown, as an agent's edge server and its base station have it. */
  refuses(offer: OfferMade, nowSec: number): boolean {
    if (offer.refusals >= MAX_REFUSALS) return false;
    const { fixedSec, secPerStep } = this.times;
    const expectedMs = offer.expectedSec * 1000;
    const computeMs = (fixedSec + offer.qualitySteps * secPerStep) * 1000;
    return this.backlogSec(nowSec) * 1000 > expectedMs + offerSlackMs({ ...offer, computeMs, expectedMs });
  }

  /** When a task would truly be done if it were admitted at `nowSec` and none came after it. */
  endIfAdmittedSec(nowSec: number, qualitySteps: number): number {
    const { pace, queueOrder } = this.#options;
    const expectedSec = this.serviceSec(qualitySteps);
    if (queueOrder === 'first-come-first-served') return this.#after(this.#whole, nowSec, expectedSec).endSec;
    this.advance(nowSec);
    const before = this.#queue.filter((waiting) => waiting.expectedSec <= expectedSec);
    const workSec = before.reduce((sum, waiting) => sum + waiting.expectedSec, expectedSec);
    return pace.compute(Math.max(nowSec, this.#last.endSec), workSec, this.#last.heat).endSec;
  }

  /** Executes until `nowSec`. */
  advance(nowSec: number): void {
    while (this.#running && this.#running.computed.endSec <= nowSec) {
      const { task, startSec, computed } = this.#running;
      const { endSec } = computed;
      this.#running = null;
      this.#options.estimate?.observe(endSec - startSec, task.expectedSec);
      const next = nextInQueue(this.#queue, this.#options.queueOrder);
      if (next) {
        this.#queue.splice(this.#queue.indexOf(next), 1);
        this.#waitingSec -= next.expectedSec;
        this.#start(next, endSec);
      } else this.#waitingSec = 0;
      this.#options.onEnd?.({ ordinal: task.ordinal, admittedSec: task.admittedSec, startSec, endSec });
    }
  }

  /** Takes a task in, whatever waits. */
  admit(task: AdmittedTask, nowSec: number): void {
    this.advance(nowSec);
    const expectedSec = this.serviceSec(task.qualitySteps);
    const waiting = { ...task, admittedSec: nowSec, expectedSec, expectedMs: expectedSec * 1000 };
    this.#whole = this.#after(this.#whole, nowSec, expectedSec);
    if (!this.#running) return this.#start(waiting, nowSec);
    this.#queue.push(waiting);
    this.#waitingSec += expectedSec;
  }

  get #slowness(): number {
    return this.#options.estimate?.slowness ?? 1;
  }

  #start(task: Waiting, startSec: number): void {
    this.#last = this.#after(this.#last, startSec, task.expectedSec);
    this.#running = { task, startSec, computed: this.#last };
  }

  #after({ endSec, heat }: Computed, nowSec: number, expectedSec: number): Computed {
    return this.#options.pace.compute(Math.max(nowSec, endSec), expectedSec, heat);
  }
}
