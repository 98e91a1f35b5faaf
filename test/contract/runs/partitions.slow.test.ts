// Cut networks between real agents and a real run: nothing is lost, nothing is accepted twice, and everything ends.
import { setTimeout as delay } from 'node:timers/promises';

import { afterEach, describe, expect, it } from 'vitest';

import { RunHarness } from '../../support/run-harness.js';

const NODES = ['node-1', 'node-2', 'node-3'];
let harness: RunHarness | undefined;

afterEach(async () => {
  await harness?.dispose();
  harness = undefined;
});

/** Every task once, every attempt ended. */
function expectNothingLost(runId: string, taskCount: number): void {
  const tasks = harness?.store.listTasks(runId) ?? [];
  const states = Object.groupBy(tasks, (task) => task.state);
  expect(Object.fromEntries(Object.entries(states).map(([state, own]) => [state, own.length]))).toEqual({ succeeded: taskCount });
  expect(new Set(tasks.map((task) => task.id)).size).toBe(taskCount);
}

describe('a cut of everybody from everybody', () => {
  // The length of the fault is the scenario; the end is waited for.
  it('that heals loses no task, though leases were given again meanwhile', { timeout: 120_000 }, async () => {
    harness = await RunHarness.open({ canBeCut: true, timeScale: 10, leaseTimeoutMs: 1_000 });
    const { id } = await harness.runs.start(harness.spec({ taskCount: 150 }));
    await harness.until(id, (live) => live.run.counts.succeeded >= 5);
    harness.cut(...NODES);
    await harness.until(id, (live) => live.nodes.every((node) => !node.isConnected));
    await delay(9_000);
    // One after the other, as networks come back.
    for (const nodeId of NODES) {
      harness.heal(nodeId);
      await harness.until(id, (live) => live.nodes.some((node) => node.nodeId === nodeId && node.isConnected));
    }
    const ended = await harness.ended(id);
    expect(ended.state).toBe('succeeded');
    expectNothingLost(id, 150);
  });
});

describe('a node that no one can reach though its own calls go out', () => {
  it('holds up no task', { timeout: 120_000 }, async () => {
    harness = await RunHarness.open({ canBeCut: true, timeScale: 10, leaseTimeoutMs: 1_000 });
    const { id } = await harness.runs.start(harness.spec({ taskCount: 90 }));
    await harness.until(id, (live) => live.run.counts.succeeded >= 5);
    harness.cut('node-3');
    const ended = await harness.ended(id);
    expect(ended.state).toBe('succeeded');
    expectNothingLost(id, 90);
    expect(ended.validity.reasons.join(' ')).toContain('ES 3');
  });
});
