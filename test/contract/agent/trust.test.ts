import type { AddressInfo } from 'node:net';
import { connect as connectTls, createServer } from 'node:tls';

import { createClient } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type ClientIdentity, connectAgent } from '../../../src/main/adapters/agents/agent-client.js';
import { createCertificateAuthority, issueCertificate } from '../../../src/main/adapters/agents/certificate-authority.js';
import { nodeServerName } from '../../../src/shared/agent-config.js';
import { PeerService } from '../../../src/shared/rpc/gen/agent_pb.js';
import { startTestAgents, type TestAgent, type TestAgents } from '../../support/agents.js';

let testbed: TestAgents;
let agent: TestAgent;

beforeAll(async () => {
  testbed = await startTestAgents({ count: 1, timeScale: 1_000, roster: ['node-1', 'node-2'] });
  const [first] = testbed.agents;
  if (!first) throw new Error('no agent');
  agent = first;
});
afterAll(() => testbed.close());

/** An agent client with the given identity; closed by the caller. */
function connectAs(identity: ClientIdentity, nodeId = agent.nodeId) {
  return connectAgent({ nodeId, host: '127.0.0.1', port: agent.port, identity });
}

function peerClientAs(identity: ClientIdentity) {
  const nodeOptions = {
    ca: identity.caPem,
    cert: identity.certificatePem,
    key: identity.privateKeyPem,
    servername: nodeServerName(agent.nodeId),
  };
  const transport = createConnectTransport({
    httpVersion: '2',
    baseUrl: `https://127.0.0.1:${agent.port}`,
    nodeOptions,
    acceptCompression: [],
  });
  return createClient(PeerService, transport);
}

describe('an agent', () => {
  it('lets the control center in', async () => {
    expect((await agent.client.describe()).nodeId).toBe(agent.nodeId);
  });

  it('refuses a stranger without a certificate', async () => {
    const reason = await new Promise<string>((resolve) => {
      const socket = connectTls({ host: '127.0.0.1', port: agent.port, rejectUnauthorized: false, ALPNProtocols: ['h2'] });
      socket.on('error', (error: Error) => resolve(error.message));
      socket.on('close', () => resolve('closed'));
      socket.on('data', () => resolve('served'));
    });
    expect(reason).toMatch(/certificate required|closed/);
  });

  it.each([30, -3000])('that refuses a certificate %i days off names the clock of this machine, to calls and to watchers', async (days) => {
    const nowMs = Date.now() + days * 86_400_000;
    const issued = await issueCertificate({ authority: testbed.authority, kind: 'control-center', id: 'late', nowMs });
    const client = connectAs({ caPem: testbed.authority.certificatePem, ...issued });
    const expected = { code: 'agent-unreachable', message: expect.stringContaining('the clock of this machine') as string };

    await expect(client.describe()).rejects.toMatchObject(expected);
    await expect(client.watch('', new AbortController().signal)[Symbol.asyncIterator]().next()).rejects.toMatchObject(expected);
    client.close();
  });

  it('that refuses a certificate which is valid here has a wrong clock itself, and the error says so', async () => {
    // What an agent in 1970 does, as Node.js does it: the handshake is done, the certificate is looked at, the connection ends.
    const own = await testbed.identityOf(agent.nodeId);
    const tls = { key: own.privateKeyPem, cert: own.certificatePem, ca: own.caPem, requestCert: true, ALPNProtocols: ['h2'] };
    const server = createServer(tls, (socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const client = connectAgent({ nodeId: agent.nodeId, host: '127.0.0.1', port, identity: testbed.identity });

    await expect(client.describe()).rejects.toMatchObject({
      code: 'agent-unreachable',
      message: expect.stringMatching(/the clock of the node is wrong.*1970/) as string,
      hint: expect.stringContaining('date -s') as string,
    });
    client.close();
    server.close();
  });

  it('refuses a control center of another testbed', async () => {
    const foreign = await createCertificateAuthority({ testbedId: 'other', nowMs: Date.now() });
    const issued = await issueCertificate({ authority: foreign, kind: 'control-center', id: 'x', nowMs: Date.now() });
    const client = connectAs({ caPem: testbed.authority.certificatePem, ...issued });
    await expect(client.describe()).rejects.toMatchObject({ code: 'agent-unreachable' });
    client.close();
  });

  it('refuses an expired certificate', async () => {
    const longAgo = Date.now() - 3 * 365 * 86_400_000;
    const issued = await issueCertificate({ authority: testbed.authority, kind: 'control-center', id: 'x', nowMs: longAgo });
    const client = connectAs({ caPem: testbed.authority.certificatePem, ...issued });
    await expect(client.describe()).rejects.toMatchObject({ code: 'agent-unreachable' });
    client.close();
  });

  it('refuses a node that plays the control center', async () => {
    const client = connectAs(await testbed.identityOf('node-2'));
    await expect(client.describe()).rejects.toMatchObject({ code: 'agent-failed', message: expect.stringContaining('refused') as string });
    client.close();
  });

  it('refuses a control center that plays a node', async () => {
    await expect(peerClientAs(testbed.identity).exchangeState({})).rejects.toThrow('permission_denied');
  });

  it('refuses a node that speaks for another', async () => {
    const client = peerClientAs(await testbed.identityOf('node-2'));
    await expect(client.exchangeState({ queue: { nodeId: 'node-3' } })).rejects.toThrow('may not speak for');
  });

  it('serves images to a node of the testbed', async () => {
    const { image } = await agent.client.probe({ prompt: 'p', seed: 1, qualitySteps: 1 });
    const client = connectAs(await testbed.identityOf('node-2'));
    expect((await client.fetchImage(image?.sha256 ?? '', { maxBytes: 1e6 })).length).toBe(Number(image?.sizeBytes));
    client.close();
  });
});

describe('the control center', () => {
  it('refuses an agent that is not the node it meant', async () => {
    const client = connectAs(testbed.identity, 'node-9');
    await expect(client.describe()).rejects.toMatchObject({
      code: 'agent-unreachable',
      message: expect.stringContaining('not trusted') as string,
    });
    client.close();
  });

  it('says where nothing answers', async () => {
    const client = connectAgent({ nodeId: 'node-1', host: '127.0.0.1', port: 1, identity: testbed.identity });
    await expect(client.describe()).rejects.toMatchObject({
      code: 'agent-unreachable',
      message: expect.stringContaining('127.0.0.1:1') as string,
    });
    client.close();
  });

  it('refuses an image above the size it allows', async () => {
    const { image } = await agent.client.probe({ prompt: 'p', seed: 1, qualitySteps: 1 });
    await expect(agent.client.fetchImage(image?.sha256 ?? '', { maxBytes: 100 })).rejects.toMatchObject({ code: 'agent-failed' });
  });

  it('says when an image is not there', async () => {
    await expect(agent.client.fetchImage('0'.repeat(64), { maxBytes: 100 })).rejects.toMatchObject({ code: 'not-found' });
  });

  it('can cancel a call', async () => {
    const abort = new AbortController();
    abort.abort();
    await expect(agent.client.describe(abort.signal)).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('gets a clear word on bad input', async () => {
    await expect(agent.client.submitTasks([{ id: '' }])).rejects.toMatchObject({
      code: 'agent-failed',
      message: expect.stringContaining('id:') as string,
    });
  });
});

describe('certificates', () => {
  it('are refused for an id that is no DNS label', async () => {
    const options = { authority: testbed.authority, kind: 'node' as const, id: 'a.b', nowMs: Date.now() };
    await expect(issueCertificate(options)).rejects.toMatchObject({ code: 'invalid-input' });
  });
});
