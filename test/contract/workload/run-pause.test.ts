// A paused run stands still: what waited on the nodes is taken back, what computed is home, and its clock is stopped until it goes on.
import { afterEach, expect, it } from 'vitest';
import type { RunLive } from '../../../src/shared/run.js';
import { reasonsButMachine, RunBench } from '../../support/run-bench.js';

let bench: RunBench;
afterEach(() => bench.dispose());

const standstill = (id: string): Promise<void> => bench.runs.standstill(id, AbortSignal.timeout(50_000));
const isHalfway = (live: RunLive): boolean => live.run.counts.succeeded >= 10;

async function pausedHalfway(change: Parameters<RunBench['spec']>[0] = {}): Promise<string> {
  const { id } = await bench.runs.start(bench.spec({ taskCount: 90, ...change }));
  await bench.until(id, isHalfway);
  await bench.runs.pause(id);
  await standstill(id);
  return id;
}

it('has nothing under way when it stands still, and no task lost', async () => {
  bench = await RunBench.open();
  const id = await pausedHalfway();
  const { state, counts } = bench.runs.get(id);
  expect(state).toBe('paused');
  expect(counts).toMatchObject({ sent: 0, failed: 0, cancelled: 0, resent: 0 });
  expect(counts.succeeded + counts.pending).toBe(90);
  expect(counts.pending).toBeGreaterThan(0);
  expect(bench.runs.listOpen()).toMatchObject([{ run: { id }, isStandingStill: true }]);
});

it('is valid when it goes on after a restart of the program, its clock as if there had been none', async () => {
  bench = await RunBench.open();
  const id = await pausedHalfway();
  const before = await bench.until(id, () => true);
  await bench.stopProgram();
  await bench.startProgram();
  const after = await bench.until(id, () => true);
  expect(after.run.state).toBe('paused');
  // Instants are on record in whole milliseconds.
  expect(Math.abs(after.elapsedMs - before.elapsedMs)).toBeLessThanOrEqual(2 * after.run.timeScale);

  await bench.runs.resume(id);
  const ended = await bench.ended(id);
  expect(ended.state).toBe('succeeded');
  expect(reasonsButMachine(ended)).toEqual([]);
  expect(bench.runs.audit(id).findings).toEqual([]);
  expect(ended.counts).toMatchObject({ succeeded: 90, resent: 0 });
  const { startedAtMs, finishedAtMs, metrics, timeScale } = ended;
  const stoppedMs = bench.store.getRun(id)!.clockStoppedMs;
  expect(stoppedMs).toBeGreaterThan(0);
  expect(metrics.totalGenerationDelayMs).toBeLessThanOrEqual((finishedAtMs! - startedAtMs! - stoppedMs + 2) * timeScale);
});

it('counts what a task had waited before the pause among its delays', async () => {
  bench = await RunBench.open();
  const id = await pausedHalfway({ arrivals: { kind: 'all-at-once' } });
  const { elapsedMs } = await bench.until(id, () => true);
  await bench.runs.resume(id);
  const { timeScale } = await bench.ended(id);
  // All came at 0, so a task's service delay and the instant of its result are the same but for control.
  const late = bench.store.listTasks(id).filter((task) => (task.computeStartMs ?? 0) > elapsedMs);
  expect(late.length).toBeGreaterThan(0);
  for (const { delays, acceptedMs } of late) {
    expect(delays!.serviceMs).toBeLessThanOrEqual(acceptedMs! + bench.latenessMs * timeScale);
    expect(delays!.serviceMs).toBeGreaterThan(elapsedMs / 2);
    const { uploadMs, waitingMs, computeMs, downloadMs, controlMs, serviceMs } = delays!;
    expect(uploadMs + waitingMs + computeMs + downloadMs + controlMs).toBeCloseTo(serviceMs, 3);
  }
});

it('puts what is computed later behind what was computed before, on the axis of the run', async () => {
  bench = await RunBench.open();
  const id = await pausedHalfway();
  const done = bench.store.listTasks(id).filter((task) => task.state === 'succeeded');
  const { elapsedMs } = await bench.until(id, () => true);
  await bench.stopProgram();
  await bench.startProgram();
  await bench.runs.resume(id);
  const { timeScale } = await bench.ended(id);
  const firstIds = new Set(done.map((task) => task.id));
  const later = bench.store.listTasks(id).filter((task) => !firstIds.has(task.id));
  for (const task of later) expect(task.computeStartMs!).toBeGreaterThan(elapsedMs - bench.latenessMs * timeScale);
  for (const task of later) expect(task.computeEndMs!).toBeLessThanOrEqual(task.acceptedMs! + bench.latenessMs * timeScale);
});

it('goes on where it stood when it is paused again and again', async () => {
  bench = await RunBench.open();
  const id = await pausedHalfway({ taskCount: 200 });
  for (const wanted of [40, 80]) {
    await bench.runs.resume(id);
    await bench.until(id, (live) => live.run.counts.succeeded >= wanted);
    await bench.runs.pause(id);
    await standstill(id);
  }
  await bench.runs.resume(id);
  const ended = await bench.ended(id);
  expect(ended).toMatchObject({ state: 'succeeded', counts: { succeeded: 200, resent: 0 } });
  expect(reasonsButMachine(ended)).toEqual([]);
  expect(bench.runs.audit(id).findings).toEqual([]);
});

it('stays valid when it goes on before it stands still', async () => {
  bench = await RunBench.open();
  const { id } = await bench.runs.start(bench.spec({ taskCount: 90 }));
  await bench.until(id, isHalfway);
  await Promise.all([bench.runs.pause(id), bench.runs.resume(id)]);
  if (bench.runs.get(id).state === 'paused') await bench.runs.resume(id);
  const ended = await bench.ended(id);
  expect(ended).toMatchObject({ state: 'succeeded', counts: { succeeded: 90, cancelled: 0 } });
  expect(reasonsButMachine(ended)).toEqual([]);
  expect(bench.runs.audit(id).findings).toEqual([]);
});

it('can be stopped while it stands still', async () => {
  bench = await RunBench.open();
  const id = await pausedHalfway();
  const stopped = await bench.runs.stopNow(id);
  expect(stopped).toMatchObject({ state: 'stopped', counts: { pending: 0, sent: 0 } });
});

it('does not mind nodes that are away while it stands still', async () => {
  const leaseTimeoutMs = 2_000;
  bench = await RunBench.open({ leaseTimeoutMs });
  const id = await pausedHalfway();
  await bench.stopNode('node-2');
  await bench.until(id, (live) => live.nodes.some((node) => !node.isConnected));
  const awaySinceMs = performance.now();
  await bench.until(id, () => performance.now() - awaySinceMs > leaseTimeoutMs);
  await bench.startNode('node-2');
  await bench.until(id, (live) => live.nodes.every((node) => node.isConnected));
  await bench.runs.resume(id);
  const ended = await bench.ended(id);
  expect(ended).toMatchObject({ state: 'succeeded' });
  expect(reasonsButMachine(ended)).toEqual([]);
  expect(bench.runs.audit(id).findings).toEqual([]);
});
