// What one caller may take of an agent, and that the control center is served whatever another caller does.
import { once } from 'node:events';
import { createServer, connect as connectHttp2 } from 'node:http2';
import { type AddressInfo, connect as connectTcp, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { type Caller, noteCaller } from '../../../src/agent/rpc/caller.js';
import { MAX_HANDSHAKES, NODE_LIMITS } from '../../../src/agent/rpc/limits.js';
import { guardRequests } from '../../../src/agent/rpc/request-guard.js';
import { SparingLog } from '../../../src/agent/rpc/sparing-log.js';
import { SILENT_LOG } from '../../../src/agent/log.js';
import { connectAgent } from '../../../src/main/adapters/agents/agent-client.js';
import { OutcomeStatus } from '../../../src/shared/rpc/gen/agent_pb.js';
import { startTestAgents, type TestAgent, type TestAgents } from '../../support/agents.js';
import { PeerConnection } from '../../support/peer-connection.js';
import { configureRun, makeTasks, watchUntil } from './workload.js';

let testbed: TestAgents;
let agent: TestAgent;
const connections: PeerConnection[] = [];
const sockets: Socket[] = [];

beforeEach(async () => {
  testbed = await startTestAgents({ count: 2, timeScale: 100, roster: ['node-1', 'node-2', 'node-3'] });
  agent = testbed.agents[0]!;
});
afterEach(async () => {
  for (const connection of connections.splice(0)) connection.close();
  for (const socket of sockets.splice(0)) socket.destroy();
  await testbed.close();
});

/** Opens connections one after the other as node-3 and returns the answer that each got to its first call. */
async function openAs3(count: number): Promise<{ status: number; text: string }[]> {
  const identity = await testbed.identityOf('node-3');
  const answers = [];
  for (let index = 0; index < count; index++) {
    const connection = new PeerConnection(agent, identity);
    connections.push(connection);
    answers.push(await connection.call('ExchangeState'));
  }
  return answers;
}

/** A new control center, with a connection of its own, gets its tasks done. */
async function expectControlCenterServed(): Promise<void> {
  const client = connectAgent({ nodeId: agent.nodeId, host: '127.0.0.1', port: agent.port, identity: testbed.identity });
  await client.describe();
  client.close();
  await configureRun(testbed, 'round-robin');
  await agent.client.submitTasks(makeTasks('t', 6));
  const { outcomes } = await watchUntil(agent, (seen) => seen.outcomes.length === 6);
  expect(outcomes.map(({ status }) => status)).toEqual(Array(6).fill(OutcomeStatus.SUCCEEDED));
}

describe('a node with too many connections', () => {
  it('hears so in words on those above its share, and holds up neither the control center nor another node', async () => {
    const answers = await openAs3(NODE_LIMITS.connections + 20);
    expect(answers.slice(0, NODE_LIMITS.connections).map(({ status }) => status)).toEqual(Array(NODE_LIMITS.connections).fill(200));
    for (const { status, text } of answers.slice(NODE_LIMITS.connections)) {
      expect(status).toBe(429);
      expect(JSON.parse(text)).toEqual({
        code: 'resource_exhausted',
        message: `node node-3 has too many connections to this agent: 16, of 16 that it may have`,
      });
    }
    await expectControlCenterServed();
  });

  it('is let in again when it has closed them', async () => {
    await openAs3(NODE_LIMITS.connections);
    for (const connection of connections.splice(0)) {
      connection.close();
      await connection.ended;
    }
    await expect.poll(async () => (await openAs3(1))[0]?.status).toBe(200);
  });

  it('is cut without a word far above its share', async () => {
    const identity = await testbed.identityOf('node-3');
    const opened = Array.from({ length: 3 * NODE_LIMITS.connections }, () => new PeerConnection(agent, identity));
    connections.push(...opened);
    // As many as it may have, and as many again, stay until they call; the rest end by themselves.
    let ended = 0;
    await new Promise<void>((resolve) => {
      for (const connection of opened) void connection.ended.then(() => ++ended === NODE_LIMITS.connections && resolve());
    });
    expect(opened.filter((connection) => !connection.session.destroyed)).toHaveLength(2 * NODE_LIMITS.connections);
  });
});

describe('connections that never say who they are', () => {
  it('give way, the oldest first, and do not keep the control center out', async () => {
    const open = (): Socket => {
      const socket = connectTcp(agent.port, '127.0.0.1').on('error', () => undefined);
      sockets.push(socket);
      return socket;
    };
    const first = open();
    await once(first, 'connect');
    const given = once(first, 'close');
    for (let index = 0; index < MAX_HANDSHAKES + 50; index++) await once(open(), 'connect');
    await given;
    await expectControlCenterServed();
  });
});

describe('requests', () => {
  const caller: Caller = {
    identity: { kind: 'node', nodeId: 'node-3' },
    limits: { connections: 1, requests: 2 },
    connections: new Set(),
    surplus: new Set(),
    requestCount: 0,
  };

  /** A server that answers nothing, with the guard before it. */
  async function openGuarded(requestTimeoutMs: number) {
    const server = createServer();
    server.on('session', ({ socket }) => noteCaller(socket as never, { caller, isSurplus: false }));
    server.on(
      'request',
      guardRequests(() => undefined, new SparingLog(SILENT_LOG), requestTimeoutMs),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const session = connectHttp2(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return {
      session,
      request: (type: string) => session.request({ ':method': 'POST', ':path': '/', 'content-type': type }),
      close: () => (session.destroy(), server.close()),
    };
  }

  it('above the number of one caller are refused in the words of gRPC, and counted down when they end', async () => {
    const { request, close } = await openGuarded(60_000);
    const held = [request('application/grpc'), request('application/grpc')];
    const refused = request('application/grpc');
    const [headers] = (await once(refused, 'response')) as [Record<string, string>];
    expect(headers).toMatchObject({ ':status': 200, 'grpc-status': '8' });
    expect(decodeURIComponent(headers['grpc-message']!)).toBe('node node-3 has too many requests at this agent: 2 are being worked on');
    for (const stream of held) stream.close();
    await expect.poll(() => caller.requestCount).toBe(0);
    close();
  });

  it('that do not arrive whole in their time are ended', async () => {
    const { request, close } = await openGuarded(50);
    const slow = request('application/proto').on('error', () => undefined);
    slow.write('{');
    await new Promise((resolve) => slow.once('close', resolve));
    // ENHANCE_YOUR_CALM, which callers read as resource exhausted.
    expect(slow.rstCode).toBe(11);
    close();
  });
});
