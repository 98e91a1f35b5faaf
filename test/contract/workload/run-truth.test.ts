// What a run says of itself against what happened: from real agents over mutual TLS and a real database.
import { afterEach, describe, expect, it } from 'vitest';
import type { RunSummary } from '../../../src/shared/run.js';
import { RunBench } from '../../support/run-bench.js';

let bench: RunBench | undefined;

afterEach(async () => {
  await bench?.dispose();
  bench = undefined;
});

describe('the figures of a run', () => {
  it('stand on one axis: nothing is accepted before its computation ended, nothing computed before it was sent', async () => {
    bench = await RunBench.open();
    const { id } = await bench.runs.start(bench.spec({ taskCount: 60 }));
    const ended = await bench.ended(id);
    const attempts = new Map(bench.store.listAttempts(id).map((attempt) => [attempt.taskId, attempt]));
    const endMs = ((ended.finishedAtMs ?? 0) - (ended.startedAtMs ?? 0)) * ended.timeScale;
    for (const task of bench.store.listTasks(id)) {
      const sentMs = attempts.get(task.id)?.sentMs ?? NaN;
      expect(task.computeStartMs).toBeGreaterThanOrEqual(sentMs - 1e-6);
      expect(task.acceptedMs).toBeGreaterThanOrEqual((task.computeEndMs ?? NaN) - 1e-6);
      expect(attempts.get(task.id)?.endedMs).toBe(task.acceptedMs);
      expect(task.acceptedMs).toBeLessThanOrEqual(endMs);
    }
    expect(bench.runs.audit(id)).toMatchObject({ findingCount: 0, findings: [], notChecked: [] });
  });

  it('are kept once it has ended, and held to its rows by an audit, which has them computed anew', async () => {
    bench = await RunBench.open();
    const { id } = await bench.runs.start(bench.spec({ taskCount: 10 }));
    const ended = await bench.ended(id);
    const kept = bench.store.keptFigures(id);
    if (!kept) throw new Error('No figures were kept.');
    await bench.stopProgram();
    await bench.startProgram();
    const figures = JSON.parse(kept.figuresJson) as Pick<RunSummary, 'metrics'>;
    figures.metrics.totalGenerationDelayMs = 1;
    bench.store.keepFigures(id, { ...kept, figuresJson: JSON.stringify(figures) });
    expect(bench.runs.get(id).metrics.totalGenerationDelayMs).toBe(1);
    expect(bench.runs.audit(id).findingCount).toBeGreaterThan(0);
    expect(bench.runs.get(id).metrics).toEqual(ended.metrics);
    expect(bench.runs.audit(id).findings).toEqual([]);
  });

  it('keep that axis when a node is away at the begin', async () => {
    bench = await RunBench.open({ leaseTimeoutMs: 1000 });
    await bench.stopNode('node-2');
    const { id } = await bench.runs.start(bench.spec({ taskCount: 30 }));
    // The others are told of the run at once, and wait for the third until the control center begins without it.
    const ended = await bench.ended(id);
    expect(ended.counts.succeeded).toBe(30);
    const totalMs = ended.metrics.totalGenerationDelayMs ?? NaN;
    const lastMs = Math.max(...bench.store.listTasks(id).map((task) => task.computeEndMs ?? Infinity));
    expect(lastMs).toBeLessThanOrEqual(totalMs + 1e-6);
    expect(bench.runs.audit(id).findings).toEqual([]);
    expect(ended.validity.reasons.join(' ')).toContain('ES 2 did not answer at the begin');
  });

  it('begin at the arrival of tasks that had to be sent again', async () => {
    bench = await RunBench.open({ leaseTimeoutMs: 1000 });
    const { id } = await bench.runs.start(bench.spec({ taskCount: 60 }));
    await bench.until(id, (live) => live.run.counts.succeeded >= 5);
    await bench.stopNode('node-2');
    await bench.startNode('node-2');
    const ended = await bench.ended(id);
    expect(ended.counts).toMatchObject({ succeeded: 60 });
    expect(ended.counts.resent).toBeGreaterThan(0);
    const attempts = Map.groupBy(bench.store.listAttempts(id), (attempt) => attempt.taskId);
    const resent = bench.store.listTasks(id).filter((task) => task.attempts > 1);
    for (const task of resent) {
      const sendings = attempts.get(task.id) ?? [];
      const last = sendings.at(-1);
      // All arrive at 0; the base station's own delay is that of the last lease.
      expect(task.delays?.serviceMs).toBeCloseTo((last?.sentMs ?? NaN) + (last?.stationServiceMs ?? NaN), 3);
      expect(task.delays?.resendMs).toBeGreaterThan(0);
    }
    const told = [...ended.validity.reasons, ...ended.validity.limitations].join(' ');
    expect(told).toMatch(/tasks? (was|were) sent again; what was lost by it is/);
    expect(bench.runs.audit(id).findings).toEqual([]);
  });

  it('tell how late this machine was, live and in the record', async () => {
    bench = await RunBench.open({ timeScale: 1000 });
    const { id } = await bench.runs.start(bench.spec({ taskCount: 200 }));
    const live = await bench.until(id, ({ warnings }) => warnings.length > 0);
    expect(live.run.state).toBe('running');
    expect(live.warnings[0]).toMatch(/^So far: .*The run will be invalid\. Stop it and take a testbed of a lower time scale\.$/);
    const ended = await bench.ended(id);
    expect(ended.state).toBe('succeeded');
    expect(ended.validity.isValid).toBe(false);
    expect(ended.validity.reasons.join(' ')).toMatch(/Control is [\d.]+ % of the mean service delay \(limit 5\.0 %\).*time scale x1000/);
    expect(ended.metrics.machine.controlShare).toBeGreaterThan(0.05);
    expect(bench.store.getRun(id)?.hostDelay).toMatchObject({ meanMs: ended.metrics.machine.hostDelayMs });
  });

  it('name a node that was five times slower than its record', async () => {
    bench = await RunBench.open({ timeScale: 20, slowness: { 'node-3': 5 } });
    const { id } = await bench.runs.start(bench.spec({ taskCount: 15 }));
    const ended = await bench.ended(id);
    expect(ended.validity.isValid).toBe(false);
    expect(ended.validity.reasons).toContainEqual(
      expect.stringMatching(/^ES 3 took (?:[5-9]|\d{2,})\.\d times as long as its record says \(simulated/),
    );
  });
});

describe('a run that this machine can not keep', () => {
  it('is refused with the time scale it keeps, and started when that is allowed', async () => {
    bench = await RunBench.open({ timeScale: 1000, machineSpeed: { slowdown: 1, coreCount: 2 } });
    const spec = bench.spec({ taskCount: 150 });
    const { overload } = bench.runs.estimate(spec);
    expect(overload).toMatch(/This machine can't keep time scale x1000 for this batch: .*About x\d+ is the most/);
    await expect(bench.runs.start(spec)).rejects.toThrow(`The run can't start: ${overload}`);
    expect(bench.runs.list()).toEqual([]);
    const started = await bench.runs.start({ ...spec, allowOverload: true });
    // How it was let in is no part of what it is.
    expect(started.spec).not.toHaveProperty('allowOverload');
    expect((await bench.ended(started.id)).counts.succeeded).toBe(150);
  });
});

describe('a run with missing tasks', () => {
  it('is no success, whoever cancelled them but the user', async () => {
    bench = await RunBench.open();
    const { id } = await bench.runs.start(bench.spec({ taskCount: 60 }));
    await bench.until(id, (live) => live.run.counts.succeeded >= 5);
    // As an agent that gives a task back although nobody asked it to.
    const open = bench.store.listTasks(id).findLast((task) => task.state === 'sent');
    if (!open) throw new Error('no task is out');
    expect(bench.store.cancelTasks(id, [open.id])).toBe(1);
    await bench.stopProgram();
    await bench.startProgram();
    const ended = await bench.ended(id);
    expect(ended.state).toBe('failed');
    expect(ended.counts).toMatchObject({ succeeded: 59, cancelled: 1 });
    expect(ended.validity.reasons).toContain('1 of 60 tasks were cancelled.');
  });

  it('has succeeded when the user cancelled what is missing', async () => {
    bench = await RunBench.open();
    const { id } = await bench.runs.start(bench.spec({ taskCount: 60 }));
    await bench.until(id, (live) => live.run.counts.succeeded >= 5);
    const open = bench.store.listTasks(id).findLast((task) => task.state === 'sent');
    if (!open) throw new Error('no task is out');
    await bench.runs.cancelTask(id, open.id);
    const ended = await bench.ended(id);
    expect(ended.state).toBe('succeeded');
    expect(ended.validity.isValid).toBe(false);
  });
});
