// What one node's certificate can do to the tasks of others: nothing.
import { createClient } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { nodeServerName } from '../../../src/shared/agent-config.js';
import { OutcomeStatus, PeerService } from '../../../src/shared/rpc/gen/agent_pb.js';
import { startTestAgents, type TestAgent, type TestAgents } from '../../support/agents.js';
import { configureRun, leaseOf, makeTasks, RUN_ID, watchUntil } from './workload.js';

let testbed: TestAgents;
let home: TestAgent;
let away: TestAgent;

beforeEach(async () => {
  testbed = await startTestAgents({ count: 3, timeScale: 20 });
  [home, away] = testbed.agents as [TestAgent, TestAgent, TestAgent];
});
afterEach(() => testbed.close());

/** Calls `target` with node-3's certificate, which is all that the forger has. */
async function forger(target: TestAgent) {
  const identity = await testbed.identityOf('node-3');
  const nodeOptions = {
    ca: identity.caPem,
    cert: identity.certificatePem,
    key: identity.privateKeyPem,
    servername: nodeServerName(target.nodeId),
  };
  const baseUrl = `https://127.0.0.1:${target.port}`;
  return createClient(PeerService, createConnectTransport({ httpVersion: '2', baseUrl, nodeOptions, acceptCompression: [] }));
}

function forgedOutcome(taskId: string, status: OutcomeStatus) {
  return {
    ...{ taskId, runId: RUN_ID, leaseEpoch: 1, baseStationId: 'node-1', edgeServerId: 'node-3', status },
    errorMessage: 'forged',
    isRetryable: false,
  };
}

async function expectAllSucceed(count: number): Promise<void> {
  const { outcomes } = await watchUntil(home, (seen) => seen.outcomes.length >= count);
  expect(outcomes.map((outcome) => outcome.status)).toEqual(Array(count).fill(OutcomeStatus.SUCCEEDED));
  expect(new Set(outcomes.map((outcome) => outcome.taskId)).size).toBe(count);
}

describe('an outcome from a node that the task was never offered to', () => {
  it.each([OutcomeStatus.FAILED, OutcomeStatus.CANCELLED, OutcomeStatus.SUCCEEDED])('is refused in words (status %s)', async (status) => {
    await configureRun(testbed, 'local-only');
    await home.client.submitTasks(makeTasks('t', 3));
    const client = await forger(home);
    await expect(client.deliverOutcome({ outcome: forgedOutcome('t-2', status) })).rejects.toThrow('was not offered to node node-3');
    await expectAllSucceed(3);
  });
});

describe('an offer of a task that another base station has there', () => {
  it.each([2, 1_000_000])('replaces nothing (epoch %s)', async (leaseEpoch) => {
    await configureRun(testbed, 'round-robin');
    await home.client.setHold(RUN_ID, true);
    await away.client.setHold(RUN_ID, true);
    await home.client.submitTasks(makeTasks('t', 3));
    await watchUntil(away, ({ last }) => last.status?.queue?.queueLength === 1);
    const client = await forger(away);
    for (const task of makeTasks('t', 3, { leaseEpoch, baseStationId: 'node-3' })) {
      await client.offerTask({ task, expectedBacklogMs: -1, slackMs: 0 });
    }
    await Promise.all([home, away].map((agent) => agent.client.setHold(RUN_ID, false)));
    await expectAllSucceed(3);
  });

  it('in the name of that base station is refused', async () => {
    await configureRun(testbed, 'round-robin');
    const [task] = makeTasks('t', 1, { leaseEpoch: 2 });
    const client = await forger(away);
    await expect(client.offerTask({ task, expectedBacklogMs: -1, slackMs: 0 })).rejects.toThrow('may not speak for node node-1');
  });

  it('with an epoch beyond all reason is refused with the name of the field', async () => {
    await configureRun(testbed, 'round-robin');
    const [task] = makeTasks('t', 1, { leaseEpoch: 4_000_000_000, baseStationId: 'node-3' });
    await expect((await forger(away)).offerTask({ task, expectedBacklogMs: -1, slackMs: 0 })).rejects.toThrow('leaseEpoch');
  });
});

describe('a withdrawal or a question about leases of another base station', () => {
  it('is refused', async () => {
    await configureRun(testbed, 'round-robin');
    await home.client.submitTasks(makeTasks('t', 3));
    const client = await forger(away);
    const leases = [leaseOf('t-1')];
    await expect(client.withdrawTasks({ leases })).rejects.toThrow('may not speak for base station node-1');
    await expect(client.checkTasks({ leases })).rejects.toThrow('may not speak for base station node-1');
    await expect(client.checkTasks({ taken: leases })).rejects.toThrow('may not speak for base station node-1');
    await expectAllSucceed(3);
  });
});

describe('what the control center says of a lease', () => {
  it('reaches no newer lease and no other base station: a stale cancellation withdraws nothing', async () => {
    await configureRun(testbed, 'round-robin');
    await Promise.all(testbed.agents.map((agent) => agent.client.setHold(RUN_ID, true)));
    await home.client.submitTasks(makeTasks('t', 3, { leaseEpoch: 2 }));
    await watchUntil(home, ({ last }) => last.status?.outstandingCount === 3);
    // Node 2 was the base station of the first lease and comes back to hear that it is over; it executes the second for node 1.
    const stale = ['t-0', 't-1', 't-2'].map((taskId) => ({ ...leaseOf(taskId), baseStationId: 'node-2' }));
    for (const agent of testbed.agents) await agent.client.cancelTasks({ runId: RUN_ID, leases: stale });
    await home.client.cancelTasks({ runId: RUN_ID, leases: stale.map((lease) => ({ ...lease, baseStationId: 'node-1' })) });
    await Promise.all(testbed.agents.map((agent) => agent.client.setHold(RUN_ID, false)));
    await expectAllSucceed(3);
  });

  it('acknowledges no outcome of a newer lease', async () => {
    await configureRun(testbed, 'local-only');
    await home.client.submitTasks(makeTasks('t', 1, { leaseEpoch: 2 }));
    await watchUntil(home, ({ outcomes }) => outcomes.length >= 1);
    await home.client.acknowledge([leaseOf('t-0', 1)]);
    expect(await home.client.listLeases(RUN_ID)).toMatchObject([leaseOf('t-0', 2)]);
    await home.client.acknowledge([leaseOf('t-0', 2)]);
    expect(await home.client.listLeases(RUN_ID)).toEqual([]);
  });

  it('is refused when the task is leased to another base station', async () => {
    await configureRun(testbed, 'local-only');
    const refusal = { code: 'agent-failed', message: expect.stringContaining('leased to base station node-2') as string };
    await expect(home.client.submitTasks(makeTasks('t', 1, { baseStationId: 'node-2' }))).rejects.toMatchObject(refusal);
  });
});
