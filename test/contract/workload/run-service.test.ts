import { afterEach, describe, expect, it } from 'vitest';
import { reasonsButMachine, RunBench } from '../../support/run-bench.js';

let bench: RunBench | undefined;

afterEach(async () => {
  await bench?.dispose();
  bench = undefined;
});

describe('a batch run on agents over mutual TLS', () => {
  it('accepts every task once and measures each', async () => {
    bench = await RunBench.open();
    const started = await bench.runs.start(bench.spec());
    const ended = await bench.ended(started.id);
    expect(ended.state).toBe('succeeded');
    expect(ended.counts).toMatchObject({ total: 30, succeeded: 30, failed: 0, resent: 0 });
    expect(reasonsButMachine(ended)).toEqual([]);
    expect(bench.runs.audit(started.id)).toMatchObject({ findingCount: 0, findings: [] });
    const { items } = bench.runs.tasks({
      runId: started.id,
      offset: 0,
      limit: 100,
      state: null,
      nodeId: null,
      search: '',
      sortBy: 'ordinal',
      descending: false,
    });
    expect(items).toHaveLength(30);
    for (const task of items) {
      expect(task.attempts).toBe(1);
      const delays = task.delays;
      if (!delays) throw new Error(`Task ${task.ordinal} has no delays`);
      const sum = delays.uploadMs + delays.waitingMs + delays.computeMs + delays.downloadMs + delays.resendMs + delays.controlMs;
      expect(sum).toBeCloseTo(delays.serviceMs, 0);
      expect(delays.computeMs).toBeGreaterThanOrEqual((1 + task.qualitySteps * 0.1) * 1000 * 0.99);
      expect(task.imageSha256).toMatch(/^[0-9a-f]{64}$/);
    }
    expect(ended.metrics.totalGenerationDelayMs).toBeGreaterThanOrEqual(ended.metrics.lowerBoundMs ?? Infinity);
  });

  it('is refused when there are more tasks than prompts', async () => {
    bench = await RunBench.open({ promptCount: 5 });
    await expect(bench.runs.start(bench.spec({ taskCount: 6 }))).rejects.toThrow(/has 5 prompts/);
    expect(bench.runs.list()).toEqual([]);
  });

  it('goes on after the program was killed in the middle, with no task accepted twice', async () => {
    bench = await RunBench.open();
    const { id } = await bench.runs.start(bench.spec({ taskCount: 90 }));
    await bench.until(id, (live) => live.run.counts.succeeded >= 10);
    await bench.stopProgram();
    await bench.startProgram();
    const ended = await bench.ended(id);
    expect(ended.counts).toMatchObject({ total: 90, succeeded: 90 });
    expect(ended.validity.reasons).toContain('The program was not running for a while during the run.');
    expect(bench.runs.audit(id).findings).toEqual([]);
    const tasks = bench.store.listTasks(id);
    expect(tasks.every((task) => task.state === 'succeeded' && task.imageSha256 !== null)).toBe(true);
    expect(new Set(tasks.map((task) => task.id)).size).toBe(90);
  });

  it('loses nothing when program and agents die together', async () => {
    bench = await RunBench.open();
    const { id } = await bench.runs.start(bench.spec({ taskCount: 60 }));
    await bench.until(id, (live) => live.run.counts.succeeded >= 5);
    await bench.stopProgram();
    for (const nodeId of [...bench.agents.keys()]) await bench.stopNode(nodeId);
    for (const nodeId of ['node-1', 'node-2', 'node-3']) await bench.startNode(nodeId);
    await bench.startProgram();
    const ended = await bench.ended(id);
    expect(ended.counts).toMatchObject({ total: 60, succeeded: 60 });
    expect(ended.counts.resent).toBeGreaterThan(0);
  });

  it('finishes on the other nodes when one dies in the middle, and says that it is not valid', async () => {
    bench = await RunBench.open({ leaseTimeoutMs: 1000 });
    const { id } = await bench.runs.start(bench.spec({ taskCount: 60 }));
    await bench.until(id, (live) => live.run.counts.succeeded >= 5);
    await bench.stopNode('node-2');
    const ended = await bench.ended(id);
    expect(ended.counts).toMatchObject({ total: 60, succeeded: 60 });
    expect(ended.validity.isValid).toBe(false);
    expect(ended.validity.reasons.join(' ')).toContain('ES 2');
  });

  it('holds the rest when paused and finishes it when resumed', async () => {
    bench = await RunBench.open();
    const { id } = await bench.runs.start(bench.spec({ taskCount: 90 }));
    await bench.until(id, (live) => live.run.counts.succeeded >= 5);
    const paused = await bench.runs.pause(id);
    expect(paused.state).toBe('paused');
    // What computes now ends; then every node stands still.
    const still = await bench.until(id, (live) => live.nodes.every((node) => node.runningTaskId === null));
    expect(still.run.counts.succeeded).toBeLessThan(90);
    await bench.runs.resume(id);
    expect((await bench.ended(id)).counts.succeeded).toBe(90);
  });

  it('stays paused over a restart of the program', async () => {
    bench = await RunBench.open();
    const { id } = await bench.runs.start(bench.spec({ taskCount: 60 }));
    await bench.until(id, (live) => live.run.counts.succeeded >= 5);
    await bench.runs.pause(id);
    await bench.stopProgram();
    await bench.startProgram();
    expect(bench.runs.get(id).state).toBe('paused');
    await bench.until(id, (live) => live.nodes.every((node) => node.isConnected));
    await bench.runs.resume(id);
    expect((await bench.ended(id)).counts.succeeded).toBe(60);
  });

  it('lets computing tasks end when the rest is cancelled', async () => {
    bench = await RunBench.open();
    const { id } = await bench.runs.start(bench.spec({ taskCount: 90 }));
    await bench.until(id, (live) => live.run.counts.succeeded >= 5);
    await bench.runs.cancelRest(id);
    const ended = await bench.ended(id);
    expect(ended.state).toBe('stopped');
    expect(ended.counts.cancelled).toBeGreaterThan(0);
    expect(ended.counts.succeeded + ended.counts.cancelled).toBe(90);
    expect(ended.validity.isValid).toBe(false);
  });

  it('cancels computing tasks too when stopped now', async () => {
    bench = await RunBench.open();
    const { id } = await bench.runs.start(bench.spec({ taskCount: 90 }));
    await bench.until(id, (live) => live.run.counts.succeeded >= 5);
    const stopped = await bench.runs.stopNow(id);
    expect(stopped.state).toBe('stopped');
    expect(stopped.counts.pending + stopped.counts.sent).toBe(0);
  });

  it('waits behind another run of the same testbed', async () => {
    bench = await RunBench.open();
    const first = await bench.runs.start(bench.spec({ name: 'First' }));
    const second = await bench.runs.start(bench.spec({ name: 'Second' }));
    expect(bench.runs.get(second.id).state).toBe('queued');
    const firstEnded = await bench.ended(first.id);
    const secondEnded = await bench.ended(second.id);
    expect(secondEnded.counts.succeeded).toBe(30);
    expect(secondEnded.startedAtMs).toBeGreaterThanOrEqual(firstEnded.finishedAtMs ?? Infinity);
  });
});
