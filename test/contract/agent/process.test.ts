import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { connectAgent } from '../../../src/main/adapters/agents/agent-client.js';
import type { AgentConfig, AgentReadyLine } from '../../../src/shared/agent-config.js';
import { startTestAgents, type TestAgent, type TestAgents } from '../../support/agents.js';
import { buildEntry } from '../../support/build-entry.js';

let program: string;
let testbed: TestAgents;
let template: TestAgent;
const children: ChildProcess[] = [];

beforeAll(async () => {
  program = await buildEntry('src/agent/main.ts', { isSelfContained: true });
  // Its folder has the certificates that the processes below start from; the agent itself is in the way of nothing.
  testbed = await startTestAgents({ count: 1, timeScale: 1_000 });
  const [first] = testbed.agents;
  if (!first) throw new Error('no agent');
  template = first;
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(async () => {
  await testbed.close();
});

function spawnAgent(...args: string[]) {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  return child;
}

async function writeConfig(changes: Partial<AgentConfig>): Promise<string> {
  const path = join(template.baseDir, 'config.json');
  await writeFile(path, JSON.stringify({ ...template.config, resultsDir: 'process-results', ...changes }));
  return path;
}

async function spawnReady(changes: Partial<AgentConfig> = {}) {
  const child = spawnAgent('--config', await writeConfig(changes));
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { child, ready: JSON.parse(line) as AgentReadyLine };
}

/** Exit code and standard error of a program that is expected to end. */
async function ending(child: ReturnType<typeof spawnAgent>): Promise<{ code: number; stderr: string }> {
  const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'exit') as Promise<[number]>]);
  return { code, stderr };
}

describe('the agent process', () => {
  it('says first on standard output that and where it listens, and works', async () => {
    const { ready } = await spawnReady();
    const client = connectAgent({ nodeId: template.nodeId, host: '127.0.0.1', port: ready.port, identity: testbed.identity });
    const description = await client.describe();
    client.close();
    expect(ready.ready).toBe(true);
    expect(description.instanceId).toBe(ready.instanceId);
    expect(description.bundleSha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('ends on SIGTERM and releases its port', async () => {
    const { child, ready } = await spawnReady();
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    const server = createServer().listen(ready.port, '127.0.0.1');
    await once(server, 'listening');
    server.close();
  });

  it('ends when its owner does', async () => {
    const owner = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    children.push(owner);
    const { child } = await spawnReady({ exitWithPid: owner.pid ?? null });
    owner.kill('SIGKILL');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('says in one line that its port is taken and exits with 3', async () => {
    const { code, stderr } = await ending(
      spawnAgent('--config', await writeConfig({ listen: { host: '127.0.0.1', port: template.port } })),
    );
    expect(code).toBe(3);
    expect(stderr.trim().split('\n')).toEqual([expect.stringContaining(`Port 127.0.0.1:${template.port} is already in use`)]);
  });

  it('names the bad field of a configuration and exits with 2', async () => {
    const { code, stderr } = await ending(spawnAgent('--config', await writeConfig({ timeScale: -1 })));
    expect(code).toBe(2);
    expect(stderr).toContain('timeScale');
  });

  it('names a missing configuration file and exits with 2', async () => {
    const { code, stderr } = await ending(spawnAgent('--config', '/nonexistent/config.json'));
    expect(code).toBe(2);
    expect(stderr).toContain('/nonexistent/config.json');
  });

  it('exits with 2 on an option it does not know', async () => {
    expect((await ending(spawnAgent('--frobnicate'))).code).toBe(2);
  });
});
