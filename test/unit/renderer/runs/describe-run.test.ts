import { describe, expect, it } from 'vitest';
import { countRunning, describeRemaining, describeValidity, listCommandFacts } from '../../../../src/renderer/views/runs/describe-run.js';
import { listSpecEntries } from '../../../../src/renderer/views/runs/describe-spec.js';
import type { RunLive, RunSummary } from '../../../../src/shared/run.js';
import { buildRunSummary } from '../../../support/run-fixtures.js';
import { buildNodeLive } from './node-live.js';
import { buildRunLive } from './run-live.js';

const invalid = (reason: string): RunSummary =>
  buildRunSummary({ id: 'run-2', validity: { isValid: false, reasons: [reason], limitations: [] } });

describe('describeValidity', () => {
  it('says nothing of a run that is in progress', () => {
    expect(describeValidity({ ...invalid('The run has not finished.'), state: 'paused' })).toBeNull();
  });

  it('tells an invalid run that has ended', () => {
    expect(describeValidity({ ...invalid('The run failed.'), state: 'failed' })).toEqual({ tone: 'warning', label: 'Invalid' });
  });
});

describe('countRunning', () => {
  it('does not take for its own what nodes compute for the run that it waits behind', () => {
    const nodes = [buildNodeLive('es-1', { runningTaskId: 'task-of-another' })];
    expect(countRunning(buildRunLive({}, { nodes }))).toBe(1);
    expect(countRunning(buildRunLive({ state: 'queued' }, { nodes }))).toBe(0);
  });
});

describe('describeRemaining', () => {
  const nowMs = new Date(2026, 10, 30, 12, 0).getTime();
  const say = (change: Partial<RunSummary> = {}, live: Partial<RunLive> = {}): string | null =>
    describeRemaining(buildRunLive({ timeScale: 1, ...change }, live), nowMs);

  it('says when it ends', () => {
    expect(say()).toBe('2 min left, ends about 12:02');
  });

  it('gives what is waited for, and the model time behind it where time is scaled', () => {
    expect(say({ timeScale: 100 })).toBe('1 s left (×100: 2 min of model time), ends about 12:00');
  });

  it('is a range where what is known does not agree, its unit said once', () => {
    expect(say({}, { remaining: { lowMs: 600_000, highMs: 840_000 } })).toBe('10–14 min left, ends about 12:12');
    expect(say({}, { remaining: { lowMs: 3_000_000, highMs: 4_000_000 } })).toBe('50 min to 1 h 7 min left, ends about 12:58');
  });

  it('claims nothing while nothing is known, and says why', () => {
    expect(say({}, { remaining: null })).toBe('Time left is known after 20 tasks');
    expect(say({}, { remaining: null, estimatedRemainingMs: null })).toBe('Time left is not known: no node answers');
    expect(say({ state: 'paused' })).toContain('not known');
  });

  it('is silent after the end', () => {
    expect(say({ state: 'succeeded' })).toBeNull();
  });
});

describe('listCommandFacts', () => {
  const live = buildRunLive(
    { counts: { total: 10, pending: 3, sent: 4, succeeded: 3, failed: 0, cancelled: 0, resent: 0 } },
    { nodes: [buildNodeLive('a', { runningTaskId: 't1' }), buildNodeLive('b', { runningTaskId: 't2' }), buildNodeLive('c')] },
  );

  it('tells running computations from waiting tasks, wherever they wait', () => {
    expect(listCommandFacts('cancelRemaining', live).slice(0, 2)).toEqual([
      '2 running computations will end and count',
      '5 waiting tasks will be canceled',
    ]);
  });

  it('says that stopping aborts what runs', () => {
    expect(listCommandFacts('stopNow', live)[0]).toBe('2 running computations will be aborted');
  });

  it('has nothing to say of results before the start', () => {
    const queued = buildRunLive(
      { state: 'queued', counts: { ...live.run.counts, pending: 10, sent: 0, succeeded: 0 } },
      { nodes: live.nodes },
    );
    expect(listCommandFacts('cancelRemaining', queued)).toEqual(['10 tasks will be canceled']);
  });
});

describe('listSpecEntries', () => {
  const entry = (run: RunSummary, name: string): string | undefined => listSpecEntries(run).find(([label]) => label === name)?.[1];

  it('tells a fixed number of steps from a range', () => {
    const run = buildRunSummary();
    expect(entry(run, 'Denoising steps')).toBe('10 to 19, drawn for each image');
    expect(entry({ ...run, spec: { ...run.spec, qualitySteps: { min: 15, max: 15 } } }, 'Denoising steps')).toBe('15 for every image');
  });

  it('gives arrivals with their figures', () => {
    const run = buildRunSummary();
    const spec = { ...run.spec, arrivals: { kind: 'slot-uniform' as const, slotSec: 2, maxPerSlot: 5 } };
    expect(entry({ ...run, spec }, 'Arrivals')).toBe('Each 2 s slot, 1 to 5 tasks at each base station');
  });
});
