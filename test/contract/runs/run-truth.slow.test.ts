// What a run says of itself against what happened: from real agents over mutual TLS and a real database.
import { afterEach, describe, expect, it } from 'vitest';
import type { RunSummary } from '../../../src/shared/run.js';
import { RunHarness } from '../../support/run-harness.js';

let harness: RunHarness | undefined;

afterEach(async () => {
  await harness?.dispose();
  harness = undefined;
});

describe('the figures of a run', () => {
  it('stand on one axis: nothing is accepted before its computation ended, nothing computed before it was sent', async () => {
    harness = await RunHarness.open();
    const { id } = await harness.runs.start(harness.spec({ taskCount: 60 }));
    const ended = await harness.ended(id);
    const attempts = new Map(harness.store.listAttempts(id).map((attempt) => [attempt.taskId, attempt]));
    const endMs = ((ended.finishedAtMs ?? 0) - (ended.startedAtMs ?? 0)) * ended.timeScale;
    for (const task of harness.store.listTasks(id)) {
      const sentMs = attempts.get(task.id)?.sentMs ?? NaN;
      expect(task.computeStartMs).toBeGreaterThanOrEqual(sentMs - 1e-6);
      expect(task.acceptedMs).toBeGreaterThanOrEqual((task.computeEndMs ?? NaN) - 1e-6);
      expect(attempts.get(task.id)?.endedMs).toBe(task.acceptedMs);
      expect(task.acceptedMs).toBeLessThanOrEqual(endMs);
    }
    expect(harness.runs.audit(id)).toMatchObject({ findingCount: 0, findings: [], notChecked: [] });
  });

  it('are kept once it has ended, and held to its rows by an audit, which has them recomputed', async () => {
    harness = await RunHarness.open();
    const { id } = await harness.runs.start(harness.spec({ taskCount: 10 }));
    const ended = await harness.ended(id);
    const kept = harness.store.keptFigures(id);
    if (!kept) throw new Error('No figures were kept.');
    await harness.stopProgram();
    await harness.startProgram();
    const figures = JSON.parse(kept.figuresJson) as Pick<RunSummary, 'metrics'>;
    figures.metrics.totalGenerationDelayMs = 1;
    harness.store.keepFigures(id, { ...kept, figuresJson: JSON.stringify(figures) });
    expect(harness.runs.get(id).metrics.totalGenerationDelayMs).toBe(1);
    expect(harness.runs.audit(id).findingCount).toBeGreaterThan(0);
    expect(harness.runs.get(id).metrics).toEqual(ended.metrics);
    expect(harness.runs.audit(id).findings).toEqual([]);
  });

  it('keep that axis when a node is away at the start', async () => {
    harness = await RunHarness.open({ leaseTimeoutMs: 1000 });
    await harness.stopNode('node-2');
    const { id } = await harness.runs.start(harness.spec({ taskCount: 30 }));
    // The others are told of the run at once, and wait for the third until the control center starts without it.
    const ended = await harness.ended(id);
    expect(ended.counts.succeeded).toBe(30);
    const totalMs = ended.metrics.totalGenerationDelayMs ?? NaN;
    const lastMs = Math.max(...harness.store.listTasks(id).map((task) => task.computeEndMs ?? Infinity));
    expect(lastMs).toBeLessThanOrEqual(totalMs + 1e-6);
    expect(harness.runs.audit(id).findings).toEqual([]);
    expect(ended.validity.reasons.join(' ')).toContain('ES 2 did not answer at the start');
  });

  it('start at the arrival of tasks that had to be re-sent', async () => {
    harness = await RunHarness.open({ leaseTimeoutMs: 1000 });
    const { id } = await harness.runs.start(harness.spec({ taskCount: 60 }));
    await harness.until(id, (live) => live.run.counts.succeeded >= 5);
    await harness.stopNode('node-2');
    await harness.startNode('node-2');
    const ended = await harness.ended(id);
    expect(ended.counts).toMatchObject({ succeeded: 60 });
    expect(ended.counts.resent).toBeGreaterThan(0);
    const attempts = Map.groupBy(harness.store.listAttempts(id), (attempt) => attempt.taskId);
    const resent = harness.store.listTasks(id).filter((task) => task.attempts > 1);
    for (const task of resent) {
      const sendings = attempts.get(task.id) ?? [];
      const last = sendings.at(-1);
      // All arrive at 0; the base station's own delay is that of the last lease.
      expect(task.delays?.serviceMs).toBeCloseTo((last?.sentMs ?? NaN) + (last?.stationServiceMs ?? NaN), 3);
      expect(task.delays?.resendMs).toBeGreaterThan(0);
    }
    const reported = [...ended.validity.reasons, ...ended.validity.limitations].join(' ');
    expect(reported).toMatch(/tasks? (was|were) re-sent; what was lost by it is/);
    expect(harness.runs.audit(id).findings).toEqual([]);
  });

  it('tell how late this machine was, live and in the record', async () => {
    harness = await RunHarness.open({ timeScale: 1000 });
    const { id } = await harness.runs.start(harness.spec({ taskCount: 200 }));
    const live = await harness.until(id, ({ warnings }) => warnings.length > 0);
    expect(live.run.state).toBe('running');
    expect(live.warnings[0]).toMatch(/^So far: .*The run will be invalid\. Stop it and take a testbed of a lower time scale\.$/);
    const ended = await harness.ended(id);
    expect(ended.state).toBe('succeeded');
    expect(ended.validity.isValid).toBe(false);
    expect(ended.validity.reasons.join(' ')).toMatch(/Control is [\d.]+ % of the mean service delay \(limit 5\.0 %\).*time scale ×1,000/);
    expect(ended.metrics.machine.controlShare).toBeGreaterThan(0.05);
    expect(harness.store.getRun(id)?.hostDelay).toMatchObject({ meanMs: ended.metrics.machine.hostDelayMs });
  });

  it('name a node that was five times slower than its record', async () => {
    harness = await RunHarness.open({ timeScale: 20, slowness: { 'node-3': 5 } });
    const { id } = await harness.runs.start(harness.spec({ taskCount: 15 }));
    const ended = await harness.ended(id);
    expect(ended.validity.isValid).toBe(false);
    expect(ended.validity.reasons).toContainEqual(
      expect.stringMatching(/^ES 3 took (?:[5-9]|\d{2,})\.\d times as long as its record says \(simulated/),
    );
  });
});

describe('a run that this machine can not keep', () => {
  it('is refused with the time scale it keeps, and started when that is allowed', async () => {
    harness = await RunHarness.open({ timeScale: 1000, machineSpeed: { slowdown: 1, coreCount: 2 } });
    const spec = harness.spec({ taskCount: 150 });
    const { overload } = harness.runs.estimate(spec);
    expect(overload).toMatch(/This machine can't keep time scale ×1,000 for this batch: .*can keep up to about ×[\d,]+/);
    await expect(harness.runs.start(spec)).rejects.toThrow(`The run can't start: ${overload}`);
    expect(harness.runs.list()).toEqual([]);
    const started = await harness.runs.start({ ...spec, allowOverload: true });
    // How it was let in is no part of what it is.
    expect(started.spec).not.toHaveProperty('allowOverload');
    expect((await harness.ended(started.id)).counts.succeeded).toBe(150);
  });
});

describe('a run with missing tasks', () => {
  it('is no success, no matter who cancelled them but the user', async () => {
    harness = await RunHarness.open();
    const { id } = await harness.runs.start(harness.spec({ taskCount: 60 }));
    await harness.until(id, (live) => live.run.counts.succeeded >= 5);
    // As an agent that gives a task back although no one asked it to.
    const open = harness.store.listTasks(id).findLast((task) => task.state === 'sent');
    if (!open) throw new Error('no task is out');
    expect(harness.store.cancelTasks(id, [open.id])).toBe(1);
    await harness.stopProgram();
    await harness.startProgram();
    const ended = await harness.ended(id);
    expect(ended.state).toBe('failed');
    expect(ended.counts).toMatchObject({ succeeded: 59, cancelled: 1 });
    expect(ended.validity.reasons).toContain('1 of 60 tasks were canceled.');
  });

  it('has succeeded when the user cancelled what is missing', async () => {
    harness = await RunHarness.open();
    const { id } = await harness.runs.start(harness.spec({ taskCount: 60 }));
    await harness.until(id, (live) => live.run.counts.succeeded >= 5);
    const open = harness.store.listTasks(id).findLast((task) => task.state === 'sent');
    if (!open) throw new Error('no task is out');
    await harness.runs.cancelTask(id, open.id);
    const ended = await harness.ended(id);
    expect(ended.state).toBe('succeeded');
    expect(ended.validity.isValid).toBe(false);
  });
});
