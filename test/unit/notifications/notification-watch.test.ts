// Looks find what ended between them, once, and what ended before the program was started.
import { expect, it, vi } from 'vitest';
import type { NoticedRun } from '../../../src/main/domain/notifications/run-notices.js';
import { NotificationWatch, type NotificationSources } from '../../../src/main/domain/notifications/notification-watch.js';
import type { Job } from '../../../src/shared/job.js';
import type { Notice } from '../../../src/shared/notification.js';
import { buildJob } from '../../support/build-job.js';
import { buildRunSummary } from '../../support/run-fixtures.js';

const DAY_MS = 86_400_000;
const NOW_MS = 10 * DAY_MS;

function openWatch({ sinceMs = 0, jobs = [], runs = [] }: { sinceMs?: number; jobs?: Job[]; runs?: NoticedRun[] } = {}) {
  const world = { jobs, runs, underWay: new Set<string>() };
  const kept: Notice[] = [];
  const onProblem = vi.fn();
  const keep = vi.fn(
    (notices: readonly Notice[]) => void kept.push(...notices.filter(({ key }) => kept.every((each) => each.key !== key))),
  );
  const sources: NotificationSources = {
    jobs: () => world.jobs,
    runsSince: (atMs) => world.runs.filter(({ finishedAtMs }) => finishedAtMs === null || finishedAtMs >= atMs).map(({ id }) => id),
    run: (id) => world.runs.find((run) => run.id === id) ?? null,
    isUnderWay: (id) => world.underWay.has(id),
    seriesName: () => null,
    conditions: () => Promise.resolve({ lostNodes: [], hostKeys: [], missedStarts: [], disk: null, nodeIds: [], trustedFingerprints: [] }),
  };
  const notifications = { keep, lasting: () => [], end: () => undefined };
  const watch = new NotificationWatch({ sources, notifications, sinceMs, nowMs: () => NOW_MS, onProblem });
  return { watch, world, keep, onProblem, titles: () => kept.map(({ title }) => title) };
}

it('finds what ended while no one looked, within a day, and not what ended before notifications were kept', async () => {
  const ended = (id: string, finishedAtMs: number): NoticedRun =>
    buildRunSummary({ id, finishedAtMs, spec: { ...buildRunSummary().spec, name: id } });
  const runs = [ended('old', NOW_MS - 2 * DAY_MS), ended('before', NOW_MS - 6_000), ended('new', NOW_MS - 1_000)];
  const { watch, titles } = openWatch({ sinceMs: NOW_MS - 5_000, runs });
  await watch.look();
  expect(titles()).toEqual(['Run “new” has ended']);
  const before = openWatch({ runs });
  await before.watch.look();
  expect(before.titles()).toEqual(['Run “before” has ended', 'Run “new” has ended']);
});

it('waits with a run until its last figures are in', async () => {
  const { watch, world, titles } = openWatch();
  world.runs = [buildRunSummary({ finishedAtMs: NOW_MS })];
  world.underWay.add('run-1');
  watch.follow('run-1');
  await watch.look();
  expect(titles()).toEqual([]);
  world.underWay.clear();
  await watch.look();
  await watch.look();
  expect(titles()).toEqual(['Run “Batch” has ended']);
  await watch.close();
});

it('finds a job that was interrupted, though no one saw its end', async () => {
  const error = { code: 'partial-failure', message: 'The program ended before this was done', hint: 'Resume it.' } as const;
  const { watch, titles } = openWatch({ jobs: [buildJob({ state: 'failed', startedAtMs: NOW_MS - 9_000, finishedAtMs: null, error })] });
  await watch.look();
  expect(titles()).toEqual(['Train “lad-ts, reference, seed 1” failed']);
});

it('keeps at it where the disk refuses a notification, and reports that once', async () => {
  const { watch, keep, onProblem, titles } = openWatch({ runs: [buildRunSummary({ finishedAtMs: NOW_MS })] });
  const full = (): never => {
    throw new Error('The disk is full');
  };
  keep.mockImplementationOnce(full).mockImplementationOnce(full);
  await watch.look();
  await watch.look();
  await watch.look();
  expect(onProblem).toHaveBeenCalledTimes(1);
  expect(titles()).toEqual(['Run “Batch” has ended']);
});
