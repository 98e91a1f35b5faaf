// A node's queue as an agent has it: first come, first served, and a backlog reckoned from the record, whatever the node's true speed.
import type { TestbedNodeTimes } from './testbed-config.js';
import { COLD, type NodeHeat, type TrueSpeed } from './true-speeds.js';

interface Queued {
  startSec: number;
  expectedSec: number;
}

export class NodeQueue {
  readonly #times: TestbedNodeTimes;
  readonly #speed: TrueSpeed;
  /** Those that had not ended when last looked at, in order; the first may compute. */
  #queue: Queued[] = [];
  #first = 0;
  /** Of the record, of those after the first. */
  #waitingSec = 0;
  #freeAtSec = 0;
  #heat: NodeHeat = COLD;

  constructor(times: TestbedNodeTimes, speed: TrueSpeed) {
    this.#times = times;
    this.#speed = speed;
  }

  /** When all that was admitted is truly done. */
  get freeAtSec(): number {
    return this.#freeAtSec;
  }

  /** By the record. */
  serviceSec(qualitySteps: number): number {
    return this.#times.fixedSec + qualitySteps * this.#times.secPerStep;
  }

  /** What the node reports at `nowSec`, which never goes back: what waits and the rest of what computes, by the record. */
  backlogSec(nowSec: number): number {
    if (nowSec >= this.#freeAtSec) return 0;
    for (;;) {
      const next = this.#queue[this.#first + 1];
      if (!next || next.startSec > nowSec) break;
      this.#waitingSec -= next.expectedSec;
      this.#first += 1;
    }
    const running = this.#queue[this.#first]!;
    return this.#waitingSec + Math.max(0, running.expectedSec - Math.max(0, nowSec - running.startSec));
  }

  /** When a task would truly be done if it were admitted at `nowSec`. */
  endIfAdmittedSec(nowSec: number, qualitySteps: number): number {
    return this.#speed.compute(Math.max(nowSec, this.#freeAtSec), this.serviceSec(qualitySteps), this.#heat).endSec;
  }

  /** Admits a task that has come; the end of its computation. */
  admit(nowSec: number, qualitySteps: number): { startSec: number; endSec: number } {
    const expectedSec = this.serviceSec(qualitySteps);
    const startSec = Math.max(nowSec, this.#freeAtSec);
    if (nowSec >= this.#freeAtSec) {
      this.#queue = [];
      this.#first = 0;
      this.#waitingSec = 0;
    } else this.#waitingSec += expectedSec;
    this.#queue.push({ startSec, expectedSec });
    const { endSec, heat } = this.#speed.compute(startSec, expectedSec, this.#heat);
    this.#heat = heat;
    this.#freeAtSec = endSec;
    return { startSec, endSec };
  }
}
