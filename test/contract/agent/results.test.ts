import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { decode } from 'fast-png';
import { afterEach, describe, expect, it } from 'vitest';

import { OutcomeStatus } from '../../../src/shared/rpc/gen/agent_pb.js';
import { startTestAgents, type TestAgent, type TestAgents } from '../../support/agents.js';
import { configureRun, idsOf, leaseOf, makeTasks, RUN_ID, watchUntil } from './workload.js';

let testbed: TestAgents | null = null;
afterEach(async () => {
  await testbed?.close();
  testbed = null;
});

async function start(count: number, timeScale = 1_000): Promise<[TestAgent, ...TestAgent[]]> {
  testbed = await startTestAgents({ count, timeScale });
  const [first, ...rest] = testbed.agents;
  if (!first) throw new Error('no agent');
  return [first, ...rest];
}

describe('results', () => {
  it('survive a restart of the agent until they are acknowledged', async () => {
    const [agent] = await start(1);
    await configureRun(testbed!, 'local-only');
    await agent.client.submitTasks(makeTasks('t', 3));
    const before = await watchUntil(agent, ({ outcomes }) => outcomes.length >= 3);
    await agent.client.acknowledge([leaseOf('t-0')]);
    await agent.restart();
    const after = await watchUntil(agent, ({ outcomes }) => outcomes.length >= 2);
    const kept = before.outcomes.filter((outcome) => outcome.taskId !== 't-0');
    const byId = (a: { taskId: string }, b: { taskId: string }): number => a.taskId.localeCompare(b.taskId);
    expect(after.outcomes.sort(byId)).toEqual(kept.sort(byId));
    const sha256 = after.outcomes[0]?.image?.sha256 ?? '';
    const bytes = await agent.client.fetchImage(sha256, { maxBytes: 1e6 });
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
  });

  it('are gone from the disk once acknowledged', async () => {
    const [agent] = await start(1);
    await configureRun(testbed!, 'local-only');
    await agent.client.submitTasks(makeTasks('t', 2));
    await watchUntil(agent, ({ outcomes }) => outcomes.length >= 2);
    await agent.client.acknowledge([leaseOf('t-0'), leaseOf('t-1')]);
    const { last } = await watchUntil(agent, () => true);
    expect(last.status?.unacknowledgedCount).toBe(0);
    expect(await readdir(join(agent.baseDir, 'results', 'outcomes'))).toEqual([]);
    expect(await readdir(join(agent.baseDir, 'results', 'images'))).toEqual([]);
  });

  it('come home to the base station with the image, and leave the edge server', async () => {
    const [home, away] = await start(2);
    await configureRun(testbed!, 'round-robin');
    await home.client.submitTasks(makeTasks('t', 4));
    const { outcomes } = await watchUntil(home, (seen) => seen.outcomes.length >= 4);
    const foreign = outcomes.filter((outcome) => outcome.edgeServerId === away!.nodeId);
    expect(foreign).toHaveLength(2);
    for (const outcome of foreign) {
      const bytes = await home.client.fetchImage(outcome.image?.sha256 ?? '', { maxBytes: 1e6 });
      expect(decode(bytes).width).toBe(512);
    }
    await expect.poll(() => readdir(join(away!.baseDir, 'results', 'images'))).toEqual([]);
  });

  it('carry delays whose parts fit into the service delay', async () => {
    const [home] = await start(2, 100);
    await configureRun(testbed!, 'round-robin');
    await home.client.submitTasks(makeTasks('t', 4));
    const { outcomes } = await watchUntil(home, (seen) => seen.outcomes.length >= 4);
    for (const outcome of outcomes) {
      const parts = outcome.uploadMs + outcome.waitingMs + outcome.computeMs + outcome.downloadMs;
      // More where this machine was later than is forgiven.
      expect(outcome.computeMs).toBeGreaterThanOrEqual(17_800 - 1e-6);
      expect(parts).toBeLessThanOrEqual(outcome.serviceMs + 1e-6);
      const isLocal = outcome.edgeServerId === home.nodeId;
      expect([outcome.uploadMs === 0, outcome.downloadMs === 0]).toEqual([isLocal, isLocal]);
    }
  });

  it('are re-sent to anyone who watches again', async () => {
    const [agent] = await start(1);
    await configureRun(testbed!, 'local-only');
    await agent.client.submitTasks(makeTasks('t', 2));
    await watchUntil(agent, ({ outcomes }) => outcomes.length >= 2);
    const again = await watchUntil(agent, ({ outcomes }) => outcomes.length >= 2);
    expect(again.outcomes.map((outcome) => outcome.taskId).sort()).toEqual(['t-0', 't-1']);
  });
});

describe('a task id', () => {
  it('executes once per lease, however often it is sent', async () => {
    const [agent] = await start(1);
    await configureRun(testbed!, 'local-only');
    expect(await agent.client.submitTasks(makeTasks('t', 2))).toBe(2);
    expect(await agent.client.submitTasks(makeTasks('t', 2))).toBe(0);
    await watchUntil(agent, ({ outcomes }) => outcomes.length >= 2);
    expect(await agent.client.submitTasks(makeTasks('t', 2))).toBe(0);
    const { last } = await watchUntil(agent, () => true);
    expect(last.status?.executedCount).toBe(2);
  });

  it('executes again under a newer lease', async () => {
    const [agent] = await start(1);
    await configureRun(testbed!, 'local-only');
    await agent.client.submitTasks(makeTasks('t', 1));
    await watchUntil(agent, ({ outcomes }) => outcomes.length >= 1);
    expect(await agent.client.submitTasks(makeTasks('t', 1, { leaseEpoch: 2 }))).toBe(1);
    const { outcomes } = await watchUntil(agent, (seen) => seen.outcomes.some((outcome) => outcome.leaseEpoch === 2));
    expect(outcomes.at(-1)).toMatchObject({ taskId: 't-0', leaseEpoch: 2, status: OutcomeStatus.SUCCEEDED });
  });

  it('is reported at Configure as long as the agent knows it', async () => {
    const [agent] = await start(1, 1);
    await configureRun(testbed!, 'local-only');
    await agent.client.submitTasks(makeTasks('t', 2));
    const request = { runId: RUN_ID, scheduler: 'local-only', peers: testbed!.peers(), elapsedMs: 10, slotMs: 1_000, schedulerSeed: 1 };
    expect(idsOf((await agent.client.configure(request)).knownLeases)).toEqual(['t-0', 't-1']);
  });
});

describe('cancelling', () => {
  it('stops the running task and all that wait', async () => {
    const [agent] = await start(1, 1);
    await configureRun(testbed!, 'local-only');
    await agent.client.submitTasks(makeTasks('t', 3));
    await watchUntil(agent, ({ last }) => last.status?.running !== undefined);
    const cancelled = await agent.client.cancelTasks({ runId: RUN_ID, all: true });
    expect(idsOf(cancelled)).toEqual(['t-0', 't-1', 't-2']);
    const { outcomes, last } = await watchUntil(agent, (seen) => seen.outcomes.length >= 3 && !seen.last.status?.running);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(Array(3).fill(OutcomeStatus.CANCELLED));
    expect(last.status?.executedCount).toBe(0);
  });

  it('leaves the running task alone when asked to', async () => {
    const [agent] = await start(1, 100);
    await configureRun(testbed!, 'local-only');
    await agent.client.submitTasks(makeTasks('t', 3, { qualitySteps: 100 }));
    await watchUntil(agent, ({ last }) => last.status?.running !== undefined);
    const cancelled = await agent.client.cancelTasks({ runId: RUN_ID, all: true, keepRunning: true });
    expect(idsOf(cancelled)).toEqual(['t-1', 't-2']);
    const { outcomes } = await watchUntil(agent, (seen) => seen.outcomes.length >= 3);
    expect(outcomes.find((outcome) => outcome.taskId === 't-0')?.status).toBe(OutcomeStatus.SUCCEEDED);
  });

  it('reaches tasks at another edge server', async () => {
    const [home, away] = await start(2, 1);
    await configureRun(testbed!, 'round-robin');
    await home.client.submitTasks(makeTasks('t', 4));
    await watchUntil(home, ({ last }) => last.status?.undecidedCount === 0);
    await watchUntil(away!, ({ last }) => last.status?.queue?.queueLength === 1);
    expect(idsOf(await home.client.cancelTasks({ runId: RUN_ID, all: true }))).toEqual(['t-0', 't-1', 't-2', 't-3']);
    const { last } = await watchUntil(away!, (seen) => !seen.last.status?.running);
    expect(last.status?.queue?.queueLength).toBe(0);
  });
});

describe('holding a run', () => {
  it('finishes what runs and starts nothing until it is released', async () => {
    const [agent] = await start(1, 100);
    await configureRun(testbed!, 'local-only');
    await agent.client.submitTasks(makeTasks('t', 2));
    await agent.client.setHold(RUN_ID, true);
    const held = await watchUntil(agent, ({ outcomes, last }) => outcomes.length === 1 && !last.status?.running);
    expect(held.last.status).toMatchObject({ isHeld: true, queue: { queueLength: 1 } });
    await agent.client.setHold(RUN_ID, false);
    expect((await watchUntil(agent, ({ outcomes }) => outcomes.length === 2)).outcomes).toHaveLength(2);
  });
});

describe('a probe', () => {
  it('makes one marked image that can be fetched', async () => {
    const [agent] = await start(1);
    const { image, computeMs } = await agent.client.probe({ prompt: 'health check', seed: 1, qualitySteps: 1 });
    expect(image).toMatchObject({ isSimulated: true, widthPx: 512 });
    expect(computeMs).toBeGreaterThanOrEqual(4_800 - 1e-6);
    expect(decode(await agent.client.fetchImage(image?.sha256 ?? '', { maxBytes: 1e6 })).width).toBe(512);
  });
});

describe('losing a peer', () => {
  it('gives a retryable failure that names it', async () => {
    const [home, away] = await start(2, 1);
    await configureRun(testbed!, 'round-robin');
    await home.client.submitTasks(makeTasks('t', 2));
    await watchUntil(home, ({ last }) => last.status?.undecidedCount === 0 && last.status.outstandingCount === 2);
    await away!.running.stop();
    const { outcomes } = await watchUntil(home, (seen) => seen.outcomes.length >= 1);
    expect(outcomes[0]).toMatchObject({ status: OutcomeStatus.FAILED, isRetryable: true, edgeServerId: away!.nodeId });
    expect(outcomes[0]?.errorMessage).toContain(away!.nodeId);
  });

  it('is noticed at once when it merely restarted without its queue', async () => {
    const [home, away] = await start(2, 1);
    await configureRun(testbed!, 'round-robin');
    await home.client.submitTasks(makeTasks('t', 2));
    await watchUntil(home, ({ last }) => last.status?.undecidedCount === 0 && last.status.outstandingCount === 2);
    await away!.restart();
    const { outcomes } = await watchUntil(home, (seen) => seen.outcomes.length >= 1);
    expect(outcomes[0]).toMatchObject({ status: OutcomeStatus.FAILED, isRetryable: true });
    expect(outcomes[0]?.errorMessage).toContain('restarted');
  });

  it('lets the others take its share', async () => {
    const [home, , dead] = await start(3);
    await configureRun(testbed!, 'round-robin');
    await dead!.running.stop();
    await home.client.submitTasks(makeTasks('t', 9));
    const { outcomes } = await watchUntil(home, (seen) => seen.outcomes.length >= 9);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(Array(9).fill(OutcomeStatus.SUCCEEDED));
    expect(outcomes.map((outcome) => outcome.edgeServerId)).not.toContain(dead!.nodeId);
  });
});
