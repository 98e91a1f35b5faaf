import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createApp, effectScope, type EffectScope } from 'vue';
import { createMemoryHistory, createRouter } from 'vue-router';
import { useComingView } from '../../../src/renderer/composables/useComingView.js';

let scope: EffectScope;
beforeEach(() => {
  vi.useFakeTimers();
  scope = effectScope();
});
afterEach(() => {
  scope.stop();
  vi.useRealTimers();
});

/** A router whose views /slow and /slower are there when they are let in. */
async function openRouter() {
  const views = { slow: Promise.withResolvers<object>(), slower: Promise.withResolvers<object>() };
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/', component: {} },
      { path: '/slow', component: () => views.slow.promise },
      { path: '/slower', component: () => views.slower.promise },
    ],
  });
  await router.push('/');
  const app = createApp({});
  app.use(router);
  const coming = app.runWithContext(() => scope.run(useComingView)!);
  return { router, coming, letIn: (view: keyof typeof views) => void views[view].resolve({}) };
}

it('names the view that is on its way once that takes a moment, and nothing before and afterwards', async () => {
  const { router, coming, letIn } = await openRouter();
  const moved = router.push('/slow');
  await vi.advanceTimersByTimeAsync(100);
  expect(coming.value).toBeNull();
  await vi.advanceTimersByTimeAsync(150);
  expect(coming.value?.path).toBe('/slow');
  letIn('slow');
  await moved;
  expect(coming.value).toBeNull();
});

it('names the one that was asked for last, also when the one before it ends meanwhile', async () => {
  const { router, coming, letIn } = await openRouter();
  const left = router.push('/slow');
  const moved = router.push('/slower');
  letIn('slow');
  await left;
  await vi.advanceTimersByTimeAsync(250);
  expect(coming.value?.path).toBe('/slower');
  letIn('slower');
  await moved;
  expect(coming.value).toBeNull();
});
