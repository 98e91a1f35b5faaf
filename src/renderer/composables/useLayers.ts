// What is open over the page: the browser's Back closes the topmost of it, and goes back only when nothing is.
import { inject, onScopeDispose, watch, type InjectionKey, type Ref } from 'vue';
import type { RouterHistory } from 'vue-router';

type CloseLayer = () => void;

export interface Layers {
  /** Gives what takes it away again. */
  add: (close: CloseLayer) => () => void;
  /** For a guard of the router: whether the address may change. By Back or Forward it may not while a layer is open, which is closed instead. */
  mayLeave: () => boolean;
}

export const LAYERS_KEY: InjectionKey<Layers> = Symbol('layers');

/** `history` is the router's own, before the router listens to it. */
export function createLayers(history: Pick<RouterHistory, 'listen'>, surroundings: Pick<Window, 'addEventListener'> = window): Layers {
  let open: readonly CloseLayer[] = [];
  let isStep = false;
  history.listen(() => {
    isStep = true;
  });
  return {
    add(close) {
      open = [...open, close];
      return () => (open = open.filter((other) => other !== close));
    },
    mayLeave() {
      const topmost = isStep ? open.at(-1) : undefined;
      isStep = false;
      if (!topmost) return true;
      // The router steps to where it was first: what closes may write into the address.
      surroundings.addEventListener('popstate', () => topmost(), { once: true });
      return false;
    },
  };
}

/** A layer while `isOpen`; it is closed by setting that. */
export function useLayer(isOpen: Ref<boolean>): void {
  // None in a component that stands alone.
  const layers = inject(LAYERS_KEY, null);
  let remove: (() => void) | null = null;
  watch(
    isOpen,
    (isOpenNow) => {
      remove?.();
      remove = isOpenNow ? (layers?.add(() => (isOpen.value = false)) ?? null) : null;
    },
    { immediate: true },
  );
  onScopeDispose(() => remove?.());
}
