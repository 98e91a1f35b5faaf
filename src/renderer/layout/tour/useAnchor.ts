import { useElementBounding, useMutationObserver, type UseElementBoundingReturn } from '@vueuse/core';
import { onMounted, shallowRef, watch, type ShallowRef } from 'vue';
import { VIEW_ID } from '../../composables/usePage.js';

/** The last of these `data-tour` anchors that the open view shows, as the view changes, and where it is in the window. */
export function useAnchor(names: () => readonly string[]): { name: ShallowRef<string | null>; box: UseElementBoundingReturn } {
  const name = shallowRef<string | null>(null);
  const element = shallowRef<HTMLElement | null>(null);
  const box = useElementBounding(element);
  const find = (): void => {
    const found = names().flatMap((candidate) => {
      const shown = document.querySelector<HTMLElement>(`#${VIEW_ID} [data-tour="${candidate}"]`);
      return shown ? [{ candidate, shown }] : [];
    });
    name.value = found.at(-1)?.candidate ?? null;
    element.value = found.at(-1)?.shown ?? null;
    // What came before it may have moved it.
    box.update();
  };
  useMutationObserver(() => document.getElementById(VIEW_ID), find, { childList: true, subtree: true });
  onMounted(find);
  watch(names, find);
  return { name, box };
}
