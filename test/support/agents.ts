// Real agents in this process, on real mutual TLS over loopback, for tests of anyone who talks to agents.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type RunningAgent, startAgent } from '../../src/agent/start-agent.js';
import { type AgentClient, type ClientIdentity, connectAgent } from '../../src/main/adapters/agents/agent-client.js';
import {
  type CertificateWithKey,
  createCertificateAuthority,
  issueCertificate,
} from '../../src/main/adapters/agents/certificate-authority.js';
import type { AgentConfig } from '../../src/shared/agent-config.js';

export interface TestAgent {
  readonly nodeId: string;
  readonly baseDir: string;
  readonly config: AgentConfig;
  /** The control center's client; the same port is kept over a restart. */
  readonly client: AgentClient;
  port: number;
  running: RunningAgent;
  /** Stops the agent and starts it again on the same port and folder. */
  restart(): Promise<void>;
}

export interface TestAgents {
  readonly authority: CertificateWithKey;
  /** The control center's own. */
  readonly identity: ClientIdentity;
  readonly agents: TestAgent[];
  /** Says to all agents, as the control center does at each connect, which nodes there are. */
  setRoster(nodeIds: string[]): Promise<void>;
  /** All agents in the form that Configure wants. */
  peers(): { nodeId: string; host: string; port: number }[];
  /** An identity of the same authority for a node. */
  identityOf(nodeId: string): Promise<ClientIdentity>;
  close(): Promise<void>;
}

export interface StartTestAgentsOptions {
  count: number;
  timeScale: number;
  /** Nodes of the testbed; those that are started when absent, none for agents that were never told. */
  roster?: string[] | 'none';
  /** When the nodes got their certificates; now when absent. */
  certifiedAtMs?: number;
  /** Changes to the default configuration: 3.8 s + 1 s a step, no jitter, no simulated link. */
  adjust?: (config: AgentConfig, index: number) => AgentConfig;
}

/** Starts `count` agents named node-1, node-2, ... on ephemeral ports. The caller closes them. */
export async function startTestAgents(options: StartTestAgentsOptions): Promise<TestAgents> {
  const root = await mkdtemp(join(tmpdir(), 'dedgeai-agents-'));
  const nowMs = Date.now();
  const authority = await createCertificateAuthority({ testbedId: 'test', nowMs: Math.min(nowMs, options.certifiedAtMs ?? nowMs) });
  const identityFor = async (kind: 'node' | 'control-center', id: string, atMs = nowMs): Promise<ClientIdentity> => {
    const { certificatePem, privateKeyPem } = await issueCertificate({ authority, kind, id, nowMs: atMs });
    return { caPem: authority.certificatePem, certificatePem, privateKeyPem };
  };
  const identity = await identityFor('control-center', 'test control center');
  const agents: TestAgent[] = [];
  for (let index = 0; index < options.count; index++) {
    const nodeId = `node-${index + 1}`;
    const baseDir = join(root, nodeId);
    await writeNodeFiles(baseDir, await identityFor('node', nodeId, options.certifiedAtMs));
    const config = (options.adjust ?? ((unchanged) => unchanged))(defaultConfig(nodeId, options.timeScale), index);
    agents.push(await startTestAgent(config, baseDir, identity));
  }
  const setRoster = async (nodeIds: string[]): Promise<void> => {
    await Promise.all(
      agents.map(async ({ client }) => client.setRoster({ replacesVersion: (await client.describe()).rosterVersion, nodeIds })),
    );
  };
  if (options.roster !== 'none') await setRoster(options.roster ?? agents.map(({ nodeId }) => nodeId));
  return {
    authority,
    identity,
    agents,
    setRoster,
    peers: () => agents.map(({ nodeId, port }) => ({ nodeId, host: '127.0.0.1', port })),
    identityOf: (nodeId) => identityFor('node', nodeId),
    close: async () => {
      for (const agent of agents) agent.client.close();
      await Promise.all(agents.map((agent) => agent.running.stop()));
      await rm(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function startTestAgent(config: AgentConfig, baseDir: string, identity: ClientIdentity): Promise<TestAgent> {
  const running = await startAgent(config, { baseDir });
  const { port } = running;
  const agent: TestAgent = {
    nodeId: config.nodeId,
    baseDir,
    config,
    client: connectAgent({ nodeId: config.nodeId, host: '127.0.0.1', port, identity }),
    port,
    running,
    restart: async () => {
      await agent.running.stop();
      agent.running = await startAgent({ ...config, listen: { host: '127.0.0.1', port } }, { baseDir });
    },
  };
  return agent;
}

async function writeNodeFiles(baseDir: string, identity: ClientIdentity): Promise<void> {
  await mkdir(baseDir, { recursive: true });
  await writeFile(join(baseDir, 'ca.pem'), identity.caPem);
  await writeFile(join(baseDir, 'node.pem'), identity.certificatePem);
  await writeFile(join(baseDir, 'node.key'), identity.privateKeyPem, { mode: 0o600 });
}

function defaultConfig(nodeId: string, timeScale: number): AgentConfig {
  return {
    nodeId,
    nodeName: nodeId,
    testbedId: 'test',
    listen: { host: '127.0.0.1', port: 0 },
    tls: { caFile: 'ca.pem', certificateFile: 'node.pem', privateKeyFile: 'node.key' },
    resultsDir: 'results',
    timeScale,
    worker: { kind: 'simulated', timeModel: { fixedSec: 3.8, secPerStep: 1 }, speedFactor: 1, jitterFraction: 0 },
    simulatedLink: null,
    exitWithPid: null,
  };
}
