import { createRouter, createWebHashHistory, type Router } from 'vue-router';
import { createLayers, type Layers } from './composables/useLayers.js';
import type { Page } from './composables/usePage.js';
import { routes } from './routes.js';

/** The router; after a change of page the focus is on its heading. While a layer is open over the page, Back closes that. */
export function createAppRouter(page: Pick<Page, 'focusHeading'>): { router: Router; layers: Layers } {
  const history = createWebHashHistory();
  const layers = createLayers(history);
  const router = createRouter({ history, routes: [...routes] });
  router.beforeEach(() => layers.mayLeave());
  router.afterEach((to, from) => {
    if (from.matched.length > 0 && to.path !== from.path) page.focusHeading();
  });
  followEarlyMoves(router);
  return { router, layers };
}

/** The router listens to the address once the first view is loaded, and puts the first one back then: who has gone on meanwhile goes on. */
function followEarlyMoves(router: Router): void {
  let latest: string | null = null;
  const note = ({ newURL }: HashChangeEvent): void => void (latest = new URL(newURL).hash.slice(1));
  window.addEventListener('hashchange', note);
  const goOn = (): void => {
    window.removeEventListener('hashchange', note);
    if (latest !== null && latest !== router.currentRoute.value.fullPath) void router.replace(latest);
  };
  // What changed in the last moment is told to this listener after the router is ready, which has already written its own address over it.
  const goOnSoon = (): void => void setTimeout(goOn);
  router.isReady().then(goOnSoon, goOnSoon);
}
