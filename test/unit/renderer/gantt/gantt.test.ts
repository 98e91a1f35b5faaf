import { describe, expect, it } from 'vitest';
import { busyByColumn } from '../../../../src/renderer/charts/gantt/busy-by-column.js';
import { describeTask } from '../../../../src/renderer/charts/gantt/gantt-data.js';
import { firstPlace, movePlace, placeOf } from '../../../../src/renderer/charts/gantt/gantt-keys.js';
import { findNearestTask, layOutTasks, placeWord } from '../../../../src/renderer/charts/gantt/gantt-layout.js';
import { panView, revealSpan, zoomView } from '../../../../src/renderer/charts/gantt/gantt-view.js';
import { formatDuration } from '../../../../src/shared/format.js';
import { pickDurationTickMs } from '../../../../src/shared/timeline-layout.js';
import { buildLane, buildTask } from './lanes.js';

describe('layOutTasks', () => {
  const view = { fromMs: 0, toMs: 1000 };

  it('gives each task its bar, cut at the edges of the view', () => {
    const { tasks } = buildLane('a', [-50, 100, 400, 1200]);
    expect(layOutTasks(tasks, view, 100).map(({ x, width, count }) => [x, width, count])).toEqual([
      [0, 10, 1],
      [10, 30, 1],
      [40, 60, 1],
    ]);
  });

  it('leaves out what is outside of the view', () => {
    const tasks = [buildTask(0, 0, 100), buildTask(1, 2000, 2100), buildTask(2, 9000, 9100)];
    expect(layOutTasks(tasks, { fromMs: 1900, toMs: 2900 }, 100).map(({ task }) => task.ordinal)).toEqual([1]);
  });

  it('joins bars under a pixel, so that a lane never has more bars than pixels', () => {
    const { tasks } = buildLane(
      'a',
      Array.from({ length: 10_001 }, (_, index) => index / 10),
    );
    const bars = layOutTasks(tasks, view, 100);
    expect(bars.length).toBeLessThanOrEqual(101);
    expect(bars.reduce((sum, { count }) => sum + count, 0)).toBe(10_000);
  });

  it('keeps a bar that can be seen apart from those that can not', () => {
    const tasks = [buildTask(0, 0, 1), buildTask(1, 1, 2), buildTask(2, 5, 505)];
    expect(layOutTasks(tasks, view, 100).map(({ count }) => count)).toEqual([2, 1]);
  });
});

describe('findNearestTask', () => {
  const { tasks } = buildLane('a', [0, 100, 200]);
  const apart = [buildTask(0, 0, 10), buildTask(1, 90, 100)];

  it('is the one at that instant, or the nearest', () => {
    expect(findNearestTask(tasks, 150)?.ordinal).toBe(1);
    expect(findNearestTask(apart, 40)?.ordinal).toBe(0);
    expect(findNearestTask(apart, 70)?.ordinal).toBe(1);
    expect(findNearestTask(apart, 9999)?.ordinal).toBe(1);
    expect(findNearestTask([], 0)).toBeNull();
  });
});

describe('a word in a stretch', () => {
  const stretch = { from: 100, to: 200, wordPx: 30, markPx: 4 };

  it('stands at the start, behind the marks that would fall on it, or nowhere', () => {
    expect(placeWord(stretch, [])).toBe(100);
    expect(placeWord(stretch, [20, 180])).toBe(100);
    expect(placeWord(stretch, [120])).toBe(128);
    expect(placeWord(stretch, [120, 150])).toBe(158);
    expect(placeWord(stretch, [120, 190])).toBeNull();
    expect(placeWord({ ...stretch, to: 125 }, [])).toBeNull();
  });
});

describe('the stretch that is shown', () => {
  it('keeps the instant under the pointer where it is', () => {
    const view = zoomView({ fromMs: 0, toMs: 10_000 }, 0.5, 2000, 10_000);
    expect(view).toEqual({ fromMs: 1000, toMs: 6000 });
    expect((2000 - view.fromMs) / 5000).toBe(0.2);
  });

  it('stays within the run, and does not vanish', () => {
    expect(zoomView({ fromMs: 1000, toMs: 6000 }, 100, 2000, 10_000)).toEqual({ fromMs: 0, toMs: 10_000 });
    expect(panView({ fromMs: 1000, toMs: 6000 }, 9e9, 10_000)).toEqual({ fromMs: 5000, toMs: 10_000 });
    const close = zoomView({ fromMs: 0, toMs: 600 }, 0.001, 300, 10_000);
    expect(close.toMs - close.fromMs).toBe(500);
  });

  it('moves no more than it takes to see a task', () => {
    const view = { fromMs: 1000, toMs: 2000 };
    expect(revealSpan(view, { fromMs: 1100, toMs: 1200 }, 10_000)).toBe(view);
    expect(revealSpan(view, { fromMs: 2500, toMs: 2600 }, 10_000)).toEqual({ fromMs: 1650, toMs: 2650 });
    expect(revealSpan(view, { fromMs: 500, toMs: 600 }, 10_000)).toEqual({ fromMs: 450, toMs: 1450 });
  });
});

describe('keys in the timeline', () => {
  const lanes = [buildLane('a', [0, 10, 20, 30]), buildLane('empty', []), buildLane('b', [0, 15, 30], 10)];
  const from = (ordinal: number, key: string): number | undefined => movePlace(lanes, placeOf(lanes, ordinal), key)?.ordinal;

  it('go along a lane and stop at its ends', () => {
    expect(['ArrowLeft', 'ArrowRight', 'Home', 'End'].map((key) => from(1, key))).toEqual([0, 2, 0, 2]);
    expect(from(0, 'ArrowLeft')).toBe(0);
    expect(from(2, 'PageDown')).toBe(2);
  });

  it('go to the task of the next lane that is nearest in time, over empty lanes', () => {
    expect(from(0, 'ArrowDown')).toBe(10);
    expect(from(2, 'ArrowDown')).toBe(11);
    expect(from(11, 'ArrowUp')).toBe(2);
    expect(from(0, 'ArrowUp')).toBeUndefined();
  });

  it('start at the newest task, and leave other keys alone', () => {
    expect(movePlace(lanes, null, 'ArrowRight')).toEqual(firstPlace(lanes));
    expect(firstPlace(lanes)?.ordinal).toBe(2);
    expect(movePlace(lanes, null, 'x')).toBeNull();
    expect(movePlace([], null, 'End')).toBeNull();
  });
});

describe('describeTask', () => {
  it('says what the bar shows', () => {
    const task = buildTask(348, 382_000, 400_300);
    expect(describeTask(task, 'node-2', formatDuration)).toBe('Task 349, node-2, compute 18.3 s from 6 min 22 s, 10 steps, succeeded');
    expect(describeTask({ ...task, delays: null, attempts: 2 }, 'node-2', formatDuration)).toContain('running, sending 2');
  });
});

describe('busyByColumn', () => {
  it('is the share of the nodes that computed', () => {
    const lanes = [buildLane('a', [0, 50]), buildLane('b', [0, 25, 100])];
    expect(busyByColumn(lanes, 100, 4)).toEqual([1, 1, 0.5, 0.5]);
    expect(busyByColumn([], 100, 2)).toEqual([0, 0]);
  });
});

describe('pickDurationTickMs', () => {
  it('is round in the unit that is written', () => {
    expect(pickDurationTickMs(3_600_000, 10)).toBe(600_000);
    expect(pickDurationTickMs(100_000, 10)).toBe(10_000);
    expect(pickDurationTickMs(90 * 86_400_000, 10)).toBeGreaterThan(86_400_000);
  });
});
