// The view whose code is on its way, once that takes so long that one wonders whether the click was heard.
import { onScopeDispose, shallowRef, type ShallowRef } from 'vue';
import { useRouter, type RouteLocationNormalized } from 'vue-router';

const NOTICED_AFTER_MS = 200;

/** Once per window. Null while no view is loading, and in the first moment. */
export function useComingView(): Readonly<ShallowRef<RouteLocationNormalized | null>> {
  const router = useRouter();
  const coming = shallowRef<RouteLocationNormalized | null>(null);
  let timeout: ReturnType<typeof setTimeout> | undefined;
  let asked: RouteLocationNormalized | null = null;
  const stopWaiting = (): void => {
    clearTimeout(timeout);
    asked = null;
    coming.value = null;
  };
  /** Of a navigation that another has taken the place of meanwhile, the end is none of that one. */
  const end = (to: RouteLocationNormalized): void => {
    if (to.fullPath === asked?.fullPath) stopWaiting();
  };
  const removers = [
    router.beforeEach((to) => {
      stopWaiting();
      asked = to;
      timeout = setTimeout(() => (coming.value = to), NOTICED_AFTER_MS);
    }),
    router.afterEach(end),
    router.onError((_thrown, to) => end(to)),
  ];
  onScopeDispose(() => {
    stopWaiting();
    for (const remove of removers) remove();
  });
  return coming;
}
