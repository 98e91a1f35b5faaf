// The real worker on a Stable Diffusion 3 of the real classes with a few layers of random weights, stripped of T5 by this program. Needs
// Python with torch and diffusers (`npm test` brings them; `PYTHON` names another than python3).
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { refineModel } from '../../../src/main/domain/models/refine-model.js';
import { OutcomeStatus } from '../../../src/shared/rpc/gen/agent_pb.js';
import { computedSteps } from '../../../src/shared/service.js';
import { startTestAgents, type TestAgent, type TestAgents } from '../../support/agents.js';
import { makePng } from '../../support/make-picture.js';
import { diffusersConfig, hasPython, makeTinySd3 } from '../../support/worker-harness.js';
import { configureRun, idsOf, leaseOf, makeTasks, RUN_ID, watchUntil } from '../../contract/agent/workload.js';

const SETUP_TIMEOUT_MS = 300_000;
const MAX_IMAGE_BYTES = 8 * 1024 * 1024;

let folder: string;
let isThere: boolean;
let testbed: TestAgents | null = null;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'random-weights-'));
  isThere = await hasPython('torch', 'diffusers', 'transformers');
  if (!isThere) return;
  const original = await makeTinySd3();
  const work = { signal: new AbortController().signal, nowMs: () => performance.now(), onProgress: () => undefined };
  await refineModel({ ...work, inputPath: original.allInOne, outputPath: join(folder, 'refined.safetensors'), overwrite: false });
  const modelPath = join(folder, 'refined.safetensors');
  testbed = await startTestAgents({
    count: 1,
    timeScale: 1,
    // The settings and tokenizers of the small model: the shipped settings are those of SD3 medium.
    adjust: (config) => ({ ...config, worker: diffusersConfig({ modelPath, configDir: original.folder }) }),
  });
}, SETUP_TIMEOUT_MS);

afterAll(async () => {
  await testbed?.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** The agent with the real worker; says why the test does not run where there is none. */
function agentFor(context: TestContext): TestAgent {
  const agent = testbed?.agents[0];
  if (!isThere || !agent) context.skip('not run: no Python with torch and diffusers here');
  return agent;
}

const runningStep = (agent: TestAgent): Promise<unknown> => watchUntil(agent, ({ last }) => (last.status?.running?.stepsDone ?? 0) >= 1);

/** The worker's process: a child of this one that runs main.py. */
async function findWorkerPid(): Promise<number> {
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const [status, command] = await Promise.all(
      ['status', 'cmdline'].map((file) => readFile(`/proc/${name}/${file}`, 'utf8').catch(() => '')),
    );
    if (status?.includes(`\nPPid:\t${process.pid}\n`) && command?.includes('worker/main.py')) return Number(name);
  }
  throw new Error('The worker does not run');
}

describe('the worker with a model of random weights, stripped of T5 by this program', () => {
  it('generates an image through the agent and its API, and tells what it is and what it took', async (context) => {
    const { client } = agentFor(context);
    const { image, computeMs, timings } = await client.probe({ prompt: 'a dog on a beach', seed: 1, qualitySteps: 3 });
    expect(image).toMatchObject({ isSimulated: false, widthPx: 512, heightPx: 512, mediaType: 'image/png' });
    const bytes = await client.fetchImage(image?.sha256 ?? '', { maxBytes: MAX_IMAGE_BYTES });
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([512, 512]);
    const { encodeMs = 0, stepsMs = 0, decodeMs = 0 } = timings ?? {};
    expect(Math.min(encodeMs, stepsMs, decodeMs)).toBeGreaterThan(0);
    expect(encodeMs + stepsMs + decodeMs).toBeLessThanOrEqual(computeMs);
    const { worker, workerKind } = await client.describe();
    expect(workerKind).toBe('diffusers');
    expect(worker).toMatchObject({ device: 'cpu', dtype: 'float32', t5Tokens: 0, guidanceScale: 5, shift: 3, startCount: 1 });
    expect(worker?.torchVersion).toMatch(/^\d+\.\d+/);
    expect(worker?.mostResidentBytes).toBeGreaterThan(50_000_000n);
  }, 120_000);

  it('generates the same image from the same seed, and another from another', async (context) => {
    const { client } = agentFor(context);
    const hashOf = async (seed: number): Promise<string | undefined> =>
      (await client.probe({ prompt: 'a red boat', seed, qualitySteps: 1 })).image?.sha256;
    const first = await hashOf(7);
    expect(await hashOf(7)).toBe(first);
    expect(await hashOf(8)).not.toBe(first);
  }, 120_000);

  it('makes an image of a picture and a prompt: of fewer steps, nearer to the picture the lower the strength', async (context) => {
    const agent = agentFor(context);
    await configureRun(testbed as TestAgents, 'local-only');
    const bytes = makePng(640, 480);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    await agent.client.putPicture({ sha256, read: () => Promise.resolve(bytes) });
    const picture = { sha256, sizeBytes: BigInt(bytes.length), mediaType: 'image/png' };
    const strengths = [0.3, 0.3, 1];
    const tasks = makeTasks('pair', 3, { qualitySteps: 10 }).map((task, index) => {
      return { ...task, prompt: 'a red boat', seed: 7, picture, strength: strengths[index] ?? 1 };
    });
    await agent.client.submitTasks(tasks);
    const { outcomes } = await watchUntil(agent, (seen) =>
      ['pair-0', 'pair-1', 'pair-2'].every((id) => seen.outcomes.some((one) => one.taskId === id)),
    );
    const ofTask = tasks.map(({ id }) => outcomes.find(({ taskId }) => taskId === id));
    expect(ofTask.map((outcome) => outcome?.errorMessage)).toEqual(['', '', '']);
    expect(ofTask.map((outcome) => outcome?.computedSteps)).toEqual(strengths.map((strength) => computedSteps(10, strength)));
    expect(ofTask[0]?.image).toMatchObject({ isSimulated: false, widthPx: 512, heightPx: 512 });
    // The same request gives the same image; the picture counts in it.
    expect(ofTask[1]?.image?.sha256).toBe(ofTask[0]?.image?.sha256);
    expect(ofTask[2]?.image?.sha256).not.toBe(ofTask[0]?.image?.sha256);
    const { encodeMs = 0, stepsMs = 0, decodeMs = 0 } = ofTask[0]?.timings ?? {};
    expect(encodeMs + stepsMs + decodeMs).toBeLessThanOrEqual(ofTask[0]?.computeMs ?? 0);
  }, 180_000);

  it('fails a task for good whose picture has a sound header and nothing behind it, and makes the next image', async (context) => {
    const agent = agentFor(context);
    await configureRun(testbed as TestAgents, 'local-only');
    const bytes = makePng(64, 64, { withPixels: false });
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    await agent.client.putPicture({ sha256, read: () => Promise.resolve(bytes) });
    const picture = { sha256, sizeBytes: BigInt(bytes.length), mediaType: 'image/png' };
    const [hollow] = makeTasks('hollow', 1, { qualitySteps: 2 }).map((task) => ({ ...task, picture, strength: 0.5 }));
    await agent.client.submitTasks(hollow ? [hollow] : []);
    const { outcomes } = await watchUntil(agent, (seen) => seen.outcomes.some(({ taskId }) => taskId === 'hollow-0'));
    const outcome = outcomes.find(({ taskId }) => taskId === 'hollow-0');
    expect(outcome).toMatchObject({ status: OutcomeStatus.FAILED, isRetryable: false });
    expect(outcome?.errorMessage).toContain("The input picture can't be read");
    expect((await agent.client.probe({ prompt: 'the next', seed: 1, qualitySteps: 1 })).image?.isSimulated).toBe(false);
  }, 120_000);

  it('is canceled between steps, and makes the next image', async (context) => {
    const agent = agentFor(context);
    await configureRun(testbed as TestAgents, 'local-only');
    await agent.client.submitTasks(makeTasks('cancelled', 1, { qualitySteps: 1_000 }));
    await runningStep(agent);
    expect(idsOf(await agent.client.cancelTasks({ runId: RUN_ID, leases: [leaseOf('cancelled-0')] }))).toEqual(['cancelled-0']);
    const { image } = await agent.client.probe({ prompt: 'the next', seed: 1, qualitySteps: 1 });
    expect(image?.isSimulated).toBe(false);
  }, 120_000);

  it('fails the task as worth another try when the worker is killed in the middle of an image, and makes the next one', async (context) => {
    const agent = agentFor(context);
    if (!(await stat('/proc/self/status').catch(() => null))) context.skip('not run: no /proc to find the process in');
    await configureRun(testbed as TestAgents, 'local-only');
    await agent.client.submitTasks([...makeTasks('killed', 1, { qualitySteps: 1_000 }), ...makeTasks('next', 1, { qualitySteps: 2 })]);
    await runningStep(agent);
    process.kill(await findWorkerPid(), 'SIGKILL');
    const { outcomes } = await watchUntil(agent, (seen) => seen.outcomes.some(({ taskId }) => taskId === 'next-0'));
    const [killed, next] = ['killed-0', 'next-0'].map((id) => outcomes.find(({ taskId }) => taskId === id));
    expect(killed).toMatchObject({ status: OutcomeStatus.FAILED, isRetryable: true });
    expect(killed?.errorMessage).toContain("The worker's process was killed");
    expect(next).toMatchObject({ status: OutcomeStatus.SUCCEEDED, image: { isSimulated: false } });
    expect((await agent.client.describe()).worker?.startCount).toBe(2);
  }, 180_000);
});
