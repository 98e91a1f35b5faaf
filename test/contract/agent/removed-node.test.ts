// A node that was removed from its testbed keeps a certificate that its authority has signed. The agents do not care.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { type ClientIdentity, connectAgent } from '../../../src/main/adapters/agents/agent-client.js';
import { requestFromAgent } from '../../support/agent-request.js';
import { startTestAgents, type TestAgent, type TestAgents } from '../../support/agents.js';
import { PeerConnection } from '../../support/peer-connection.js';
import { configureRun, RUN_ID, watchUntil } from './workload.js';

const ALL = ['node-1', 'node-2', 'node-3'];
const WITHOUT_3 = ['node-1', 'node-2'];
let testbed: TestAgents;
let agent: TestAgent;
let removed: ClientIdentity;
const connections: PeerConnection[] = [];

async function open(roster: string[] | 'none' = ALL): Promise<void> {
  testbed = await startTestAgents({ count: 2, timeScale: 1_000, roster });
  agent = testbed.agents[0]!;
  removed = await testbed.identityOf('node-3');
}

beforeEach(() => open());
afterEach(async () => {
  for (const connection of connections.splice(0)) connection.close();
  await testbed.close();
});

function connectAs(identity: ClientIdentity): PeerConnection {
  const connection = new PeerConnection(agent, identity);
  connections.push(connection);
  return connection;
}

async function expectRefused(identity: ClientIdentity): Promise<void> {
  expect(await connectAs(identity).call('ExchangeState')).toEqual({ status: 0, text: '' });
  await expect(requestFromAgent(agent, identity, `/images/${'0'.repeat(64)}`)).rejects.toThrow();
}

describe('the certificate of a node that was removed', () => {
  it('is refused at once, and the connection that it had ends, while other nodes are let in', async () => {
    const connection = connectAs(removed);
    expect((await connection.call('ExchangeState')).status).toBe(200);
    await testbed.setRoster(WITHOUT_3);
    await connection.ended;
    await expectRefused(removed);
    expect((await connectAs(await testbed.identityOf('node-2')).call('ExchangeState')).status).toBe(200);
  });

  it('is refused after a restart of the agent, with no one there to say it again', async () => {
    await testbed.setRoster(WITHOUT_3);
    await agent.restart();
    await expectRefused(removed);
    expect((await connectAs(await testbed.identityOf('node-2')).call('ExchangeState')).status).toBe(200);
  });

  it('is not let in again by an older roster that comes late', async () => {
    const { rosterVersion } = await agent.client.describe();
    await testbed.setRoster(WITHOUT_3);
    const late = await agent.client.setRoster({ replacesVersion: rosterVersion, nodeIds: ALL });
    expect(late).toEqual({ version: rosterVersion + 1, isTaken: false });
    await expectRefused(removed);
  });

  it('is of no use to change the roster, nor is that of any other node', async () => {
    for (const nodeId of ['node-2', 'node-3']) {
      const client = connectAgent({
        nodeId: agent.nodeId,
        host: '127.0.0.1',
        port: agent.port,
        identity: await testbed.identityOf(nodeId),
      });
      await expect(client.setRoster({ replacesVersion: 1, nodeIds: [] })).rejects.toMatchObject({
        code: 'agent-failed',
        message: expect.stringContaining('a node may not call') as string,
      });
      client.close();
    }
    expect((await agent.client.describe()).rosterVersion).toBe(1);
  });
});

describe('an agent', () => {
  it('calls no node that was removed', async () => {
    await configureRun(testbed, 'local-only');
    await watchUntil(agent, ({ last }) => last.status?.peers.some((peer) => peer.nodeId === 'node-2' && peer.isReachable) === true);
    await testbed.setRoster(['node-1']);
    const { last } = await watchUntil(agent, (seen) => seen.last.status?.runId === RUN_ID && seen.last.status.peers.length === 0);
    expect(last.status?.peers).toEqual([]);
  });

  it('that was never told who belongs to the testbed lets in no node, but the control center, which tells it', async () => {
    await testbed.close();
    await open('none');
    await expectRefused(removed);
    await testbed.setRoster(ALL);
    expect((await connectAs(removed).call('ExchangeState')).status).toBe(200);
  });

  it('whose roster was damaged lets in no node until it is told again', async () => {
    const path = join(agent.baseDir, 'roster.json');
    await writeFile(path, (await readFile(path)).subarray(0, 10));
    await agent.restart();
    await expectRefused(removed);
    await testbed.setRoster(ALL);
    expect((await connectAs(removed).call('ExchangeState')).status).toBe(200);
  });
});
