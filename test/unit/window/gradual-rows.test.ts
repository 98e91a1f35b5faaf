import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope, nextTick, shallowRef } from 'vue';
import { useGradualRows } from '../../../src/renderer/components/useGradualRows.js';

/** What waits for the next frame. */
let due: Map<number, () => void>;

beforeEach(() => {
  due = new Map();
  let last = 0;
  vi.stubGlobal('requestAnimationFrame', (draw: () => void) => {
    due.set(++last, draw);
    return last;
  });
  vi.stubGlobal('cancelAnimationFrame', (handle: number) => due.delete(handle));
});
afterEach(() => vi.unstubAllGlobals());

function nextFrame(): void {
  const draws = [...due.values()];
  due.clear();
  for (const draw of draws) draw();
}
const screen = (first: number, count = 20): string[] => Array.from({ length: count }, (_, index) => `row ${first + index}`);

function setUp(): { keys: { value: string[] }; whole: () => number; stop: () => void } {
  const keys = shallowRef(screen(0));
  const scope = effectScope();
  const isWhole = scope.run(() => useGradualRows(() => keys.value));
  if (!isWhole) throw new Error('The scope has ended');
  return { keys, whole: () => keys.value.filter(isWhole).length, stop: () => scope.stop() };
}

describe('rows that are drawn a few in each frame', () => {
  it('has all of a screen after some frames, the first ones at once', () => {
    const { whole } = setUp();
    expect(whole()).toBe(4);
    nextFrame();
    expect(whole()).toBe(8);
    for (let frame = 0; frame < 3; frame++) nextFrame();
    expect(whole()).toBe(20);
    expect(due.size).toBe(0);
  });

  it('draws the few that a step of the wheel brings at once, and leaves those that stay', async () => {
    const { keys, whole } = setUp();
    for (let frame = 0; frame < 5; frame++) nextFrame();
    keys.value = screen(3);
    await nextTick();
    expect(whole()).toBe(20);
  });

  it('goes on where it is wanted after a jump, and forgets what is out of sight', async () => {
    const { keys, whole } = setUp();
    keys.value = screen(500);
    await nextTick();
    nextFrame();
    expect(whole()).toBe(4);
    for (let frame = 0; frame < 5; frame++) nextFrame();
    expect(whole()).toBe(20);
    keys.value = screen(0);
    await nextTick();
    expect(whole()).toBe(4);
  });

  it('asks for no more frames when the table is gone', () => {
    const { stop } = setUp();
    expect(due.size).toBe(1);
    stop();
    expect(due.size).toBe(0);
  });
});
