import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LATE_LIMIT_MS, PlannedStarts, type PlannedStartStore } from '../../../src/main/domain/runs/planned-starts.js';

const HOUR_MS = 3_600_000;
let wallMs = 0;
let rows: Map<string, number>;
let refusesWrites = false;
let events: string[];
let problems: unknown[];

beforeEach(() => {
  vi.useFakeTimers();
  wallMs = 1_000 * HOUR_MS;
  rows = new Map();
  refusesWrites = false;
  events = [];
  problems = [];
});
afterEach(() => vi.useRealTimers());

const store: PlannedStartStore = {
  list: () => [...rows].map(([id, startAtMs]) => ({ id, startAtMs })),
  save: (id, startAtMs) => void rows.set(id, startAtMs),
  remove(id) {
    if (refusesWrites) throw new Error('disk full');
    rows.delete(id);
  },
};

/** As a start of the program. */
const open = (): PlannedStarts =>
  new PlannedStarts({
    store,
    wallMs: () => wallMs,
    recordEvent: ({ message }) => void events.push(message),
    onProblem: (thrown) => void problems.push(thrown),
  });

/** The clock on the wall and the timers go together, but for a computer that sleeps. */
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 1_000) {
    wallMs += Math.min(1_000, left);
    await vi.advanceTimersByTimeAsync(Math.min(1_000, left));
  }
}

function hold(planned: PlannedStarts, id = 'run-1'): { said: string[] } {
  const said: string[] = [];
  planned.hold(id, { what: 'Run “Night”', due: () => said.push('due'), missed: () => said.push('missed') });
  return { said };
}

describe('one that waits for a time', () => {
  it('starts at that time, not before, and once', async () => {
    const planned = open();
    planned.plan('run-1', wallMs + 60_000);
    const { said } = hold(planned);
    await pass(59_000);
    expect(said).toEqual([]);
    expect(planned.of('run-1')).toEqual({ atMs: wallMs + 1_000, isMissed: false });
    await pass(10_000);
    expect(said).toEqual(['due']);
    expect(planned.of('run-1')).toBeNull();
    expect(rows.size).toBe(0);
  });

  it('starts at another time, or at once, when it is told to', async () => {
    const planned = open();
    planned.plan('run-1', wallMs + 60_000);
    const { said } = hold(planned);
    planned.reschedule('run-1', 'Run “Night”', wallMs + 2 * HOUR_MS);
    await pass(120_000);
    expect(said).toEqual([]);
    planned.reschedule('run-1', 'Run “Night”', null);
    expect(said).toEqual(['due']);
    expect(() => planned.reschedule('run-1', 'Run “Night”', null)).toThrow('Run “Night” does not wait for a time');
  });

  it('is given up without a start', async () => {
    const planned = open();
    planned.plan('run-1', wallMs + 1_000);
    const { said } = hold(planned);
    planned.forget('run-1');
    await pass(10_000);
    expect(said).toEqual([]);
  });

  it('is refused in the past', () => {
    const planned = open();
    expect(() => planned.plan('run-1', wallMs)).toThrow(/has passed/);
    expect(rows.size).toBe(0);
  });

  it('starts all the same where the disk does not take it at first', async () => {
    const planned = open();
    planned.plan('run-1', wallMs + 1_000);
    const { said } = hold(planned);
    refusesWrites = true;
    await pass(20_000);
    expect(said).toEqual([]);
    expect(problems.length).toBeGreaterThan(0);
    refusesWrites = false;
    await pass(10_000);
    expect(said).toEqual(['due']);
  });
});

describe('after the program was away', () => {
  it('still starts by itself within minutes of its time', async () => {
    open().plan('run-1', wallMs + 60_000);
    wallMs += 60_000 + LATE_LIMIT_MS - 1_000;
    const { said } = hold(open());
    await vi.advanceTimersByTimeAsync(10);
    expect(said).toEqual(['due']);
  });

  it('does not start hours late: it says once that it was missed, and starts when a person says so', async () => {
    open().plan('run-1', wallMs + 60_000);
    wallMs += 7 * HOUR_MS;
    const planned = open();
    const { said } = hold(planned);
    await pass(60_000);
    expect(said).toEqual(['missed']);
    expect(events).toEqual(['Run “Night” was not started at its time: the program was not running.']);
    expect(planned.missed()).toMatchObject([{ id: 'run-1' }]);
    expect(planned.release('run-1')).toBe(true);
    expect(said).toEqual(['missed', 'due']);
    expect(planned.missed()).toEqual([]);
  });

  it('counts one as missed that a computer slept over', async () => {
    const planned = open();
    planned.plan('run-1', wallMs + HOUR_MS);
    const { said } = hold(planned);
    wallMs += 5 * HOUR_MS;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(said).toEqual(['missed']);
  });
});

describe('waiting', () => {
  it('ends at the time, at once where there is none, and with the signal, which leaves it planned', async () => {
    const planned = open();
    const handlers = { what: 'Series “Night”', missed: () => undefined };
    await planned.wait('series-1', new AbortController().signal, handlers);
    planned.plan('series-1', wallMs + 5_000);
    const stop = new AbortController();
    const waiting = planned.wait('series-1', stop.signal, handlers);
    stop.abort();
    await waiting;
    expect(planned.of('series-1')?.isMissed).toBe(false);
    const again = planned.wait('series-1', new AbortController().signal, handlers);
    await pass(6_000);
    await again;
    expect(planned.of('series-1')).toBeNull();
  });
});
