// Whether another view is on its way. What a view writes into its own address meanwhile would call that way off: a view that is loaded first
// leaves the address as it is for a while.
import { onScopeDispose } from 'vue';
import { onBeforeRouteLeave, useRouter } from 'vue-router';

/** In the setup of a view. Says whether it is being left. */
export function useLeaving(): () => boolean {
  const router = useRouter();
  let isLeaving = false;
  onBeforeRouteLeave(() => {
    isLeaving = true;
  });
  onScopeDispose(
    router.afterEach((_to, _from, failure) => {
      // It stays after all.
      if (failure) isLeaving = false;
    }),
  );
  return () => isLeaving;
}
