// Runs and series that wait for a time, through restarts of the program. The clock on the wall is the test's.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Notification } from '../../../src/shared/notification.js';
import type { RunSummary } from '../../../src/shared/run.js';
import type { SeriesDetail } from '../../../src/shared/series.js';
import { RunHarness } from '../../support/run-harness.js';
import { buildSeriesSpec } from '../../support/series-fixtures.js';
import { eventually } from '../../support/until.js';

const HOUR_MS = 3_600_000;
let harness: RunHarness;
let aheadMs: number;
const wallMs = (): number => Date.now() + aheadMs;

beforeEach(async () => {
  aheadMs = 0;
  harness = await RunHarness.open({ nodeCount: 2, isNoticing: true, wallMs });
});
afterEach(() => harness.dispose());

async function restart(): Promise<void> {
  await harness.stopProgram();
  await harness.startProgram();
}
const plan = (startAtMs: number, name = 'Night'): Promise<RunSummary> =>
  harness.runs.start({ ...harness.spec({ taskCount: 4 }), name, startAtMs });
const planSeries = (startAtMs: number): SeriesDetail =>
  harness.series.start({ ...buildSeriesSpec({ keepInvalid: true, allowOverload: true, repetitions: 1 }), startAtMs });
const missed = (): Notification[] => harness.notifications.lasting().filter(({ kind }) => kind === 'start-missed');

describe('a run that is planned', () => {
  it('waits through a restart, lets others use its testbed, and starts at its time', async () => {
    const startAtMs = wallMs() + HOUR_MS;
    const { id, state, plannedStart, waitsBehind } = await plan(startAtMs);
    expect({ state, plannedStart, waitsBehind }).toEqual({
      state: 'queued',
      plannedStart: { atMs: startAtMs, isMissed: false },
      waitsBehind: null,
    });
    await restart();
    const other = await harness.runs.start({ ...harness.spec({ taskCount: 2 }), name: 'Meanwhile' });
    await harness.ended(other.id);
    expect(harness.runs.get(id)).toMatchObject({ state: 'queued', plannedStart: { atMs: startAtMs } });
    aheadMs = HOUR_MS + 1_000;
    const ended = await harness.ended(id);
    expect(ended.state).toBe('succeeded');
    expect(ended.plannedStart).toBeUndefined();
  });

  it('joins the queue of its testbed where that is busy at its time', async () => {
    const { id } = await plan(wallMs() + HOUR_MS);
    await harness.runs.start({ ...harness.spec({ taskCount: 60 }), name: 'Before' });
    aheadMs = HOUR_MS + 1_000;
    await eventually(() => expect(harness.runs.get(id)).toMatchObject({ state: 'queued', waitsBehind: { name: 'Before' } }));
  });

  it('is changed, started at once, or canceled', async () => {
    const { id } = await plan(wallMs() + HOUR_MS);
    const later = wallMs() + 3 * HOUR_MS;
    expect(harness.runs.reschedule(id, later).plannedStart?.atMs).toBe(later);
    expect(() => harness.runs.reschedule(id, wallMs() - 1)).toThrow(/has passed/);
    harness.runs.reschedule(id, null);
    expect((await harness.ended(id)).state).toBe('succeeded');
    expect(() => harness.runs.reschedule(id, later)).toThrow('Run “Night” does not wait for a time');
    const second = await plan(later, 'Second');
    expect((await harness.runs.stopNow(second.id)).state).toBe('stopped');
    await restart();
    expect(harness.runs.get(second.id)).toMatchObject({ state: 'stopped' });
    expect(harness.runs.get(second.id).plannedStart).toBeUndefined();
  });

  it('does not start hours late by itself: it needs someone, until it is started', async () => {
    const { id } = await plan(wallMs() + HOUR_MS);
    await harness.stopProgram();
    aheadMs = 8 * HOUR_MS;
    await harness.startProgram();
    await eventually(() =>
      expect(missed()).toMatchObject([{ subject: { kind: 'run', id }, title: 'Run “Night” was not started at its time' }]),
    );
    expect(harness.runs.get(id)).toMatchObject({ state: 'queued', plannedStart: { isMissed: true } });
    harness.runs.reschedule(id, null);
    expect((await harness.ended(id)).state).toBe('succeeded');
    await eventually(() => expect(missed()).toEqual([]));
  });

  it('is refused in the past, and leaves nothing behind', async () => {
    await expect(plan(wallMs() - HOUR_MS)).rejects.toThrow(/has passed: it is/);
    expect(harness.runs.list()).toEqual([]);
  });
});

describe('a series that is planned', () => {
  it('waits through a restart without its testbed, and starts at its time', async () => {
    const startAtMs = wallMs() + HOUR_MS;
    const { id, state, plannedStart } = planSeries(startAtMs);
    expect({ state, plannedStart }).toEqual({ state: 'queued', plannedStart: { atMs: startAtMs, isMissed: false } });
    expect(harness.series.holderOf('testbed-1')).toBeNull();
    await restart();
    expect(harness.series.get(id)).toMatchObject({ state: 'queued', plannedStart: { atMs: startAtMs } });
    aheadMs = HOUR_MS + 1_000;
    await eventually(() => expect(harness.series.get(id)).toMatchObject({ state: 'running' }));
    expect(harness.series.get(id).plannedStart).toBeUndefined();
    await harness.series.cancel(id);
  });

  it('says that it was missed, and is started, paused and resumed, or canceled', async () => {
    const { id } = planSeries(wallMs() + HOUR_MS);
    const other = planSeries(wallMs() + HOUR_MS);
    await harness.stopProgram();
    aheadMs = 8 * HOUR_MS;
    await harness.startProgram();
    await eventually(() => expect(missed()).toHaveLength(2));
    expect(harness.series.get(id).plannedStart?.isMissed).toBe(true);
    await harness.series.cancel(other.id);
    expect(harness.series.get(other.id)).toMatchObject({ state: 'cancelled' });
    expect(await harness.series.pause(id)).toMatchObject({ state: 'paused' });
    harness.series.resume(id);
    await eventually(() => expect(harness.series.get(id)).toMatchObject({ state: 'running' }));
    await eventually(() => expect(missed()).toEqual([]));
    await harness.series.cancel(id);
  });
});

describe('series that wait for one testbed', () => {
  it('change places like runs do', async () => {
    const start = (name: string): string =>
      harness.series.start(buildSeriesSpec({ name, keepInvalid: true, allowOverload: true, repetitions: 1 })).id;
    const [first, second, third, fourth] = [start('First'), start('Second'), start('Third'), start('Fourth')];
    const ahead = (id: string): string | undefined => harness.series.get(id).waitsBehind?.name;
    await eventually(() => expect([second, third, fourth].map(ahead)).toEqual(['First', 'Second', 'Third']));
    harness.series.move({ id: fourth, to: 'earlier', places: 2 });
    expect([fourth, second, third].map(ahead)).toEqual(['First', 'Fourth', 'Second']);
    harness.series.move({ id: fourth, to: 'later', places: 1 });
    expect([second, fourth, third].map(ahead)).toEqual(['First', 'Second', 'Fourth']);
    expect(() => harness.series.move({ id: second, to: 'earlier', places: 1 })).toThrow(
      "Series “Second” can't come earlier: no series waits before it on its testbed",
    );
    expect(() => harness.series.move({ id: first, to: 'later', places: 1 })).toThrow('it does not wait for its testbed');
    for (const id of [fourth, third, second, first]) await harness.series.cancel(id);
  });
});
