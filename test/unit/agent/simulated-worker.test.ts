import { setImmediate as nextTurn } from 'node:timers/promises';

import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';

import type { ScaledClock } from '../../../src/agent/scaled-clock.js';
import { drawSimulatedPicture } from '../../../src/agent/worker/simulated-picture.js';
import { createSimulatedWorker } from '../../../src/agent/worker/simulated-worker.js';

const task = { prompt: 'Two dogs on pavement moving toward each other .', seed: 7, qualitySteps: 14, widthPx: 512, heightPx: 512 };
/** A clock that stands still unless someone waits for an instant; that instant has then come. */
function virtualClock(timeScale: number): ScaledClock {
  let timeMs = 0;
  return {
    timeScale,
    nowMs: () => timeMs,
    async waitUntil(deadlineMs, signal) {
      await nextTurn();
      signal?.throwIfAborted();
      timeMs = Math.max(timeMs, deadlineMs);
    },
  };
}

const orin = { timeModel: { fixedSec: 3.8, secPerStep: 1 }, speedFactor: 1, jitterFraction: 0 };

describe('the simulated picture', () => {
  it('is a PNG of the asked size', async () => {
    const image = decode(await drawSimulatedPicture({ ...task, widthPx: 320, heightPx: 256 }));
    expect([image.width, image.height]).toEqual([320, 256]);
  });

  it('has the same bytes for the same prompt and seed', async () => {
    expect((await drawSimulatedPicture(task)).equals(await drawSimulatedPicture(task))).toBe(true);
  });

  it('differs with the seed', async () => {
    expect((await drawSimulatedPicture(task)).equals(await drawSimulatedPicture({ ...task, seed: 8 }))).toBe(false);
  });

  it('differs with the prompt', async () => {
    expect((await drawSimulatedPicture(task)).equals(await drawSimulatedPicture({ ...task, prompt: 'A cat' }))).toBe(false);
  });

  it('is marked in big letters over most of its width', async () => {
    const image = decode(await drawSimulatedPicture(task));
    const amber = image.palette?.findIndex(([red, green, blue]) => red === 255 && green === 196 && blue === 61);
    const columns = new Set<number>();
    let pixels = 0;
    image.data.forEach((index, position) => {
      if (index !== amber) return;
      pixels += 1;
      columns.add(position % 512);
    });
    expect(pixels).toBeGreaterThan(5_000);
    expect(Math.max(...columns) - Math.min(...columns)).toBeGreaterThan(350);
  });

  it('says in its metadata that no model made it', async () => {
    expect(decode(await drawSimulatedPicture(task)).text['Comment']).toContain('Simulated');
  });

  it('draws any prompt, however odd', async () => {
    const prompts = ['', '\u0000\u202e\u{1f436}', 'x'.repeat(10_000), 'a '.repeat(5_000), 'ß ffi İ'];
    for (const prompt of prompts) expect(decode(await drawSimulatedPicture({ ...task, prompt })).width).toBe(512);
  });

  it('stays small', async () => {
    expect((await drawSimulatedPicture(task)).length).toBeLessThan(60_000);
  });
});

describe('the simulated worker', () => {
  const never = new AbortController().signal;

  it('takes exactly the time of the model', async () => {
    const clock = virtualClock(200);
    const startMs = clock.nowMs();
    const image = await createSimulatedWorker(orin, clock).generate(task, {
      startMs,
      signal: never,
      onStep: () => undefined,
    });
    expect(image.endMs - startMs).toBeCloseTo(17_800, 6);
    expect(clock.nowMs()).toBeGreaterThanOrEqual(image.endMs);
  });

  it('is faster by its speed factor', () => {
    const worker = createSimulatedWorker({ ...orin, speedFactor: 2 }, virtualClock(1));
    expect([worker.fixedSec, worker.secPerStep]).toEqual([1.9, 0.5]);
  });

  it('spreads its time by the seed within the jitter, the same each time', async () => {
    const clock = virtualClock(1_000);
    const worker = createSimulatedWorker({ ...orin, jitterFraction: 0.2 }, clock);
    const timeOf = async (seed: number): Promise<number> => {
      const startMs = clock.nowMs();
      const image = await worker.generate({ ...task, seed }, { startMs, signal: never, onStep: () => undefined });
      return image.endMs - startMs;
    };
    const times = [await timeOf(1), await timeOf(2), await timeOf(3)];
    for (const time of times) expect(Math.abs(time / 17_800 - 1)).toBeLessThanOrEqual(0.2);
    expect(new Set(times.map((time) => time.toFixed(3))).size).toBe(3);
    expect(await timeOf(1)).toBeCloseTo(times[0] ?? 0, 6);
  });

  it('reports all steps in order', async () => {
    const clock = virtualClock(100);
    const steps: number[] = [];
    const options = { startMs: clock.nowMs(), signal: never, onStep: (done: number) => void steps.push(done) };
    await createSimulatedWorker(orin, clock).generate(task, options);
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    expect(steps.at(-1)).toBe(14);
  });

  it('stops when cancelled, long before its end', async () => {
    const clock = virtualClock(1);
    const abort = new AbortController();
    const generating = createSimulatedWorker(orin, clock).generate(task, {
      startMs: clock.nowMs(),
      signal: abort.signal,
      onStep: () => undefined,
    });
    abort.abort(new Error('canceled by the test'));
    await expect(generating).rejects.toThrow('canceled by the test');
    expect(clock.nowMs()).toBeLessThan(5_000);
  });
});
