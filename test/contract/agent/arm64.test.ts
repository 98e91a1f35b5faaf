// The agent's file on linux-arm64, the architecture of every Jetson, under QEMU's user mode: as on a board, but for the speed and the kernel.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectAgent } from '../../../src/main/adapters/agents/agent-client.js';
import type { AgentReadyLine } from '../../../src/shared/agent-config.js';
import { startTestAgents, type TestAgents } from '../../support/agents.js';
import { buildEntry } from '../../support/build-entry.js';
import { findArm64Machine } from '../../support/find-tools.js';

const machine = findArm64Machine();
/** Emulated, on a busy machine. */
const TIMEOUT_MS = 120_000;

describe.skipIf(machine === null)('the agent on linux-arm64 (emulated)', () => {
  let program: string;
  let testbed: TestAgents;
  let agent: ChildProcess;
  let ready: AgentReadyLine;

  beforeAll(async () => {
    if (!machine) throw new Error('no arm64 machine');
    program = await buildEntry('src/agent/main.ts', { isSelfContained: true });
    // Its folder has the certificates that the emulated agent starts from.
    testbed = await startTestAgents({ count: 1, timeScale: 1_000 });
    const [template] = testbed.agents;
    if (!template) throw new Error('no agent');
    const configPath = join(template.baseDir, 'arm64.json');
    const config = { ...template.config, listen: { host: '127.0.0.1', port: 0 }, resultsDir: 'arm64-results' };
    await writeFile(configPath, JSON.stringify(config));
    const { qemu, libraries, node } = machine;
    agent = spawn(qemu, ['-L', libraries, node, program, '--config', configPath], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(createInterface(agent.stdout!), 'line')) as [string];
    ready = JSON.parse(line) as AgentReadyLine;
  }, TIMEOUT_MS);
  afterAll(async () => {
    agent.kill('SIGKILL');
    await testbed.close();
  });

  it(
    'starts, is who its certificate says, and makes an image',
    async () => {
      const [template] = testbed.agents;
      const client = connectAgent({ nodeId: template!.nodeId, host: '127.0.0.1', port: ready.port, identity: testbed.identity });
      try {
        const { nodeId, instanceId } = await client.describe();
        const { image } = await client.probe({ prompt: 'A lighthouse at dawn', seed: 1, qualitySteps: 1 });
        const bytes = await client.fetchImage(image!.sha256, { maxBytes: 1_000_000 });
        expect({ nodeId, instanceId }).toEqual({ nodeId: template!.nodeId, instanceId: ready.instanceId });
        expect(Buffer.from(bytes.subarray(1, 4)).toString()).toBe('PNG');
      } finally {
        client.close();
      }
    },
    TIMEOUT_MS,
  );

  it('is what an arm64 machine would run', async () => {
    const { qemu, libraries, node } = machine!;
    const child = spawn(qemu, ['-L', libraries, node, '-p', 'process.arch']);
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    expect(line).toBe('arm64');
  });
});
