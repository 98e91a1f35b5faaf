// A view whose code could not be loaded: which, and how it is tried again.
import { shallowRef, watch, type ShallowRef } from 'vue';
import { isNavigationFailure, NavigationFailureType, useRouter, type RouteLocationNormalized } from 'vue-router';
import { useConnection } from './useApi.js';

export interface LostView {
  /** Where someone was going; null while every view could be loaded. */
  to: ShallowRef<RouteLocationNormalized | null>;
  retry: () => void;
}

/** Once per window. Tries by itself when the connection is back. */
export function useLostView(): LostView {
  const router = useRouter();
  const connection = useConnection();
  const to = shallowRef<RouteLocationNormalized | null>(null);
  router.onError((_thrown, target) => (to.value = target));
  router.afterEach((_to, _from, failure) => {
    // Also who goes back to the view that is still there.
    if (!failure || isNavigationFailure(failure, NavigationFailureType.duplicated)) to.value = null;
  });
  const retry = (): void => {
    if (to.value) void router.push(to.value.fullPath).catch(() => undefined);
  };
  watch(connection, (state) => {
    if (state === 'open') retry();
  });
  return { to, retry };
}
