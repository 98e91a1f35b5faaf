// What is open over the page: the browser's Back closes the topmost of it, and goes back only when nothing is.
import { computed, inject, onScopeDispose, shallowRef, watch, type InjectionKey, type Ref } from 'vue';
import type { RouterHistory } from 'vue-router';

type CloseLayer = () => void;

export interface Layers {
  /** Gives what takes it away again. */
  add: (close: CloseLayer) => () => void;
  /** How many are open. */
  count: Readonly<Ref<number>>;
  /** For a guard of the router: whether the address may change. By Back or Forward it may not while a layer is open, which is closed instead. */
  mayLeave: () => boolean;
}

export const LAYERS_KEY: InjectionKey<Layers> = Symbol('layers');

/** `history` is the router's own, before the router listens to it. */
export function createLayers(history: Pick<RouterHistory, 'listen'>, surroundings: Pick<Window, 'addEventListener'> = window): Layers {
  const open = shallowRef<readonly CloseLayer[]>([]);
  let isStep = false;
  history.listen(() => {
    isStep = true;
  });
  return {
    add(close) {
      open.value = [...open.value, close];
      return () => (open.value = open.value.filter((other) => other !== close));
    },
    count: computed(() => open.value.length),
    mayLeave() {
      const topmost = isStep ? open.value.at(-1) : undefined;
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

/**
 * What `expected` says, but while something is open over the page it stays as it was: a dialog keeps the place that it was opened from. `isOwnOpen`
 * says whether one of what is open is the asker's own, by what it has now.
 */
export function useHeldUnderLayers(expected: () => boolean, isOwnOpen: (held: boolean) => boolean): Readonly<Ref<boolean>> {
  const layers = inject(LAYERS_KEY, null);
  const held = shallowRef(expected());
  const others = computed(() => (layers?.count.value ?? 0) - (isOwnOpen(held.value) ? 1 : 0));
  watch([expected, others] as const, ([now, count]) => {
    if (count <= 0) held.value = now;
  });
  return held;
}
