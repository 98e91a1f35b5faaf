import { useLocalStorage } from '@vueuse/core';
import { computed, type WritableComputedRef } from 'vue';

/** Whether the line “Setup complete” of the Overview was closed; kept in this browser, and the same for all who ask. */
export function useSetupLine(): { isClosed: WritableComputedRef<boolean> } {
  const stored = useLocalStorage('dedgeai.setup-line', 'shown');
  return {
    isClosed: computed({ get: () => stored.value === 'closed', set: (isClosed) => (stored.value = isClosed ? 'closed' : 'shown') }),
  };
}
