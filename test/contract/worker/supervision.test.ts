// The worker's process and its supervision, with the engine stood in for: needs Python alone.
import { existsSync, readdirSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SILENT_LOG } from '../../../src/agent/log.js';
import { createScaledClock } from '../../../src/agent/scaled-clock.js';
import { ALLOCATOR_FILE } from '../../../src/agent/worker/allocator-choice.js';
import { DiffusersWorker } from '../../../src/agent/worker/diffusers-worker.js';
import { WorkerFailure } from '../../../src/agent/worker/worker-failure.js';
import type { WorkerLimits } from '../../../src/agent/worker/worker-process.js';
import type { DiffusersWorkerConfig } from '../../../src/shared/agent-config.js';
import { diffusersConfig, hasPython, makeStandInWorker } from '../../support/worker-harness.js';

let scriptDir: string;
let isPythonThere: boolean;
const open: DiffusersWorker[] = [];
const said: string[] = [];

beforeAll(async () => {
  isPythonThere = await hasPython();
  scriptDir = await makeStandInWorker();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((worker) => worker.close()));
  said.length = 0;
  await rm(join(scriptDir, ALLOCATOR_FILE), { force: true });
});
afterAll(() => rm(scriptDir, { recursive: true, force: true }));

function startWorker(change: Partial<DiffusersWorkerConfig> = {}, limits: Partial<WorkerLimits> = {}): DiffusersWorker {
  const worker = new DiffusersWorker({
    config: diffusersConfig({ modelPath: 'model', scriptDir, ...change }),
    baseDir: scriptDir,
    pathOfPicture: () => null,
    clock: createScaledClock(1),
    log: { ...SILENT_LOG, info: (_event, fields) => said.push(String(fields?.['line'])) },
    limits: { loadMs: 30_000, silenceMs: 30_000, ...limits },
  });
  open.push(worker);
  return worker;
}

function generate(
  worker: DiffusersWorker,
  prompt: string,
  options: { steps?: number; signal?: AbortSignal; onStep?: (n: number) => void } = {},
) {
  const { steps = 2, signal = new AbortController().signal, onStep = () => undefined } = options;
  const task = { prompt, seed: 1, qualitySteps: steps, widthPx: 64, heightPx: 64 };
  return worker.generate(task, { startMs: 0, signal, onStep });
}

async function failureOf(promise: Promise<unknown>): Promise<WorkerFailure> {
  const thrown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(thrown instanceof WorkerFailure)) throw new Error(`No failure of the worker, but ${String(thrown)}`);
  return thrown;
}

describe('the supervised worker', () => {
  it('makes an image that is larger than a pipe holds, and reports steps and timings', async (context) => {
    if (!isPythonThere) context.skip('not run: no Python here');
    const steps: number[] = [];
    const image = await generate(startWorker(), 'a dog', { steps: 3, onStep: (n) => steps.push(n) });
    expect(image.bytes.length).toBe(200_004);
    expect(image).toMatchObject({ isSimulated: false, timings: { encodeMs: 1, stepsMs: 60, decodeMs: 2 } });
    expect(steps).toEqual([1, 2, 3]);
  });

  it('is not confused by what libraries print', async (context) => {
    if (!isPythonThere) context.skip('not run: no Python here');
    const worker = startWorker();
    await generate(worker, 'a dog');
    expect(said).toContain('something a library prints');
    expect(said).toContain('and something it writes to the descriptor itself');
    expect(worker.problem()).toBeNull();
  });

  it('sees nothing of the environment but what it needs', async (context) => {
    if (!isPythonThere) context.skip('not run: no Python here');
    process.env['DEDGEAI_TEST_SECRET'] = 'hush';
    try {
      const worker = startWorker();
      await generate(worker, 'a dog');
      expect(worker.figures()?.deviceName).toBe('');
    } finally {
      delete process.env['DEDGEAI_TEST_SECRET'];
    }
  });

  it('is canceled between two steps and then makes the next image with the same process', async (context) => {
    if (!isPythonThere) context.skip('not run: no Python here');
    const worker = startWorker();
    const cancel = new AbortController();
    let stepsDone = 0;
    const cancelled = generate(worker, 'a dog', {
      steps: 1_000,
      signal: cancel.signal,
      onStep: (n) => {
        stepsDone = n;
        if (n === 2) cancel.abort(new Error('taken back'));
      },
    });
    await expect(cancelled).rejects.toThrow('taken back');
    expect(stepsDone).toBeLessThan(1_000);
    const { pid } = worker;
    await generate(worker, 'another dog');
    expect(worker.pid).toBe(pid);
  });

  it('fails the image, and makes the next one in a new process, when it dies', async (context) => {
    if (!isPythonThere) context.skip('not run: no Python here');
    const worker = startWorker();
    const failure = await failureOf(generate(worker, 'crash'));
    expect(failure).toMatchObject({ kind: 'died', message: "The worker's process ended with status 7." });
    expect((await generate(worker, 'a dog')).isSimulated).toBe(false);
    expect(worker.figures()?.startCount).toBe(2);
  });

  it('fails the image and starts again when it is stuck in a step', async (context) => {
    if (!isPythonThere) context.skip('not run: no Python here');
    const worker = startWorker({}, { silenceMs: 3_000 });
    const failure = await failureOf(generate(worker, 'stuck'));
    expect(failure.message).toContain('said nothing for 3 s');
    await generate(worker, 'a dog');
  });

  it.for(['cuda out of memory', 'nvml out of memory', 'nvmap out of memory'])(
    'tells %s as such, with the remedy, and continues',
    async (prompt) => {
      if (!isPythonThere) return expect(isPythonThere).toBe(false);
      const worker = startWorker();
      const failure = await failureOf(generate(worker, prompt));
      expect(failure.kind).toBe('out-of-memory');
      expect(failure.message).toMatch(/too little memory: .* Close what else uses the device's memory/);
      await generate(worker, 'a dog');
      expect(worker.figures()?.startCount).toBe(1);
    },
  );

  it('is expected to take what a calibration found, once it is reported', () => {
    const worker = startWorker({ fixedSec: 1, secPerStep: 0.1 });
    worker.expect({ fixedSec: 3, secPerStep: 0.5 });
    expect([worker.fixedSec, worker.secPerStep]).toEqual([3, 0.5]);
  });

  it('takes the GPU memory in plain blocks, and says so', async (context) => {
    if (!isPythonThere) context.skip('not run: no Python here');
    const worker = startWorker({ device: 'cuda' });
    await generate(worker, 'a dog');
    expect(worker.figures()).toMatchObject({ allocator: 'plain', allocatorReason: '', startCount: 1 });
    expect(existsSync(join(scriptDir, ALLOCATOR_FILE))).toBe(false);
  });

  it.for(['a load', 'an image'])(
    'takes it in expandable segments after the refusal of %s, and remembers that for the next start',
    async (what, context) => {
      if (!isPythonThere) context.skip('not run: no Python here');
      const isLoad = what === 'a load';
      const worker = startWorker({ device: 'cuda', modelPath: isLoad ? 'refuses-plain' : 'model' });
      const prompt = isLoad ? 'a dog' : 'nvmap out of memory unless expandable';
      if (!isLoad) await failureOf(generate(worker, prompt));
      await generate(worker, prompt);
      expect(worker.figures()).toMatchObject({
        allocator: 'expandable',
        allocatorReason: expect.stringContaining('error 12') as string,
        startCount: 2,
      });
      const next = startWorker({ device: 'cuda', modelPath: 'refuses-plain' });
      await generate(next, 'a dog');
      expect(next.figures()).toMatchObject({ allocator: 'expandable', startCount: 1 });
    },
  );

  it('goes back to plain blocks where expandable segments are what is refused, and forgets them', async (context) => {
    if (!isPythonThere) context.skip('not run: no Python here');
    await writeFile(join(scriptDir, ALLOCATOR_FILE), '{"allocator":"expandable","reason":"error 12"}');
    const worker = startWorker({ device: 'cuda', modelPath: 'refuses-expandable' });
    await generate(worker, 'a dog');
    expect(worker.figures()).toMatchObject({ allocator: 'plain', startCount: 2 });
    expect(existsSync(join(scriptDir, ALLOCATOR_FILE))).toBe(false);
  });

  it('leaves nothing of what torch makes for compiling', async (context) => {
    if (!isPythonThere) context.skip('not run: no Python here');
    const folders = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith(`dedgeai-torch-${process.pid}-`));
    const worker = startWorker();
    await generate(worker, 'a dog');
    expect(folders()).toHaveLength(1);
    await worker.close();
    expect(folders()).toEqual([]);
  });

  it('says what is wrong with a model that is not there, and refuses images for that', async (context) => {
    if (!isPythonThere) context.skip('not run: no Python here');
    const worker = startWorker({ modelPath: 'missing' });
    const failure = await failureOf(generate(worker, 'a dog'));
    expect(failure.message).toMatch(/There is no model at .*missing\. Provision the node again to push it\./);
    expect(worker.problem()).toContain('There is no model');
  });

  it('says so when there is no Python', async () => {
    const worker = startWorker({ python: '/nowhere/python3' });
    const failure = await failureOf(generate(worker, 'a dog'));
    expect(failure.message).toContain("Python (/nowhere/python3) can't be started");
  });

  it('ends with the agent', async (context) => {
    if (!isPythonThere) context.skip('not run: no Python here');
    const worker = startWorker();
    await generate(worker, 'a dog');
    const pid = worker.pid ?? 0;
    await worker.close();
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });
});
