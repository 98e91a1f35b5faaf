// Whether the system may show notices. A browser is asked for it only when someone switches it on; the desktop program need not ask.
import { useLocalStorage } from '@vueuse/core';
import { computed, ref, type ComputedRef } from 'vue';

export interface NotifyWhenDone {
  /** Where no one has chosen: the desktop program need not ask. */
  isOnByItself: boolean;
  /** Whether notices are shown: wished for, and allowed. */
  isOn: ComputedRef<boolean>;
  /** The browser was asked, and says no; it asks no second time. */
  isRefused: ComputedRef<boolean>;
  switchTo: (isOn: boolean) => Promise<void>;
}

const isDesktop = window.dedgeai !== undefined;
const isWished = useLocalStorage('dedgeai.notify-when-done', isDesktop);
const permission = ref(typeof Notification === 'undefined' ? 'denied' : Notification.permission);

export function useNotifyWhenDone(): NotifyWhenDone {
  return {
    isOnByItself: isDesktop,
    isOn: computed(() => isWished.value && (isDesktop || permission.value === 'granted')),
    isRefused: computed(() => !isDesktop && permission.value === 'denied'),
    async switchTo(isOn) {
      isWished.value = isOn;
      if (isOn && !isDesktop && permission.value === 'default') permission.value = await Notification.requestPermission();
    },
  };
}
