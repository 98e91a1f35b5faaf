// What the address asks for is on its way while the rest of the window is evaluated and drawn, instead of being asked for by the router once
// that is done. What this does not find the router finds.
import type { RouteRecordRaw } from 'vue-router';

/** Of the path of a hash address, without its query; undefined where none is known for sure. */
export function findRoute<Route extends Pick<RouteRecordRaw, 'path'>>(routes: readonly Route[], path: string): Route | undefined {
  const parts = path.split('/');
  return routes.find(({ path: pattern }) => {
    const names = pattern.split('/');
    return names.length === parts.length && names.every((name, index) => name === parts[index] || (/^:\w+$/.test(name) && parts[index]));
  });
}

export function loadFirstView(routes: readonly RouteRecordRaw[], hash: string): void {
  const load = findRoute(routes, hash.replace(/^#/, '').split('?')[0] || '/')?.component;
  // Every view is a function that loads it. Where that fails, the router's own try says so.
  if (typeof load === 'function') (load as () => Promise<unknown>)().catch(() => undefined);
}
