import { shallowRef, watch, type Ref, type ShallowRef } from 'vue';

/** Whether a layer is open or was once: what is inside one that no one has opened yet is not drawn. */
export function useFirstOpen(isOpen: Readonly<Ref<boolean>>): Readonly<ShallowRef<boolean>> {
  const wasOpened = shallowRef(isOpen.value);
  watch(isOpen, (isOpenNow) => (wasOpened.value ||= isOpenNow), { flush: 'sync' });
  return wasOpened;
}
