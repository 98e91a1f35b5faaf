import { nextTick, watch } from 'vue';

/**
 * When what had the focus goes because the page changes its shape, the focus does not fall to the document: the view's title takes it.
 * `shape` changes when that may happen.
 */
export function useHeldFocus(shape: () => unknown): void {
  watch(shape, async () => {
    await nextTick();
    if (document.activeElement !== document.body) return;
    const title = document.querySelector<HTMLElement>('main h1');
    title?.setAttribute('tabindex', '-1');
    title?.focus({ preventScroll: true });
  });
}
