// Cut networks between real agents and a real run: nothing is lost, nothing is accepted twice, and everything ends.
import { setTimeout as delay } from 'node:timers/promises';

import { afterEach, describe, expect, it } from 'vitest';

import { RunBench } from '../../support/run-bench.js';

const NODES = ['node-1', 'node-2', 'node-3'];
let bench: RunBench | undefined;

afterEach(async () => {
  await bench?.dispose();
  bench = undefined;
});

/** Every task once, every attempt ended. */
function expectNothingLost(runId: string, taskCount: number): void {
  const tasks = bench?.store.listTasks(runId) ?? [];
  const states = Object.groupBy(tasks, (task) => task.state);
  expect(Object.fromEntries(Object.entries(states).map(([state, own]) => [state, own.length]))).toEqual({ succeeded: taskCount });
  expect(new Set(tasks.map((task) => task.id)).size).toBe(taskCount);
}

describe('a cut of everybody from everybody', () => {
  // The length of the fault is the scenario; the end is waited for.
  it('that heals loses no task, though leases were given anew meanwhile', { timeout: 120_000 }, async () => {
    bench = await RunBench.open({ canBeCut: true, timeScale: 10, leaseTimeoutMs: 1_000 });
    const { id } = await bench.runs.start(bench.spec({ taskCount: 150 }));
    await bench.until(id, (live) => live.run.counts.succeeded >= 5);
    bench.cut(...NODES);
    await bench.until(id, (live) => live.nodes.every((node) => !node.isConnected));
    await delay(9_000);
    // One after the other, as networks come back.
    for (const nodeId of NODES) {
      bench.heal(nodeId);
      await bench.until(id, (live) => live.nodes.some((node) => node.nodeId === nodeId && node.isConnected));
    }
    const ended = await bench.ended(id);
    expect(ended.state).toBe('succeeded');
    expectNothingLost(id, 150);
  });
});

describe('a node that nobody can reach though its own calls go out', () => {
  it('holds up no task', { timeout: 120_000 }, async () => {
    bench = await RunBench.open({ canBeCut: true, timeScale: 10, leaseTimeoutMs: 1_000 });
    const { id } = await bench.runs.start(bench.spec({ taskCount: 90 }));
    await bench.until(id, (live) => live.run.counts.succeeded >= 5);
    bench.cut('node-3');
    const ended = await bench.ended(id);
    expect(ended.state).toBe('succeeded');
    expectNothingLost(id, 90);
    expect(ended.validity.reasons.join(' ')).toContain('ES 3');
  });
});
