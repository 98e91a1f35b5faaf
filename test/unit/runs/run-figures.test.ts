// The figures of an ended run are kept, and believed for as long as nothing that they rest on has changed: the code that computes them too.
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { basisOf, computeFigures, FIGURES_VERSION, readKeptFigures } from '../../../src/main/domain/runs/run-figures.js';
import type { StoredRun } from '../../../src/main/domain/runs/run-store.js';
import type { MeasuredTask } from '../../../src/shared/run.js';
import { buildTaskRecord, buildTiming } from '../../support/run-fixtures.js';
import { buildRun } from '../../support/storage-fixtures.js';

const COUNTS = { pending: 0, sent: 0, succeeded: 18, failed: 1, cancelled: 1, resent: 2 };
const nodesSnapshot = [1, 2].map((number, ordinal) => ({
  ...buildTiming(number, { speedFactor: number }),
  ...{ ordinal, linkMbps: 1000, agentVersion: '0.1.0', facts: null },
}));
const run = buildRun({
  ...{ state: 'succeeded', timeScale: 20, nodesSnapshot, startedAtMs: 1_000, finishedAtMs: 61_000, lowerBoundMs: 100_000 },
  lowerBoundRule: 'All work.',
});

/** Tasks of every kind that counts for a figure: re-sent, slow to be controlled, failed, cancelled. */
const tasks: MeasuredTask[] = Array.from({ length: 20 }, (_, ordinal) => {
  const startMs = ordinal * 7_000;
  const delays = {
    ...{ uploadMs: 1, waitingMs: startMs, computeMs: 13_800, downloadMs: 3, resendMs: ordinal % 9 === 8 ? 900 : 0, controlMs: 4 + ordinal },
    serviceMs: startMs + 13_808 + ordinal + (ordinal % 9 === 8 ? 900 : 0),
  };
  const times = { computeStartMs: startMs, computeEndMs: startMs + 13_800, acceptedMs: startMs + 13_820 };
  if (ordinal < 18) return buildTaskRecord(ordinal, { ...times, delays, edgeServerId: `node-${1 + (ordinal % 2)}` });
  const none = { delays: null, computeStartMs: null, computeEndMs: null, acceptedMs: null, edgeServerId: null };
  return buildTaskRecord(ordinal, { ...none, state: ordinal === 18 ? 'failed' : 'cancelled' });
});

describe('the figures of a run', () => {
  it('change only together with their version, so that those kept before are recomputed', () => {
    const figures = JSON.stringify(computeFigures(run, tasks, COUNTS));
    const sha256 = createHash('sha256').update(figures).digest('hex');
    // When this fails because figures are computed or worded differently: raise FIGURES_VERSION, then take the new hash.
    expect({ version: FIGURES_VERSION, sha256 }).toEqual({
      version: 2,
      sha256: '6aace17ffc6d5605a6b9ad3129e674ef64e741d10962ba1ce36d84170dd626ef',
    });
  });

  it('are read as they were kept', () => {
    const figures = computeFigures(run, tasks, COUNTS);
    const kept = { basis: basisOf(run, COUNTS), figuresJson: JSON.stringify(figures) };
    expect(readKeptFigures(kept, basisOf(run, COUNTS))).toEqual(figures);
  });

  const changes: [string, Partial<StoredRun>][] = [
    ['state', { state: 'stopped' }],
    ['time scale', { timeScale: 21 }],
    ['bound', { lowerBoundMs: 99_000 }],
    ['reasons', { invalidReasons: ['A node restarted.'] }],
    ['delay of this machine', { hostDelay: { meanMs: 1, maxMs: 2 } as unknown as StoredRun['hostDelay'] }],
  ];
  it.each(changes)('are not believed after a change of the %s', (_name, change) => {
    const kept = { basis: basisOf(run, COUNTS), figuresJson: JSON.stringify(computeFigures(run, tasks, COUNTS)) };
    expect(readKeptFigures(kept, basisOf({ ...run, ...change }, COUNTS))).toBeNull();
  });

  it('are not believed after a change of the counts, nor when they are not figures', () => {
    const basis = basisOf(run, COUNTS);
    expect(
      readKeptFigures({ basis, figuresJson: JSON.stringify(computeFigures(run, tasks, COUNTS)) }, basisOf(run, { ...COUNTS, failed: 2 })),
    ).toBeNull();
    expect(readKeptFigures({ basis, figuresJson: '{"metrics":{}}' }, basis)).toBeNull();
    expect(readKeptFigures(null, basis)).toBeNull();
  });
});
