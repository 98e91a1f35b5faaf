import { describe, expect, it } from 'vitest';
import { ChangeTopic } from '../../../src/main/foundation/live/change-topic.js';
import { watchSnapshots } from '../../../src/main/foundation/live/watch-snapshots.js';

describe('watchSnapshots', () => {
  it('yields the state at once and the newest after changes, never one for each change', async () => {
    const topic = new ChangeTopic();
    let state = 0;
    const stop = new AbortController();
    const source = { read: () => state, subscribe: (listener: () => void) => topic.subscribe(listener), minIntervalMs: 1 };
    const stream = watchSnapshots(source, stop.signal);
    expect((await stream.next()).value).toBe(0);
    for (let change = 0; change < 100; change++) {
      state++;
      topic.announce();
    }
    expect((await stream.next()).value).toBe(100);
    stop.abort();
    expect((await stream.next()).done).toBe(true);
  });

  it('ends after the snapshot that is the last', async () => {
    const topic = new ChangeTopic();
    const source = { read: () => 'ended', subscribe: (listener: () => void) => topic.subscribe(listener), isLast: () => true };
    const seen: string[] = [];
    for await (const snapshot of watchSnapshots(source, new AbortController().signal)) seen.push(snapshot);
    expect(seen).toEqual(['ended']);
  });

  it('brings the last snapshot at once, however long it rests between others', async () => {
    const topic = new ChangeTopic();
    let state = 'running';
    const stop = new AbortController();
    const stream = watchSnapshots(
      {
        read: () => state,
        subscribe: (listener: () => void) => topic.subscribe(listener),
        isLast: (snapshot) => snapshot === 'ended',
        hasEnded: () => state === 'ended',
        // No test would wait for this.
        minIntervalMs: 2_000_000,
      },
      stop.signal,
    );
    expect((await stream.next()).value).toBe('running');
    const next = stream.next();
    topic.announce();
    state = 'ended';
    topic.announce();
    expect((await next).value).toBe('ended');
    expect((await stream.next()).done).toBe(true);
  });

  it('ends when the reader aborts while nothing changes', async () => {
    const topic = new ChangeTopic();
    const stop = new AbortController();
    const source = { read: () => 1, subscribe: (listener: () => void) => topic.subscribe(listener), minIntervalMs: 1 };
    const stream = watchSnapshots(source, stop.signal);
    await stream.next();
    const ending = stream.next();
    stop.abort();
    expect((await ending).done).toBe(true);
  });
});
