// What came of a run's decisions, from what all of its tasks took: where a task was placed its completion was measured, and on every other edge
// server (ES) it is reckoned from what truly waited there at that moment and from how fast the ES was in this run. For ESs that execute in the
// order of admission; transfers are left out, which overlap the queue.
import type { SeenDecision } from './seen-decision.js';

/** A decision as a base station reports it. */
export interface ReportedDecision extends Pick<SeenDecision, 'station' | 'qualitySteps' | 'chosen' | 'backlogSec' | 'serviceSec'> {
  taskId: string;
}

/** A task that succeeded, on the run's axis. */
export interface ExecutedTask {
  taskId: string;
  /** Ordinal of the ES. */
  server: number;
  admittedSec: number;
  startSec: number;
  endSec: number;
}

/** Of the decisions, those whose task was executed where it was placed. */
export function completeDecisions(
  decisions: readonly ReportedDecision[],
  executed: readonly ExecutedTask[],
  servers: number,
): SeenDecision[] {
  const byTask = new Map(executed.map((task) => [task.taskId, task]));
  const queues = Array.from({ length: servers }, (_, server) => new ExecutedQueue(executed.filter((task) => task.server === server)));
  const kept = decisions.flatMap((decision) => {
    const task = byTask.get(decision.taskId);
    return task?.server === decision.chosen && decision.serviceSec.length === servers ? [{ decision, task }] : [];
  });
  for (const { decision, task } of kept) queues[task.server]!.observe(task, decision.serviceSec[task.server]!);
  return kept.map(({ decision: { taskId: _, ...decision }, task }) => ({
    ...decision,
    completionSec: queues.map((queue, server) =>
      server === task.server ? task.endSec - task.admittedSec : queue.completionSec(task.admittedSec, decision.serviceSec[server]!),
    ),
  }));
}

/** What one ES executed, in the order of admission. */
class ExecutedQueue {
  readonly #admittedSec: number[];
  /** When all that was admitted up to and with this one had ended. */
  readonly #freeSec: number[] = [];
  #measuredSec = 0;
  #expectedSec = 0;

  constructor(tasks: readonly ExecutedTask[]) {
    const inOrder = tasks.toSorted((a, b) => a.admittedSec - b.admittedSec);
    this.#admittedSec = inOrder.map(({ admittedSec }) => admittedSec);
    for (const { endSec } of inOrder) this.#freeSec.push(Math.max(this.#freeSec.at(-1) ?? 0, endSec));
  }

  observe({ startSec, endSec }: ExecutedTask, expectedSec: number): void {
    this.#measuredSec += endSec - startSec;
    this.#expectedSec += expectedSec;
  }

  completionSec(nowSec: number, serviceSec: number): number {
    const before = this.#countAdmittedBefore(nowSec);
    const waitingSec = before === 0 ? 0 : Math.max(0, this.#freeSec[before - 1]! - nowSec);
    const slowness = this.#expectedSec > 0 ? this.#measuredSec / this.#expectedSec : 1;
    return waitingSec + serviceSec * slowness;
  }

  #countAdmittedBefore(nowSec: number): number {
    let [low, high] = [0, this.#admittedSec.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#admittedSec[middle]! < nowSec) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
