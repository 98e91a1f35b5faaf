// A paused run stands still: what waited on the nodes is taken back, what computed is home, and its clock is stopped until it continues.
import { afterEach, expect, it } from 'vitest';
import type { RunLive } from '../../../src/shared/run.js';
import { reasonsButMachine, RunHarness } from '../../support/run-harness.js';

let harness: RunHarness;
afterEach(() => harness.dispose());

const standstill = (id: string): Promise<void> => harness.runs.standstill(id, AbortSignal.timeout(50_000));
const isHalfway = (live: RunLive): boolean => live.run.counts.succeeded >= 10;

async function pausedHalfway(change: Parameters<RunHarness['spec']>[0] = {}): Promise<string> {
  const { id } = await harness.runs.start(harness.spec({ taskCount: 90, ...change }));
  await harness.until(id, isHalfway);
  await harness.runs.pause(id);
  await standstill(id);
  return id;
}

it('has nothing under way when it stands still, and no task lost', async () => {
  harness = await RunHarness.open();
  const id = await pausedHalfway();
  const { state, counts } = harness.runs.get(id);
  expect(state).toBe('paused');
  expect(counts).toMatchObject({ sent: 0, failed: 0, cancelled: 0, resent: 0 });
  expect(counts.succeeded + counts.pending).toBe(90);
  expect(counts.pending).toBeGreaterThan(0);
  expect(harness.runs.listOpen()).toMatchObject([{ run: { id }, isStandingStill: true }]);
});

it('is valid when it continues after a restart of the program, its clock as if there had been none', async () => {
  harness = await RunHarness.open();
  const id = await pausedHalfway();
  const before = await harness.until(id, () => true);
  await harness.stopProgram();
  await harness.startProgram();
  const after = await harness.until(id, () => true);
  expect(after.run.state).toBe('paused');
  // Instants are on record in whole milliseconds.
  expect(Math.abs(after.elapsedMs - before.elapsedMs)).toBeLessThanOrEqual(2 * after.run.timeScale);

  await harness.runs.resume(id);
  const ended = await harness.ended(id);
  expect(ended.state).toBe('succeeded');
  expect(reasonsButMachine(ended)).toEqual([]);
  expect(harness.runs.audit(id).findings).toEqual([]);
  expect(ended.counts).toMatchObject({ succeeded: 90, resent: 0 });
  const { startedAtMs, finishedAtMs, metrics, timeScale } = ended;
  const stoppedMs = harness.store.getRun(id)!.clockStoppedMs;
  expect(stoppedMs).toBeGreaterThan(0);
  expect(metrics.totalGenerationDelayMs).toBeLessThanOrEqual((finishedAtMs! - startedAtMs! - stoppedMs + 2) * timeScale);
  // Its timeline shows afterwards, too, when that was.
  const { standstills, losses } = await harness.until(id, () => true);
  expect(standstills).toEqual([{ atMs: expect.closeTo(before.elapsedMs, -3), realMs: expect.any(Number) }]);
  expect(standstills[0]!.realMs).toBeGreaterThan(0);
  expect(losses).toEqual([]);
});

it('counts what a task had waited before the pause among its delays', async () => {
  harness = await RunHarness.open();
  const id = await pausedHalfway({ arrivals: { kind: 'all-at-once' } });
  const { elapsedMs } = await harness.until(id, () => true);
  await harness.runs.resume(id);
  const { timeScale } = await harness.ended(id);
  // All came at 0, so a task's service delay and the instant of its result are the same but for control.
  const late = harness.store.listTasks(id).filter((task) => (task.computeStartMs ?? 0) > elapsedMs);
  expect(late.length).toBeGreaterThan(0);
  for (const { delays, acceptedMs } of late) {
    expect(delays!.serviceMs).toBeLessThanOrEqual(acceptedMs! + harness.latenessMs * timeScale);
    expect(delays!.serviceMs).toBeGreaterThan(elapsedMs / 2);
    const { uploadMs, waitingMs, computeMs, downloadMs, controlMs, serviceMs } = delays!;
    expect(uploadMs + waitingMs + computeMs + downloadMs + controlMs).toBeCloseTo(serviceMs, 3);
  }
});

it('puts what is computed later behind what was computed before, on the axis of the run', async () => {
  harness = await RunHarness.open();
  const id = await pausedHalfway();
  const done = harness.store.listTasks(id).filter((task) => task.state === 'succeeded');
  const { elapsedMs } = await harness.until(id, () => true);
  await harness.stopProgram();
  await harness.startProgram();
  await harness.runs.resume(id);
  const { timeScale } = await harness.ended(id);
  const firstIds = new Set(done.map((task) => task.id));
  const later = harness.store.listTasks(id).filter((task) => !firstIds.has(task.id));
  for (const task of later) expect(task.computeStartMs!).toBeGreaterThan(elapsedMs - harness.latenessMs * timeScale);
  for (const task of later) expect(task.computeEndMs!).toBeLessThanOrEqual(task.acceptedMs! + harness.latenessMs * timeScale);
});

it('continues where it stood when it is paused again and again', async () => {
  harness = await RunHarness.open();
  const id = await pausedHalfway({ taskCount: 200 });
  for (const requested of [40, 80]) {
    await harness.runs.resume(id);
    await harness.until(id, (live) => live.run.counts.succeeded >= requested);
    await harness.runs.pause(id);
    await standstill(id);
  }
  await harness.runs.resume(id);
  const ended = await harness.ended(id);
  expect(ended).toMatchObject({ state: 'succeeded', counts: { succeeded: 200, resent: 0 } });
  expect(reasonsButMachine(ended)).toEqual([]);
  expect(harness.runs.audit(id).findings).toEqual([]);
});

it('stays valid when it continues before it stands still', async () => {
  harness = await RunHarness.open();
  const { id } = await harness.runs.start(harness.spec({ taskCount: 90 }));
  await harness.until(id, isHalfway);
  await Promise.all([harness.runs.pause(id), harness.runs.resume(id)]);
  if (harness.runs.get(id).state === 'paused') await harness.runs.resume(id);
  const ended = await harness.ended(id);
  expect(ended).toMatchObject({ state: 'succeeded', counts: { succeeded: 90, cancelled: 0 } });
  expect(reasonsButMachine(ended)).toEqual([]);
  expect(harness.runs.audit(id).findings).toEqual([]);
});

it('can be stopped while it stands still', async () => {
  harness = await RunHarness.open();
  const id = await pausedHalfway();
  const stopped = await harness.runs.stopNow(id);
  expect(stopped).toMatchObject({ state: 'stopped', counts: { pending: 0, sent: 0 } });
});

it('does not mind nodes that are away while it stands still', async () => {
  const leaseTimeoutMs = 2_000;
  harness = await RunHarness.open({ leaseTimeoutMs });
  const id = await pausedHalfway();
  await harness.stopNode('node-2');
  await harness.until(id, (live) => live.nodes.some((node) => !node.isConnected));
  const awaySinceMs = performance.now();
  await harness.until(id, () => performance.now() - awaySinceMs > leaseTimeoutMs);
  await harness.startNode('node-2');
  await harness.until(id, (live) => live.nodes.every((node) => node.isConnected));
  await harness.runs.resume(id);
  const ended = await harness.ended(id);
  expect(ended).toMatchObject({ state: 'succeeded' });
  expect(reasonsButMachine(ended)).toEqual([]);
  expect(harness.runs.audit(id).findings).toEqual([]);
});
