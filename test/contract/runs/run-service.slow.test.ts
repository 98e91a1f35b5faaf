import { afterEach, describe, expect, it } from 'vitest';
import { reasonsButMachine, RunHarness } from '../../support/run-harness.js';

let harness: RunHarness | undefined;

afterEach(async () => {
  await harness?.dispose();
  harness = undefined;
});

describe('a batch run on agents over mutual TLS', () => {
  it('accepts every task once and measures each', async () => {
    harness = await RunHarness.open();
    const started = await harness.runs.start(harness.spec());
    const ended = await harness.ended(started.id);
    expect(ended.state).toBe('succeeded');
    expect(ended.counts).toMatchObject({ total: 30, succeeded: 30, failed: 0, resent: 0 });
    expect(reasonsButMachine(ended)).toEqual([]);
    expect(harness.runs.audit(started.id)).toMatchObject({ findingCount: 0, findings: [] });
    const { items } = harness.runs.tasks({
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
    harness = await RunHarness.open({ promptCount: 5 });
    await expect(harness.runs.start(harness.spec({ taskCount: 6 }))).rejects.toThrow(/has 5 prompts/);
    expect(harness.runs.list()).toEqual([]);
  });

  it('continues after the program was killed in the middle, with no task accepted twice', async () => {
    harness = await RunHarness.open();
    const { id } = await harness.runs.start(harness.spec({ taskCount: 90 }));
    await harness.until(id, (live) => live.run.counts.succeeded >= 10);
    await harness.stopProgram();
    await harness.startProgram();
    const ended = await harness.ended(id);
    expect(ended.counts).toMatchObject({ total: 90, succeeded: 90 });
    expect(ended.validity.reasons).toContain('The program was not running for a while during the run.');
    expect(harness.runs.audit(id).findings).toEqual([]);
    const tasks = harness.store.listTasks(id);
    expect(tasks.every((task) => task.state === 'succeeded' && task.imageSha256 !== null)).toBe(true);
    expect(new Set(tasks.map((task) => task.id)).size).toBe(90);
  });

  it('loses nothing when program and agents die together', async () => {
    harness = await RunHarness.open();
    const { id } = await harness.runs.start(harness.spec({ taskCount: 60 }));
    await harness.until(id, (live) => live.run.counts.succeeded >= 5);
    await harness.stopProgram();
    for (const nodeId of [...harness.agents.keys()]) await harness.stopNode(nodeId);
    for (const nodeId of ['node-1', 'node-2', 'node-3']) await harness.startNode(nodeId);
    await harness.startProgram();
    const ended = await harness.ended(id);
    expect(ended.counts).toMatchObject({ total: 60, succeeded: 60 });
    expect(ended.counts.resent).toBeGreaterThan(0);
  });

  it('finishes on the other nodes when one dies in the middle, and says that it is not valid', async () => {
    harness = await RunHarness.open({ leaseTimeoutMs: 1000 });
    const { id } = await harness.runs.start(harness.spec({ taskCount: 60 }));
    await harness.until(id, (live) => live.run.counts.succeeded >= 5);
    await harness.stopNode('node-2');
    const ended = await harness.ended(id);
    expect(ended.counts).toMatchObject({ total: 60, succeeded: 60 });
    expect(ended.validity.isValid).toBe(false);
    expect(ended.validity.reasons.join(' ')).toContain('ES 2');
  });

  it('holds the rest when paused and finishes it when resumed', async () => {
    harness = await RunHarness.open();
    const { id } = await harness.runs.start(harness.spec({ taskCount: 90 }));
    await harness.until(id, (live) => live.run.counts.succeeded >= 5);
    const paused = await harness.runs.pause(id);
    expect(paused.state).toBe('paused');
    // What computes now ends; then every node stands still.
    const still = await harness.until(id, (live) => live.nodes.every((node) => node.runningTaskId === null));
    expect(still.run.counts.succeeded).toBeLessThan(90);
    await harness.runs.resume(id);
    expect((await harness.ended(id)).counts.succeeded).toBe(90);
  });

  it('stays paused over a restart of the program', async () => {
    harness = await RunHarness.open();
    const { id } = await harness.runs.start(harness.spec({ taskCount: 60 }));
    await harness.until(id, (live) => live.run.counts.succeeded >= 5);
    await harness.runs.pause(id);
    await harness.stopProgram();
    await harness.startProgram();
    expect(harness.runs.get(id).state).toBe('paused');
    await harness.until(id, (live) => live.nodes.every((node) => node.isConnected));
    await harness.runs.resume(id);
    expect((await harness.ended(id)).counts.succeeded).toBe(60);
  });

  it('lets computing tasks end when the rest is canceled', async () => {
    harness = await RunHarness.open();
    const { id } = await harness.runs.start(harness.spec({ taskCount: 90 }));
    await harness.until(id, (live) => live.run.counts.succeeded >= 5);
    await harness.runs.cancelRemaining(id);
    const ended = await harness.ended(id);
    expect(ended.state).toBe('stopped');
    expect(ended.counts.cancelled).toBeGreaterThan(0);
    expect(ended.counts.succeeded + ended.counts.cancelled).toBe(90);
    expect(ended.validity.isValid).toBe(false);
  });

  it('cancels computing tasks too when stopped now', async () => {
    harness = await RunHarness.open();
    const { id } = await harness.runs.start(harness.spec({ taskCount: 90 }));
    await harness.until(id, (live) => live.run.counts.succeeded >= 5);
    const stopped = await harness.runs.stopNow(id);
    expect(stopped.state).toBe('stopped');
    expect(stopped.counts.pending + stopped.counts.sent).toBe(0);
  });

  it('waits behind another run of the same testbed', async () => {
    harness = await RunHarness.open();
    const first = await harness.runs.start(harness.spec({ name: 'First' }));
    const second = await harness.runs.start(harness.spec({ name: 'Second' }));
    expect(harness.runs.get(second.id).state).toBe('queued');
    const firstEnded = await harness.ended(first.id);
    const secondEnded = await harness.ended(second.id);
    expect(secondEnded.counts.succeeded).toBe(30);
    expect(secondEnded.startedAtMs).toBeGreaterThanOrEqual(firstEnded.finishedAtMs ?? Infinity);
  });
});
