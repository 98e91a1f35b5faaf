// The control center's lines keep agents up to date: who belongs to the testbed, and certificates that last.
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';

import { AgentMonitor } from '../../../src/main/adapters/agents/agent-monitor.js';
import { CERTIFICATE_LIFETIME_MS, CLOCK_SKEW_MS, DAY_MS } from '../../../src/main/adapters/agents/certificate-life.js';
import { SecretFiles } from '../../../src/main/adapters/secrets/secret-files.js';
import { TestbedIdentities } from '../../../src/main/adapters/secrets/testbed-identities.js';
import { nodeServerName } from '../../../src/shared/agent-config.js';
import { OutcomeStatus } from '../../../src/shared/rpc/gen/agent_pb.js';
import type { Testbed } from '../../../src/shared/testbed.js';
import { startTestAgents, type StartTestAgentsOptions, type TestAgent, type TestAgents } from '../../support/agents.js';
import { PeerConnection } from '../../support/peer-connection.js';
import { buildNode, buildTestbed } from '../../support/storage-fixtures.js';
import { configureRun, makeTasks, watchUntil } from './workload.js';

const ENOUGH_MS = 20_000;
let testbed: TestAgents | null = null;
let monitor: AgentMonitor | null = null;
let dir: string | null = null;

afterEach(async () => {
  await monitor?.close();
  await testbed?.close();
  if (dir) await rm(dir, { recursive: true, force: true });
  [testbed, monitor, dir] = [null, null, null];
});

/** Agents and a program that has lines to them; `record` is the testbed as its database has it, to be changed by the test. */
async function open(options: Partial<StartTestAgentsOptions> = {}) {
  const agents = await startTestAgents({ count: 2, timeScale: 1_000, roster: 'none', ...options });
  testbed = agents;
  dir = await mkdtemp(join(tmpdir(), 'dedgeai-trust-'));
  const files = new SecretFiles(dir);
  files.write('testbed-1-ca.key', agents.authority.privateKeyPem);
  files.write('testbed-1-ca.pem', agents.authority.certificatePem);
  const identities = new TestbedIdentities({ files, nowMs: () => Date.now() });
  const nodes = agents.agents.map(({ nodeId, port }, ordinal) =>
    buildNode({ id: nodeId, ordinal, name: nodeId, agentPort: port, provisionState: 'ready' }),
  );
  const record: Testbed = buildTestbed({ nodes });
  let isClosed = false;
  const connections = new AgentMonitor({
    listTestbeds: () => {
      if (isClosed) throw new Error('The database is closed');
      return [record];
    },
    identityFor: (id) => identities.controlCenter(id),
    renewNodeCertificate: (...input) => identities.renewNodeCertificate(...input),
    idleHandler: { connected: () => Promise.resolve(), outcomes: () => undefined },
  });
  monitor = connections;
  const closeDatabase = (): void => {
    isClosed = true;
  };
  return { agents, record, connections, identities, closeDatabase, home: agents.agents[0]!, away: agents.agents[1]! };
}

/** The certificate that an agent shows to anyone who connects now. */
function shownBy({ nodeId, port }: TestAgent, identity: TestAgents['identity']): Promise<X509Certificate> {
  return new Promise((resolve, reject) => {
    const socket = connect(
      {
        host: '127.0.0.1',
        port,
        ca: identity.caPem,
        cert: identity.certificatePem,
        key: identity.privateKeyPem,
        servername: nodeServerName(nodeId),
      },
      () => {
        resolve(socket.getPeerX509Certificate()!);
        socket.destroy();
      },
    ).on('error', reject);
  });
}

function daysLeft(certificate: X509Certificate): number {
  return (certificate.validToDate.getTime() - Date.now()) / DAY_MS;
}

describe('the roster', () => {
  it('reaches every agent at its connect, and a removal while the lines stand', async () => {
    const { agents, record, connections, home } = await open({ count: 3 });
    expect(await connections.untilRosterTaken('testbed-1', AbortSignal.timeout(ENOUGH_MS))).toEqual([]);
    const connection = new PeerConnection(home, await agents.identityOf('node-3'));
    expect((await connection.call('ExchangeState')).status).toBe(200);

    record.nodes = record.nodes.filter(({ id }) => id !== 'node-3');
    expect(await connections.untilRosterTaken('testbed-1', AbortSignal.timeout(ENOUGH_MS))).toEqual([]);
    await connection.ended;
  });

  it('is waited for no longer than the program runs', async () => {
    const { agents, connections, closeDatabase } = await open();
    await connections.untilRosterTaken('testbed-1', AbortSignal.timeout(ENOUGH_MS));
    const answered = new AbortController();
    await connections.untilRosterTaken('testbed-1', answered.signal);
    for (const { running } of agents.agents) await running.stop();
    await expect.poll(() => agents.agents.some(({ nodeId }) => connections.connectedClient(nodeId))).toBe(false);
    const waiting = new AbortController();
    const waited = connections.untilRosterTaken('testbed-1', waiting.signal);

    await connections.close();
    expect(await waited).toEqual(['node-1', 'node-2']);

    closeDatabase();
    for (const controller of [answered, waiting]) controller.abort();
  });

  it('names the nodes that could not be told, and tells them when they connect again', async () => {
    const { agents, record, connections, home, away } = await open({ count: 3 });
    await connections.untilRosterTaken('testbed-1', AbortSignal.timeout(ENOUGH_MS));
    await home.running.stop();
    record.nodes = record.nodes.filter(({ id }) => id !== 'node-3');
    expect(await connections.untilRosterTaken('testbed-1', AbortSignal.timeout(ENOUGH_MS))).toEqual(['node-1']);
    expect((await away.client.describe()).rosterVersion).toBe(2);

    await home.restart();
    await new Promise<void>((resolve) => {
      const stop = connections.onChange('testbed-1', () => {
        if (!connections.connectedClient('node-1')) return;
        stop();
        resolve();
      });
    });
    expect(await connections.untilRosterTaken('testbed-1', AbortSignal.timeout(ENOUGH_MS))).toEqual([]);
    const connection = new PeerConnection(home, await agents.identityOf('node-3'));
    expect(await connection.call('ExchangeState')).toEqual({ status: 0, text: '' });
  });
});

describe('a certificate in its last third', () => {
  const certifiedAtMs = Date.now() - CERTIFICATE_LIFETIME_MS + 20 * DAY_MS;

  it('is renewed at the connect, for the same key, and counts from then on for callers and for calls', async () => {
    const { agents, connections, home, away } = await open({ certifiedAtMs, timeScale: 20 });
    const keyBefore = await readFile(join(home.baseDir, 'node.key'), 'utf8');
    const { instanceId } = await home.client.describe();
    expect(await connections.untilRosterTaken('testbed-1', AbortSignal.timeout(ENOUGH_MS))).toEqual([]);

    const shown = await shownBy(home, agents.identity);
    expect(daysLeft(shown)).toBeGreaterThan(89);
    expect(shown.validToDate.getTime() - shown.validFromDate.getTime()).toBe(CERTIFICATE_LIFETIME_MS + CLOCK_SKEW_MS);
    expect(new X509Certificate(await readFile(join(home.baseDir, 'node.pem'))).fingerprint256).toBe(shown.fingerprint256);
    expect(await readFile(join(home.baseDir, 'node.key'), 'utf8')).toBe(keyBefore);

    await configureRun(agents, 'round-robin');
    await home.client.submitTasks(makeTasks('t', 4));
    const { outcomes } = await watchUntil(home, (seen) => seen.outcomes.length === 4);
    expect(outcomes.map(({ status }) => status)).toEqual(Array(4).fill(OutcomeStatus.SUCCEEDED));
    expect((await home.client.describe()).instanceId).toBe(instanceId);
    await away.restart();
    expect(daysLeft(await shownBy(away, agents.identity))).toBeGreaterThan(89);
  });

  it('is renewed while a task computes, which continues', async () => {
    const { agents, connections, home } = await open({ certifiedAtMs, timeScale: 20, roster: ['node-1', 'node-2'] });
    expect(daysLeft(await shownBy(home, agents.identity))).toBeLessThan(21);
    await configureRun(agents, 'round-robin');
    await home.client.submitTasks(makeTasks('t', 4));
    await watchUntil(home, ({ last }) => (last.status?.running?.stepsDone ?? 0) > 0);

    await connections.untilRosterTaken('testbed-1', AbortSignal.timeout(ENOUGH_MS));
    expect(daysLeft(await shownBy(home, agents.identity))).toBeGreaterThan(89);
    const { outcomes } = await watchUntil(home, (seen) => seen.outcomes.length === 4);
    expect(outcomes.map(({ status, leaseEpoch }) => [status, leaseEpoch])).toEqual(Array(4).fill([OutcomeStatus.SUCCEEDED, 1]));
  });

  it('stays when the new one is for another key, another node, or of another authority', async () => {
    const { agents, home } = await open({ certifiedAtMs, roster: [] });
    const other = await startTestAgents({ count: 0, timeScale: 1 });
    const offers = [
      { pem: (await agents.identityOf('node-1')).certificatePem, reason: 'another key' },
      { pem: (await other.identityOf('node-1')).certificatePem, reason: "this testbed's authority" },
      { pem: 'nonsense', reason: 'is none' },
    ];
    for (const { pem, reason } of offers) {
      const der = pem === 'nonsense' ? new Uint8Array([1, 2, 3]) : new X509Certificate(pem).raw;
      await expect(home.client.renewCertificate(der)).rejects.toMatchObject({
        code: 'agent-failed',
        message: expect.stringContaining(reason) as string,
      });
    }
    await other.close();
    expect(daysLeft(await shownBy(home, agents.identity))).toBeLessThan(21);
  });
});

describe('a node that was away until its certificate had ended', () => {
  it('is told of with the day and the remedy', async () => {
    const { connections } = await open({ certifiedAtMs: Date.now() - CERTIFICATE_LIFETIME_MS - 5 * DAY_MS });
    await connections.untilRosterTaken('testbed-1', AbortSignal.timeout(ENOUGH_MS));
    const endedOn = new Date(Date.now() - 5 * DAY_MS).toISOString().slice(0, 10);
    expect(connections.snapshot('testbed-1')[0]?.problem).toMatch(new RegExp(`node-1.* ended on ${endedOn};.*Provision the node again`));
  });
});
