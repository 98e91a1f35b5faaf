// Small steps that the agent tests share.
import type { WatchResponse } from '../../../src/shared/rpc/gen/agent_pb.js';
import type { Lease } from '../../../src/shared/task-life/lease.js';
import type { SchedulerName } from '../../../src/shared/run.js';
import type { TestAgent, TestAgents } from '../../support/agents.js';

export const RUN_ID = 'run-1';

/** Tells all agents of a run that starts now. */
export async function configureRun(testbed: TestAgents, scheduler: SchedulerName, runId = RUN_ID): Promise<void> {
  await Promise.all(
    testbed.agents.map((agent, index) =>
      agent.client.configure({ runId, scheduler, peers: testbed.peers(), elapsedMs: 0, slotMs: 1_000, schedulerSeed: index + 1 }),
    ),
  );
}

export function makeTasks(
  prefix: string,
  count: number,
  settings: { qualitySteps?: number; leaseEpoch?: number; baseStationId?: string } = {},
) {
  return Array.from({ length: count }, (_, index) => ({
    id: `${prefix}-${index}`,
    runId: RUN_ID,
    leaseEpoch: settings.leaseEpoch ?? 1,
    baseStationId: settings.baseStationId ?? 'node-1',
    prompt: `A test prompt, number ${index}`,
    seed: index,
    qualitySteps: settings.qualitySteps ?? 14,
    widthPx: 512,
    heightPx: 512,
  }));
}

/** A lease of the first node as base station, as `makeTasks` gives it. */
export function leaseOf(taskId: string, epoch = 1): Lease {
  return { runId: RUN_ID, taskId, baseStationId: 'node-1', epoch };
}

export function idsOf(leases: readonly Lease[]): string[] {
  return leases.map((lease) => lease.taskId).sort();
}

/** Follows an agent until `isEnough` says so; returns all outcomes seen by then and the last message. */
export async function watchUntil(
  agent: TestAgent,
  isEnough: (seen: { outcomes: WatchResponse['outcomes']; last: WatchResponse }) => boolean,
  runId = RUN_ID,
): Promise<{ outcomes: WatchResponse['outcomes']; last: WatchResponse }> {
  const abort = new AbortController();
  const outcomes: WatchResponse['outcomes'] = [];
  for await (const last of agent.client.watch(runId, abort.signal)) {
    outcomes.push(...last.outcomes);
    if (isEnough({ outcomes, last })) {
      abort.abort();
      return { outcomes, last };
    }
  }
  throw new Error('The stream ended before it had shown enough.');
}
