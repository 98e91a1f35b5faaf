import { useElementSize, useEventListener } from '@vueuse/core';
import { onMounted, shallowRef, watch, type Ref } from 'vue';

/** Least height, px: below it the view scrolls instead. */
const MIN_PX = 300;
const MARGIN_PX = 16;

/** Height that an element may take to end with the view that it is in, px; measured, since what stands above it changes. */
export function useFillHeight(element: Readonly<Ref<HTMLElement | null>>): Readonly<Ref<number>> {
  const heightPx = shallowRef(MIN_PX);
  const view = shallowRef<HTMLElement | null>(null);
  function measure(): void {
    if (!element.value || !view.value) return;
    const top = element.value.getBoundingClientRect().top - view.value.getBoundingClientRect().top + view.value.scrollTop;
    heightPx.value = Math.max(MIN_PX, Math.floor(view.value.clientHeight - top - MARGIN_PX));
  }
  onMounted(() => (view.value = element.value?.closest<HTMLElement>('main') ?? document.documentElement));
  const viewSize = useElementSize(view);
  // What stands above is in the same column.
  const column = shallowRef<HTMLElement | null>(null);
  watch(element, (now) => (column.value = now?.parentElement ?? null), { immediate: true });
  const columnSize = useElementSize(column);
  watch([element, view, viewSize.width, viewSize.height, columnSize.width, columnSize.height], measure, { flush: 'post' });
  useEventListener(window, 'resize', measure);
  return heightPx;
}
