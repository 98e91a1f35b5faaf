// Live telemetry over OpenSSH: from a tegrastats that plays back real lines, and from this machine's own /proc.
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, type TestContext, test as plainTest } from 'vitest';
import { NodeSampler } from '../../../src/main/domain/nodes/telemetry/node-sampler.js';
import { TelemetryService } from '../../../src/main/domain/nodes/telemetry/telemetry-service.js';
import type { NodeTelemetry } from '../../../src/shared/telemetry.js';
import type { TestbedNode } from '../../../src/shared/testbed.js';
import { findSshd } from '../../support/find-tools.js';
import { openTrustHarness, type TrustHarness } from '../../support/trust-harness.js';

const sshd = findSshd();
const LINE =
  'RAM 4084/62817MB (lfb 8x4MB) CPU [10%@729,30%@729] EMC_FREQ 0%@2133 GR3D_FREQ 42%@1300 cpu@52C gpu@49.5C VDD_GPU_SOC 4020mW/4000mW';
let harness: TrustHarness;
let samplers: { close(): Promise<void> }[];

beforeEach(async () => {
  samplers = [];
  harness = await openTrustHarness(sshd ?? '/nonexistent');
});
afterEach(async () => {
  for (const sampler of samplers) await sampler.close();
  await harness.remove();
});

function test(name: string, act: (context: TestContext) => Promise<void>): void {
  plainTest(name, async (context) => {
    if (sshd) await act(context);
    else await context.annotate('There is no sshd on this machine, so OpenSSH was not tried.');
  });
}

/** A node whose PATH starts with a folder of programs that play what real ones would print; each leaves its process id. */
async function nodeWith(programs: Record<string, string>): Promise<{ node: TestbedNode; pidOf: (program: string) => number }> {
  const path = join(harness.dir, 'programs');
  mkdirSync(path);
  for (const [name, body] of Object.entries(programs)) {
    writeFileSync(join(path, name), `#!/bin/sh\necho $$ >'${join(path, name)}.pid'\n${body}\n`);
    chmodSync(join(path, name), 0o755);
  }
  const server = await harness.startServer(undefined, { path });
  const node = harness.addNode(server);
  await harness.say(node, true);
  return { node, pidOf: (program) => Number(readFileSync(join(path, `${program}.pid`), 'utf8')) };
}

function sampler(node: TestbedNode, more: { silenceMs?: number; retryMs?: number } = {}): NodeSampler {
  const made = new NodeSampler({
    node,
    nowMs: Date.now,
    connect: (to, signal) => harness.connector.connect(to, { acceptNew: false, signal }),
    ...more,
  });
  samplers.push(made);
  return made;
}

/** The first state of a sampler that fits; it must be watched. */
function until(source: NodeSampler, fits: (state: NodeTelemetry) => boolean): Promise<NodeTelemetry> {
  return new Promise((resolve) => {
    const look = (): void => {
      const state = source.snapshot();
      if (!fits(state)) return;
      unsubscribe();
      resolve(state);
    };
    const unsubscribe = source.topic.subscribe(look);
    look();
  });
}

const isRunning = (pid: number): boolean => existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
const untilGone = async (pid: number): Promise<void> => {
  await expect.poll(() => isRunning(pid)).toBe(false);
};

test('a Jetson is sampled by its tegrastats, which ends with the last look and with nothing left behind', async () => {
  const { node, pidOf } = await nodeWith({ tegrastats: `while :; do echo '${LINE}'; sleep 0.05; done` });
  const source = sampler(node);

  const [first, second] = [source.watch(), source.watch()];
  const state = await until(source, ({ samples }) => samples.length >= 3);
  first();
  const pid = pidOf('tegrastats');
  expect(isRunning(pid)).toBe(true);
  second();
  await source.close();

  expect(state).toMatchObject({ state: 'live', source: 'tegrastats', isOfHost: false, problem: null });
  expect(state.samples[0]).toMatchObject({ gpuPercent: 42, cpuPercent: 20, rails: [{ name: 'VDD_GPU_SOC', milliwatts: 4020 }] });
  await untilGone(pid);
});

test('any other Linux host is sampled by /proc, and by nvidia-smi where there is one', async () => {
  const { node } = await nodeWith({ 'nvidia-smi': "echo '77, 250.5, 61'" });
  const source = sampler(node);

  const release = source.watch();
  const state = await until(source, ({ samples }) => samples.length >= 2);
  release();

  expect(state.source).toBe('proc');
  const last = state.samples.at(-1)!;
  expect(last).toMatchObject({ gpuPercent: 77, rails: [{ name: 'GPU', milliwatts: 250_500 }] });
  expect(last.cpuPercent).toBeGreaterThan(0);
  expect(last.memoryUsedBytes).toBeGreaterThan(0);
});

test('a connection that is cut ends what was started on the node', async () => {
  const { node, pidOf } = await nodeWith({ tegrastats: `while :; do echo '${LINE}'; sleep 0.05; done` });
  const opened: { close(): void }[] = [];
  const source = new NodeSampler({
    node,
    nowMs: Date.now,
    retryMs: 60_000,
    connect: async (to, signal) => {
      const outcome = await harness.connector.connect(to, { acceptNew: false, signal });
      if (outcome.kind === 'connected') opened.push(outcome.connection);
      return outcome;
    },
  });
  samplers.push(source);
  source.watch();
  await until(source, ({ samples }) => samples.length >= 1);

  opened[0]!.close();

  const state = await until(source, ({ state: now }) => now === 'failed');
  expect(state.problem?.code).toBe('ssh-unreachable');
  expect(state.samples.length).toBeGreaterThan(0);
  await untilGone(pidOf('tegrastats'));
});

test('a device that says nothing is reported as such and tried again', async () => {
  const { node, pidOf } = await nodeWith({ tegrastats: 'exec sleep 600' });
  const source = sampler(node, { silenceMs: 4_000, retryMs: 60_000 });
  source.watch();

  const state = await until(source, ({ state: now }) => now === 'failed');

  expect(state.problem?.message).toContain('no longer reports anything');
  await untilGone(pidOf('tegrastats'));
});

test('a failure is followed by another try, and the samples continue', async () => {
  const { node } = await nodeWith({
    tegrastats: `if [ -e "$HOME/once" ]; then while :; do echo '${LINE}'; sleep 0.05; done; fi; touch "$HOME/once"; exec sleep 600`,
  });
  const source = sampler(node, { silenceMs: 4_000, retryMs: 50 });
  source.watch();

  await until(source, ({ state }) => state === 'failed');
  const state = await until(source, ({ state: now }) => now === 'live');

  expect(state.problem).toBeNull();
});

test('a host key that is not trusted is the problem that is reported, with no login', async () => {
  const server = await harness.startServer();
  const source = sampler(harness.addNode(server), { retryMs: 60_000 });
  source.watch();

  const state = await until(source, ({ state: now }) => now === 'failed');

  expect(state.problem?.code).toBe('host-key-unknown');
});

test('the subscription ends with its signal and takes the connection with it', async () => {
  const { node, pidOf } = await nodeWith({ tegrastats: `while :; do echo '${LINE}'; sleep 0.05; done` });
  const service = new TelemetryService({
    getNode: (id) => harness.services.testbeds.getNode(id),
    connector: harness.connector,
    nowMs: Date.now,
  });
  samplers.push(service);
  const looking = new AbortController();

  for await (const { samples } of service.watch(node.id, looking.signal)) if (samples.length > 0) looking.abort();

  await untilGone(pidOf('tegrastats'));
  await expect(service.watch('nobody', looking.signal).next()).rejects.toMatchObject({ code: 'not-found' });
});

test('the newest sample is had by anyone while someone watches, and a look alone starts nothing', async () => {
  const { node } = await nodeWith({ tegrastats: `while :; do echo '${LINE}'; sleep 0.05; done` });
  let nowMs = Date.now();
  const service = new TelemetryService({
    getNode: (id) => harness.services.testbeds.getNode(id),
    connector: harness.connector,
    nowMs: () => nowMs,
  });
  samplers.push(service);
  expect(service.latest([node.id])).toEqual([]);

  const looking = new AbortController();
  for await (const { samples } of service.watch(node.id, looking.signal)) {
    if (samples.length === 0) continue;
    expect(service.latest([node.id, 'unknown'])).toEqual([
      { nodeId: node.id, atMs: nowMs, watts: 4.02, celsius: 52, gpuPercent: 42, memoryUsedBytes: 4084 * 2 ** 20, isOfHost: false },
    ]);
    looking.abort();
  }
  // What is old says nothing of now.
  nowMs += 10_001;
  expect(service.latest([node.id])).toEqual([]);
});
