// Which panels show what changes by itself: those of a component that follows it, and of all within it.
import { getCurrentInstance, inject, provide, type InjectionKey } from 'vue';

const LIVE_KEY: InjectionKey<true> = Symbol('live');

/** Said by what follows live values, in the setup of the component that shows them. */
export function provideLive(): void {
  if (getCurrentInstance()) provide(LIVE_KEY, true);
}

export function useIsLive(): boolean {
  return inject(LIVE_KEY, false);
}
