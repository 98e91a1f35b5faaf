// What is worth a notification, rule by rule.
import { describe, expect, it } from 'vitest';
import { type Conditions, isOver, listConditionNotices } from '../../../src/main/domain/notifications/condition-notices.js';
import { noticeOfJob } from '../../../src/main/domain/notifications/job-notices.js';
import { LostNodes } from '../../../src/main/domain/notifications/lost-nodes.js';
import { noticeOfRun } from '../../../src/main/domain/notifications/run-notices.js';
import { needsYou } from '../../../src/shared/notification.js';
import { buildJob } from '../../support/build-job.js';
import { buildRunSummary } from '../../support/run-fixtures.js';

const CELL = { seriesId: 'series-1', condition: 0, scheduler: 0, repetition: 1 };
const INVALID = { isValid: false, reasons: ['A node was lost.', 'The clock was moved.'], limitations: [] };

describe('a run', () => {
  it('that has ended says its result, and that it was simulated', () => {
    expect(noticeOfRun(buildRunSummary(), null)).toEqual({
      key: 'run:run-1:3700',
      kind: 'run-ended',
      subject: { kind: 'run', id: 'run-1', name: 'Batch' },
      title: 'Run “Batch” has ended',
      detail: '100 images, Total 369.0 s, simulated.',
      workedMs: 3_689,
    });
    expect(noticeOfRun(buildRunSummary({ isSimulated: false }), null)?.detail).toContain('valid');
  });

  it('that is invalid needs someone, with its first reason', () => {
    expect(noticeOfRun(buildRunSummary({ validity: INVALID }), null)).toMatchObject({
      kind: 'run-invalid',
      detail: 'A node was lost. And 1 more reason.',
    });
  });

  it('that failed says how many tasks did', () => {
    const counts = { ...buildRunSummary().counts, succeeded: 60, failed: 40 };
    expect(noticeOfRun(buildRunSummary({ state: 'failed', counts, validity: INVALID }), null)).toMatchObject({
      kind: 'run-failed',
      detail: '40 of 100 tasks failed.',
    });
  });

  it('of a series is shown with the series, and only where it went wrong', () => {
    expect(noticeOfRun(buildRunSummary({ series: CELL }), 'Night')).toBeNull();
    expect(noticeOfRun(buildRunSummary({ series: CELL, validity: INVALID }), 'Night')?.subject).toEqual({
      kind: 'series',
      id: 'series-1',
      name: 'Night',
    });
    expect(noticeOfRun(buildRunSummary({ series: { ...CELL, repetition: 0 }, validity: INVALID }), 'Night')).toBeNull();
  });

  it.each([
    ['is open', { state: 'running', finishedAtMs: null }],
    ['a person stopped', { state: 'stopped' }],
    ['came from another machine', { imported: { label: 'Lab B', atMs: 1, programVersion: '1.0.0' } }],
  ] as const)('that %s is not told', (_what, change) => {
    expect(noticeOfRun(buildRunSummary(change as Parameters<typeof buildRunSummary>[0]), null)).toBeNull();
  });
});

describe('a job', () => {
  it('that has ended says what came of it', () => {
    const job = buildJob({ state: 'succeeded', finishedAtMs: 62_000, outcome: '60 episodes' });
    expect(noticeOfJob(job)).toMatchObject({ key: 'job:training-1:62000', kind: 'job-ended', detail: '60 episodes', workedMs: 61_000 });
  });

  it('that failed says why and what to do', () => {
    const error = { code: 'io', message: 'The file is gone', hint: 'Start it again.' } as const;
    expect(noticeOfJob(buildJob({ state: 'failed', finishedAtMs: 62_000, error }))).toMatchObject({
      kind: 'job-failed',
      detail: 'The file is gone. Start it again.',
    });
  });

  it('that failed a second time is news a second time', () => {
    const [first, second] = [62_000, 70_000].map((finishedAtMs) => noticeOfJob(buildJob({ state: 'failed', finishedAtMs })));
    expect(first?.key).not.toBe(second?.key);
  });

  it.each(['queued', 'running', 'stopping', 'paused', 'cancelled'] as const)('that is %s is not told', (state) => {
    expect(noticeOfJob(buildJob({ state }))).toBeNull();
  });

  it('of the data folder is news only where it failed: the program starts it by itself', () => {
    const care = { kind: 'data-care', finishedAtMs: 5 } as const;
    expect(noticeOfJob(buildJob({ ...care, state: 'succeeded' }))).toBeNull();
    expect(noticeOfJob(buildJob({ ...care, state: 'failed' }))?.kind).toBe('job-failed');
  });
});

const LOST = { runId: 'run-1', runName: 'Batch', nodeId: 'node-3', nodeName: 'ES 3', lostMs: 61_000, problem: null };
const ASKED = {
  question: {
    ...{ nodeId: 'node-2', host: '10.0.0.2', port: 22, keyType: 'ssh-ed25519', fingerprint: 'SHA256:new' },
    ...{ recordedFingerprint: 'SHA256:old', recordedIn: null },
  },
  nodeName: 'ES 2',
  testbed: { id: 'testbed-1', name: 'Lab' },
};
const FULL = { path: '/data', freeBytes: 9e9, totalBytes: 100e9 };

function conditions(change: Partial<Conditions> = {}): Conditions {
  return {
    lostNodes: [],
    hostKeys: [],
    missedStarts: [],
    disk: { ...FULL, freeBytes: 60e9 },
    nodeIds: ['node-2', 'node-3'],
    trustedFingerprints: [],
    ...change,
  };
}
const kinds = (change: Partial<Conditions>): string[] => listConditionNotices(conditions(change)).map(({ kind }) => kind);

describe('a node', () => {
  it('needs someone when it has been lost in a live run for a minute, not before', () => {
    expect(kinds({ lostNodes: [LOST] })).toEqual(['node-lost']);
    expect(kinds({ lostNodes: [{ ...LOST, lostMs: 59_000 }] })).toEqual([]);
  });

  it('needs no one any more when it is back, not when it was only heard of once', () => {
    const [lost] = listConditionNotices(conditions({ lostNodes: [LOST] }));
    if (!lost) throw new Error('No notice');
    expect(isOver(lost, conditions({ lostNodes: [{ ...LOST, lostMs: 2_000 }] }), true)).toBe(false);
    expect(isOver(lost, conditions(), false)).toBe(true);
  });

  it('is lost since its last word, or since the first look at one that has not spoken yet', () => {
    const nodes = new LostNodes();
    const silent = { nodeId: 'node-1', isConnected: false, lastCheckInAgeSec: null };
    expect(nodes.lostFor(silent, 1_000)).toBe(0);
    expect(nodes.lostFor(silent, 62_000)).toBe(61_000);
    expect(nodes.lostFor({ ...silent, isConnected: true }, 63_000)).toBeNull();
    expect(nodes.lostFor({ ...silent, lastCheckInAgeSec: 30 }, 100_000)).toBe(30_000);
  });
});

describe('a host key', () => {
  it('needs someone when it has changed, not when it is new', () => {
    expect(kinds({ hostKeys: [ASKED] })).toEqual(['host-key-changed']);
    expect(kinds({ hostKeys: [{ ...ASKED, question: { ...ASKED.question, recordedFingerprint: null } }] })).toEqual([]);
  });

  it('needs someone until it is trusted, the node is gone, or it shows its old key', () => {
    const [changed] = listConditionNotices(conditions({ hostKeys: [ASKED] }));
    if (!changed) throw new Error('No notice');
    expect(isOver(changed, conditions({ hostKeys: [ASKED] }), true)).toBe(false);
    expect(isOver(changed, conditions(), false)).toBe(false);
    expect(isOver(changed, conditions({ trustedFingerprints: ['SHA256:new'] }), false)).toBe(true);
    expect(isOver(changed, conditions({ nodeIds: [] }), false)).toBe(true);
    expect(isOver(changed, conditions(), true)).toBe(true);
  });
});

describe('the disk', () => {
  it('needs someone below a tenth, and not where that is plenty', () => {
    expect(kinds({ disk: FULL })).toEqual(['disk-low']);
    expect(kinds({ disk: { ...FULL, freeBytes: 10e9 } })).toEqual([]);
    expect(kinds({ disk: { path: '/data', freeBytes: 300e9, totalBytes: 4e12 } })).toEqual([]);
    expect(kinds({ disk: null })).toEqual([]);
  });

  it('needs no one any more only well above it, and stays where nothing is known', () => {
    const [low] = listConditionNotices(conditions({ disk: FULL }));
    if (!low) throw new Error('No notice');
    expect(isOver(low, conditions({ disk: { ...FULL, freeBytes: 11e9 } }), true)).toBe(false);
    expect(isOver(low, conditions({ disk: null }), true)).toBe(false);
    expect(isOver(low, conditions({ disk: { ...FULL, freeBytes: 12e9 } }), true)).toBe(true);
  });
});

it('needs someone until it is read where it has happened, until it is over where it lasts, and never where it went well', () => {
  const fresh = { readAtMs: null, overAtMs: null };
  expect(needsYou({ kind: 'run-invalid', ...fresh })).toBe(true);
  expect(needsYou({ kind: 'run-invalid', readAtMs: 1, overAtMs: null })).toBe(false);
  expect(needsYou({ kind: 'node-lost', readAtMs: 1, overAtMs: null })).toBe(true);
  expect(needsYou({ kind: 'node-lost', readAtMs: 1, overAtMs: 2 })).toBe(false);
  expect(needsYou({ kind: 'job-ended', ...fresh })).toBe(false);
});
