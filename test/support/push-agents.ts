// Agents in this process for the nodes of a push lab, each over the home folder that the node's SSH server has.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RunningAgent, startAgent } from '../../src/agent/start-agent.js';
import { connectAgent } from '../../src/main/adapters/agents/agent-client.js';
import { issueCertificate } from '../../src/main/adapters/agents/certificate-authority.js';
import { findFreePort } from '../../src/main/foundation/listen-port.js';
import type { AgentConfig } from '../../src/shared/agent-config.js';
import type { TestbedNode } from '../../src/shared/testbed.js';
import type { PushHarness } from './push-harness.js';
import type { RealSshd } from './real-sshd.js';

export interface NodeWithAgent {
  server: RealSshd;
  node: TestbedNode;
  /** Null until it is started. */
  agent: RunningAgent | null;
}

/** Adds a trusted node whose agent runs, unless it is not to. The caller stops the agent. */
export async function addNodeWithAgent(harness: PushHarness, options: { isRunning?: boolean } = {}): Promise<NodeWithAgent> {
  const { server, node } = await harness.addTrustedNode({ agentPort: await findFreePort('127.0.0.1', null) });
  const agent = options.isRunning === false ? null : await startNodeAgent(harness, server, node);
  await sendRoster(harness);
  return { server, node, agent };
}

async function startNodeAgent(harness: PushHarness, server: RealSshd, node: TestbedNode): Promise<RunningAgent> {
  const { config, baseDir } = await writeAgentFiles(harness, server, node);
  return startAgent(config, { baseDir });
}

/** Says to all agents that run which nodes there are, as the program does at each connect. */
export async function sendRoster({ services, testbed }: PushHarness): Promise<void> {
  const identity = await services.identities.controlCenter(testbed.id);
  const { nodes } = services.service.get(testbed.id);
  for (const node of nodes) {
    const client = connectAgent({ nodeId: node.id, host: node.host, port: node.agentPort!, identity });
    const described = await client.describe().catch(() => null);
    if (described) await client.setRoster({ replacesVersion: described.rosterVersion, nodeIds: nodes.map(({ id }) => id) });
    client.close();
  }
}

/** Writes what an agent of the node starts from: its certificate, and `config.json`. */
export async function writeAgentFiles(
  { services, testbed }: PushHarness,
  server: RealSshd,
  node: TestbedNode,
): Promise<{ config: AgentConfig; baseDir: string; configPath: string }> {
  const baseDir = join(server.homeDir, '.dedgeai');
  mkdirSync(baseDir, { recursive: true });
  const authority = await services.identities.authority(testbed.id);
  const { certificatePem, privateKeyPem } = await issueCertificate({ authority, kind: 'node', id: node.id, nowMs: Date.now() });
  const config: AgentConfig = {
    nodeId: node.id,
    nodeName: node.name,
    testbedId: testbed.id,
    listen: { host: '127.0.0.1', port: node.agentPort! },
    tls: { caFile: 'ca.pem', certificateFile: 'node.pem', privateKeyFile: 'node.key' },
    resultsDir: 'results',
    timeScale: 1,
    worker: { kind: 'simulated', timeModel: { fixedSec: 1, secPerStep: 1 }, speedFactor: 1, jitterFraction: 0 },
    simulatedLink: null,
    exitWithPid: null,
  };
  const configPath = join(baseDir, 'config.json');
  writeFileSync(join(baseDir, 'ca.pem'), authority.certificatePem);
  writeFileSync(join(baseDir, 'node.pem'), certificatePem);
  writeFileSync(join(baseDir, 'node.key'), privateKeyPem, { mode: 0o600 });
  writeFileSync(configPath, JSON.stringify(config));
  return { config, baseDir, configPath };
}
