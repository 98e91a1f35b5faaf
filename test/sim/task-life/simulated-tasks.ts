// What the simulated agents keep and send about tasks, and the rules that they follow.
import type { OutcomeStatus } from '../../../src/shared/rpc/gen/agent_pb.js';
import { EdgeTasks } from '../../../src/shared/task-life/edge-tasks.js';
import { type HomeLife, HomeTasks } from '../../../src/shared/task-life/home-tasks.js';
import type { Lease } from '../../../src/shared/task-life/lease.js';

/** Of the one run of an exploration. */
export const RUN_ID = 'run';

export interface Outcome {
  lease: Lease;
  status: OutcomeStatus;
  edgeServerId: string;
  isRetryable: boolean;
  isLost: boolean;
  /** In place of the image. */
  token: string | null;
}

export interface SimHome extends HomeLife {
  checkedAtMs: number;
}

export interface SimEntry {
  readonly lease: Lease;
}

/** What a test takes out of the rules, to see that the exploration notices. */
export interface Rules {
  makeHome: () => HomeTasks<SimHome>;
  makeEdge: () => EdgeTasks<SimEntry>;
  /** The old fault: anyone who speaks counts as reachable. */
  believesWords?: boolean;
}

export const REAL_RULES: Rules = { makeHome: () => new HomeTasks(), makeEdge: () => new EdgeTasks() };
