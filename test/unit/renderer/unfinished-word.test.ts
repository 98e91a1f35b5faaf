import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { EMPTY_AFTER_MS, holdEmpty } from '../../../src/renderer/composables/unfinished-word.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('gives an answer with something in it at once', async () => {
  expect(await holdEmpty({ total: 3 }, new AbortController().signal)).toEqual({ total: 3 });
});

it('holds an empty answer until no one has typed for a while', async () => {
  const given = vi.fn();
  const held = holdEmpty({ total: 0 }, new AbortController().signal).then(given);
  await vi.advanceTimersByTimeAsync(EMPTY_AFTER_MS - 1);
  expect(given).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  await held;
  expect(given).toHaveBeenCalledWith({ total: 0 });
});

it('lets go of an empty answer when another question has taken its place', async () => {
  const controller = new AbortController();
  const held = holdEmpty({ total: 0 }, controller.signal);
  controller.abort();
  await held;
  expect(vi.getTimerCount()).toBe(0);
});
