// Image-to-image through real agents: the picture comes before its task, goes along when the task hops, and is hostile until it was looked at.
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { nodeServerName } from '../../../src/shared/agent-config.js';
import { OutcomeStatus } from '../../../src/shared/rpc/gen/agent_pb.js';
import { computedSteps, MAX_PICTURE_BYTES } from '../../../src/shared/service.js';
import { startTestAgents, type TestAgent, type TestAgents } from '../../support/agents.js';
import { makePng } from '../../support/make-picture.js';
import { configureRun, makeTasks, watchUntil } from './workload.js';

const STRENGTH = 0.5;
const PICTURE_MBIT = 4;

let testbed: TestAgents | null = null;

afterEach(async () => {
  await testbed?.close();
  testbed = null;
});

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const pictureOf = (bytes: Uint8Array) => ({ sha256: hashOf(bytes), sizeBytes: BigInt(bytes.length), mediaType: 'image/png' });
const put = (agent: TestAgent, bytes: Buffer): Promise<void> =>
  agent.client.putPicture({ sha256: hashOf(bytes), read: () => Promise.resolve(bytes) });
const picturesAt = (agent: TestAgent): Promise<string[]> => readdir(join(agent.baseDir, 'results/pictures'));

/** One request with the control center's certificate. */
function send(
  agent: TestAgent,
  { caPem, certificatePem, privateKeyPem }: TestAgents['identity'],
  path: string,
  body: Buffer,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const tls = { ca: caPem, cert: certificatePem, key: privateKeyPem, servername: nodeServerName(agent.nodeId) };
    const outgoing = request({ ...tls, host: '127.0.0.1', port: agent.port, method: 'PUT', path, agent: false }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0));
    });
    outgoing.setHeader('content-length', body.length);
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

describe('tasks with an input picture', () => {
  it('carry it to the edge server that computes them, and report the steps that were computed', async () => {
    testbed = await startTestAgents({ count: 2, timeScale: 100 });
    const [home, other] = testbed.agents as [TestAgent, TestAgent];
    await configureRun(testbed, 'round-robin');
    const bytes = makePng(64, 64);
    await put(home, bytes);
    expect(await picturesAt(other)).toEqual([]);
    const tasks = makeTasks('pair', 2, { qualitySteps: 15 }).map((task) => ({ ...task, picture: pictureOf(bytes), strength: STRENGTH }));
    await home.client.submitTasks(tasks);
    const { outcomes } = await watchUntil(home, (seen) => seen.outcomes.length === 2);
    expect(outcomes.map(({ status, computedSteps: steps }) => [status, steps])).toEqual([
      [OutcomeStatus.SUCCEEDED, computedSteps(15, STRENGTH)],
      [OutcomeStatus.SUCCEEDED, computedSteps(15, STRENGTH)],
    ]);
    expect(outcomes.map(({ edgeServerId }) => edgeServerId).sort()).toEqual(['node-1', 'node-2']);
    expect(await picturesAt(other)).toEqual([hashOf(bytes)]);
    // Of the steps that are computed, as the schedulers reckon with them.
    for (const { computeMs } of outcomes) expect(computeMs).toBeCloseTo(3_800 + 8 * 1_000, -3);
  });

  it('pay for its size on a simulated link, over which nothing goes', async () => {
    const simulatedLink = { rateMbps: 1, jitterFraction: 0 };
    testbed = await startTestAgents({ count: 2, timeScale: 20, adjust: (config) => ({ ...config, simulatedLink }) });
    const [home, other] = testbed.agents as [TestAgent, TestAgent];
    await configureRun(testbed, 'round-robin');
    const picture = { sha256: 'a'.repeat(64), sizeBytes: BigInt((PICTURE_MBIT * 1e6) / 8), mediaType: 'image/png' };
    await home.client.submitTasks(makeTasks('far', 2, { qualitySteps: 2 }).map((task) => ({ ...task, picture, strength: 1 })));
    const { outcomes } = await watchUntil(home, (seen) => seen.outcomes.length === 2);
    expect(outcomes.map(({ status }) => status)).toEqual([OutcomeStatus.SUCCEEDED, OutcomeStatus.SUCCEEDED]);
    const uploads = outcomes.map(({ edgeServerId, uploadMs }) => [edgeServerId, Math.floor(uploadMs / 1_000)]);
    expect(uploads.find(([id]) => id === 'node-1')?.[1]).toBe(0);
    expect(uploads.find(([id]) => id === 'node-2')?.[1]).toBeGreaterThanOrEqual(PICTURE_MBIT);
    expect(await picturesAt(other)).toEqual([]);
  });

  it('fail as worth another try where the picture never came, and are refused without a strength', async () => {
    testbed = await startTestAgents({ count: 1, timeScale: 100 });
    const [home] = testbed.agents as [TestAgent];
    await configureRun(testbed, 'local-only');
    const [task] = makeTasks('bare', 1).map((bare) => ({ ...bare, picture: pictureOf(makePng(64, 64)), strength: STRENGTH }));
    if (!task) throw new Error('no task');
    await expect(home.client.submitTasks([{ ...task, strength: 0 }])).rejects.toThrow('a picture without a strength');
    await home.client.submitTasks([task]);
    const { outcomes } = await watchUntil(home, (seen) => seen.outcomes.length === 1);
    expect(outcomes[0]).toMatchObject({ status: OutcomeStatus.FAILED, isRetryable: true, isLost: false });
    expect(outcomes[0]?.errorMessage).toContain('input picture of the task is not on base station node-1');
  });
});

describe('what an agent takes as an input picture', () => {
  it('has the hash that it is named by, and is a whole PNG or JPEG within the limits', async () => {
    testbed = await startTestAgents({ count: 1, timeScale: 1 });
    const { identity, agents } = testbed;
    const [agent] = agents as [TestAgent];
    const sound = makePng(64, 64);
    const cases: [expected: number, bytes: Buffer, sha256?: string][] = [
      [204, sound],
      [422, sound, '0'.repeat(64)],
      [415, Buffer.from('<svg/>')],
      [415, sound.subarray(0, -4)],
      [415, makePng(8_000, 8_000, { withPixels: false })],
      [411, Buffer.alloc(0)],
      [413, Buffer.alloc(MAX_PICTURE_BYTES + 1)],
    ];
    for (const [expected, bytes, sha256] of cases) {
      // A refusal may end the connection before all bytes are out.
      const status = await send(agent, identity, `/pictures/${sha256 ?? hashOf(bytes)}`, bytes).catch(() => 413);
      expect(status).toBe(expected);
    }
    expect(await send(agent, identity, '/pictures/..%2f..%2fnode.key', sound)).toBe(404);
    expect(await picturesAt(agent)).toEqual([hashOf(sound)]);
  });

  it('is forgotten with the agent, whose tasks are gone too', async () => {
    testbed = await startTestAgents({ count: 1, timeScale: 1 });
    const [agent] = testbed.agents as [TestAgent];
    await put(agent, makePng(64, 64));
    expect(await picturesAt(agent)).toHaveLength(1);
    await agent.restart();
    expect(await picturesAt(agent)).toEqual([]);
  });

  it('is for agents that say so in their description', async () => {
    testbed = await startTestAgents({ count: 1, timeScale: 1 });
    expect((await testbed.agents[0]?.client.describe())?.services).toEqual(['text-to-image', 'image-to-image']);
  });
});
