import { expect, it } from 'vitest';
import { createApp, nextTick, shallowRef } from 'vue';
import { createMemoryHistory, createRouter, isNavigationFailure } from 'vue-router';
import { createLayers, LAYERS_KEY, type Layers, useHeldUnderLayers } from '../../../src/renderer/composables/useLayers.js';

/** A router over layers, at /b with /a before it; `stepped` lets the browser's event of the step back to the page be known. */
async function openRouter() {
  const history = createMemoryHistory();
  const events = new EventTarget();
  const layers: Layers = createLayers(history, events);
  const router = createRouter({ history, routes: ['/a', '/b'].map((path) => ({ path, component: {} })) });
  router.beforeEach(() => layers.mayLeave());
  const failures: boolean[] = [];
  router.afterEach((_to, _from, failure) => void failures.push(isNavigationFailure(failure)));
  await router.push('/a');
  await router.push('/b');
  failures.length = 0;
  const back = async (): Promise<void> => {
    const ended = new Promise<void>((resolve) => {
      const remove = router.afterEach(() => {
        remove();
        resolve();
      });
    });
    router.back();
    await ended;
    await nextTick();
  };
  return { router, layers, back, failures, stepped: () => events.dispatchEvent(new Event('popstate')) };
}

it('Back closes the topmost layer and stays; with none open it goes back', async () => {
  const { router, layers, back, failures, stepped } = await openRouter();
  const closed: string[] = [];
  const lower = layers.add(() => closed.push('lower'));
  const upper = layers.add(() => {
    closed.push('upper');
    upper();
  });
  await back();
  expect(router.currentRoute.value.path).toBe('/b');
  // Not before the router is where it was: what closes may write into the address.
  expect(closed).toEqual([]);
  stepped();
  expect(closed).toEqual(['upper']);
  lower();
  await back();
  expect(router.currentRoute.value.path).toBe('/a');
  expect(failures).toEqual([true, false]);
});

it('a link that is followed under a layer is no step of the browser', async () => {
  const { router, layers } = await openRouter();
  layers.add(() => expect.unreachable());
  await router.push('/a');
  expect(router.currentRoute.value.path).toBe('/a');
});

it('a layer that was closed by other means is none', async () => {
  const { router, layers, back } = await openRouter();
  layers.add(() => expect.unreachable())();
  await back();
  expect(router.currentRoute.value.path).toBe('/a');
});

it('what makes room for a window of another size waits until a dialog over it is closed, and its own drawer is none', async () => {
  const { layers } = await openRouter();
  const isWide = shallowRef(false);
  const app = createApp({});
  app.provide(LAYERS_KEY, layers);
  const isBeside = app.runWithContext(() =>
    useHeldUnderLayers(
      () => isWide.value,
      (held) => !held,
    ),
  );
  const closeDrawer = layers.add(() => undefined);
  const closeDialog = layers.add(() => undefined);
  isWide.value = true;
  await nextTick();
  expect(isBeside.value).toBe(false);
  closeDialog();
  await nextTick();
  expect(isBeside.value).toBe(true);
  closeDrawer();
  isWide.value = false;
  await nextTick();
  expect(isBeside.value).toBe(false);
});
