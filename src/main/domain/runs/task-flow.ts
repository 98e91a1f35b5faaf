// What moved between base stations and edge servers lately: results as they are accepted, by their pair and by the minute. In memory alone;
// real time, since it is for someone who watches.
import type { FlowResult, RunFlow } from '../../../shared/run.js';
import type { NodeLive } from '../../../shared/testbed.js';
import type { BoardTask, TaskBoard } from './task-board.js';

const MINUTE_MS = 60_000;
const MAX_RESULTS = 40;
const MAX_MINUTES = 60;

interface Mark {
  link: string;
  atMs: number;
}

export class TaskFlow {
  readonly #nowMs: () => number;
  readonly #startedAtMs: number;
  /** Of the last minute, oldest first; those before `#first` are over. */
  #marks: Mark[] = [];
  #first = 0;
  readonly #countByLink = new Map<string, { baseStationId: string; edgeServerId: string; lastMinute: number }>();
  #results: FlowResult[] = [];
  /** When each result of the last hour came, oldest first. */
  #instants: number[] = [];

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
    this.#startedAtMs = nowMs();
  }

  accepted({ id, ordinal, baseStationId }: Pick<BoardTask, 'id' | 'ordinal' | 'baseStationId'>, edgeServerId: string): void {
    const atMs = this.#nowMs();
    const link = `${baseStationId} ${edgeServerId}`;
    const count = this.#countByLink.get(link) ?? { baseStationId, edgeServerId, lastMinute: 0 };
    count.lastMinute += 1;
    this.#countByLink.set(link, count);
    this.#marks.push({ link, atMs });
    this.#results = [...this.#results, { taskId: id, ordinal, baseStationId, edgeServerId, atMs }].slice(-MAX_RESULTS);
    this.#instants.push(atMs);
    this.#forget(atMs);
  }

  /** `nodes`: what their agents said last. */
  read(board: Pick<TaskBoard, 'get' | 'sent'>, nodes: readonly Pick<NodeLive, 'nodeId' | 'runningTaskId'>[]): RunFlow {
    const nowMs = this.#nowMs();
    this.#forget(nowMs);
    const out = new Map<string, number>();
    for (const { baseStationId } of board.sent()) out.set(baseStationId, (out.get(baseStationId) ?? 0) + 1);
    return {
      links: [...this.#countByLink.values()].filter(({ lastMinute }) => lastMinute > 0).map((link) => ({ ...link })),
      results: this.#results,
      running: nodes.flatMap(({ nodeId, runningTaskId }) => {
        // An agent may say for a moment that it computes what is accepted here already.
        const task = runningTaskId === null ? undefined : board.get(runningTaskId);
        if (task?.state !== 'sent') return [];
        return [{ edgeServerId: nodeId, baseStationId: task.baseStationId, taskId: task.id, ordinal: task.ordinal }];
      }),
      out: [...out].map(([baseStationId, count]) => ({ baseStationId, count })),
      perMinute: this.#countMinutes(nowMs),
      coveredMs: Math.min(MINUTE_MS, nowMs - this.#startedAtMs),
    };
  }

  #countMinutes(nowMs: number): number[] {
    const minutes = Math.min(MAX_MINUTES, Math.max(1, Math.ceil((nowMs - this.#startedAtMs) / MINUTE_MS)));
    const counts = Array.from({ length: minutes }, () => 0);
    for (const atMs of this.#instants) {
      const index = minutes - 1 - Math.floor((nowMs - atMs) / MINUTE_MS);
      const count = counts[index];
      if (count !== undefined) counts[index] = count + 1;
    }
    return counts;
  }

  #forget(nowMs: number): void {
    for (let mark = this.#marks[this.#first]; mark && nowMs - mark.atMs >= MINUTE_MS; mark = this.#marks[this.#first]) {
      const count = this.#countByLink.get(mark.link);
      if (count) count.lastMinute -= 1;
      this.#first += 1;
    }
    if (this.#first > 1000) {
      this.#marks = this.#marks.slice(this.#first);
      this.#first = 0;
    }
    const oldest = this.#instants[0];
    // Now and then, so that it costs nothing by the task.
    if (oldest !== undefined && nowMs - oldest > (MAX_MINUTES + 5) * MINUTE_MS) {
      this.#instants = this.#instants.filter((atMs) => nowMs - atMs < MAX_MINUTES * MINUTE_MS);
    }
  }
}
