// What a Gantt chart of a run shows: a lane a node, with the tasks that were computed there and what went wrong. Model ms after the run's start.
import { formatDuration } from '../../../shared/format.js';
import type { TaskDelays } from '../../../shared/run.js';

export interface GanttTask {
  ordinal: number;
  /** Where it arrived; null while that is not known. */
  baseStationId: string | null;
  steps: number;
  arrivalMs: number;
  /** Of the computation; the end of one that runs is now. */
  startMs: number;
  endMs: number;
  attempts: number;
  /** Null until its result is there. */
  delays: TaskDelays | null;
  /** Computed, with its result on the way. */
  isOnItsWay?: boolean;
}

/** How far it is, as words in a sentence. */
export function stateOfTask({ delays, isOnItsWay }: Pick<GanttTask, 'delays' | 'isOnItsWay'>): string {
  if (delays !== null) return 'succeeded';
  return isOnItsWay === true ? 'computed, result on its way' : 'running';
}

/** A sending that came to nothing. */
export interface GanttFailure {
  ordinal: number;
  fromMs: number;
  atMs: number;
  message: string;
}

export interface GanttSpan {
  fromMs: number;
  toMs: number;
}

export interface GanttLane {
  id: string;
  name: string;
  /** By their starts. */
  tasks: readonly GanttTask[];
  failures: readonly GanttFailure[];
  /** When the node could not be reached. */
  losses: readonly GanttSpan[];
  isLost: boolean;
}

/** What the color of a computation says. */
export type GanttColor = 'parts' | 'steps' | 'delay';

/** `Task 349, node-2, compute 18.3 s from 6 min 22 s, 10 steps, succeeded`. `instant` says when something was. */
export function describeTask(task: GanttTask, laneName: string, instant: (ms: number) => string): string {
  const resent = task.attempts > 1 ? `, sending ${task.attempts}` : '';
  const compute = `compute ${formatDuration(task.endMs - task.startMs)} from ${instant(task.startMs)}`;
  return `Task ${task.ordinal + 1}, ${laneName}, ${compute}, ${task.steps} steps, ${stateOfTask(task)}${resent}`;
}
