import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { effectScope, nextTick, shallowRef } from 'vue';
import { useWhenSeen } from '../../../src/renderer/charts/useWhenSeen.js';

let report: (isIntersecting: boolean) => void;
beforeEach(() => {
  class Observer {
    constructor(listener: (entries: { isIntersecting: boolean; time: number }[]) => void) {
      report = (isIntersecting) => listener([{ isIntersecting, time: 0 }]);
    }
    observe(): void {}
    disconnect(): void {}
  }
  vi.stubGlobal('IntersectionObserver', Observer);
});
afterEach(() => vi.unstubAllGlobals());

test('a chart that is scrolled away is drawn once when it comes into view, however often its data changed', async () => {
  const scope = effectScope();
  let drawn = 0;
  const element = shallowRef({} as HTMLElement);
  const draw = scope.run(() => useWhenSeen(element, () => drawn++))!;
  await nextTick();
  draw();
  expect(drawn).toBe(1);

  report(false);
  for (let i = 0; i < 10; i++) draw();
  expect(drawn).toBe(1);
  report(true);
  expect(drawn).toBe(2);

  draw();
  expect(drawn).toBe(3);
  report(false);
  report(true);
  expect(drawn).toBe(3);
  scope.stop();
});
