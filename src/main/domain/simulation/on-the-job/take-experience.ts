// What a run's base stations (BSs) say of their decisions, put together with what the run's tasks took. What they say is believed only as far as
// it is about their own tasks, finite and in its bounds.
import { z } from 'zod';
import { completeDecisions, type ReportedDecision } from '../../../../scheduling/experience/complete-decisions.js';
import { MAX_DECISIONS_OF_RUN, type SeenDecision, seenDecisionSchema } from '../../../../scheduling/experience/seen-decision.js';

/** A task of the run as it is on record here. */
export interface RecordedTask {
  id: string;
  leaseEpoch: number;
  baseStationId: string;
  edgeServerId: string | null;
  state: string;
  computedSteps: number;
  delays: { waitingMs: number } | null;
  computeStartMs: number | null;
  computeEndMs: number | null;
}

export interface RecordedNode {
  id: string;
  fixedSec: number;
  secPerStep: number;
  speedFactor: number;
}

/** Nodes in ordinal order, and what each of their agents answered. */
export interface RunToLearnFrom {
  nodes: readonly RecordedNode[];
  tasks: readonly RecordedTask[];
  said: ReadonlyMap<string, readonly unknown[]>;
}

export interface TakenExperience {
  decisions: SeenDecision[];
  /** Of each node: how many times as long as on record it took; null where it executed nothing. */
  slowness: (number | null)[];
  /** Decisions that were not believed. */
  refused: number;
}

const saidSchema = z.object({
  taskId: z.string().min(1).max(200),
  leaseEpoch: z.int().min(1),
  qualitySteps: z.int().min(1),
  chosen: z.int().min(0),
  servers: z
    .array(z.object({ backlogMs: z.number().min(0), serviceMs: z.number().min(0), isReachable: z.literal(true) }))
    .min(2)
    .max(64),
});

export function takeExperience({ nodes, tasks, said }: RunToLearnFrom): TakenExperience {
  const ordinalOf = new Map(nodes.map(({ id }, ordinal) => [id, ordinal]));
  const executed = tasks.flatMap((task) => {
    const { id, edgeServerId, state, delays, computeStartMs, computeEndMs } = task;
    const server = edgeServerId === null ? undefined : ordinalOf.get(edgeServerId);
    if (state !== 'succeeded' || server === undefined || !delays || computeStartMs === null || computeEndMs === null) return [];
    const times = { admittedSec: (computeStartMs - delays.waitingMs) / 1000, startSec: computeStartMs / 1000, endSec: computeEndMs / 1000 };
    return [{ taskId: id, server, task, ...times }];
  });
  const taskOf = new Map(tasks.map((task) => [task.id, task]));
  const seenTasks = new Set<string>();
  let count = 0;
  const reported = nodes.flatMap(({ id }, station) =>
    (said.get(id) ?? []).slice(0, MAX_DECISIONS_OF_RUN).flatMap((each): ReportedDecision[] => {
      count += 1;
      const { data } = saidSchema.safeParse(each);
      const task = data && taskOf.get(data.taskId);
      const isOfNode = task?.baseStationId === id && task.leaseEpoch === data?.leaseEpoch && task.computedSteps === data.qualitySteps;
      if (!data || !isOfNode || data.servers.length !== nodes.length || seenTasks.has(data.taskId)) return [];
      seenTasks.add(data.taskId);
      const { taskId, qualitySteps, chosen, servers } = data;
      const backlogSec = servers.map(({ backlogMs }) => backlogMs / 1000);
      return [{ taskId, station, qualitySteps, chosen, backlogSec, serviceSec: servers.map(({ serviceMs }) => serviceMs / 1000) }];
    }),
  );
  const decisions = completeDecisions(reported, executed, nodes.length).filter((each) => seenDecisionSchema.safeParse(each).success);
  return {
    decisions: spread(decisions),
    slowness: nodes.map((node, server) => slownessOf(node, server, executed)),
    refused: count - decisions.length,
  };
}

/** As many as are kept, from all of the run. */
function spread(decisions: readonly SeenDecision[]): SeenDecision[] {
  if (decisions.length <= MAX_DECISIONS_OF_RUN) return [...decisions];
  const step = decisions.length / MAX_DECISIONS_OF_RUN;
  return Array.from({ length: MAX_DECISIONS_OF_RUN }, (_, index) => decisions[Math.floor(index * step)]!);
}

function slownessOf(
  { fixedSec, secPerStep, speedFactor }: RecordedNode,
  server: number,
  executed: readonly { server: number; task: RecordedTask; startSec: number; endSec: number }[],
): number | null {
  const own = executed.filter((each) => each.server === server);
  const measuredSec = own.reduce((sum, { startSec, endSec }) => sum + endSec - startSec, 0);
  const expectedSec = own.reduce((sum, { task }) => sum + (fixedSec + task.computedSteps * secPerStep) / speedFactor, 0);
  const slowness = measuredSec / expectedSec;
  return Number.isFinite(slowness) && slowness > 0 ? slowness : null;
}
