import { useLocalStorage } from '@vueuse/core';
import { computed, type WritableComputedRef } from 'vue';

export type NodesLook = 'auto' | 'cards' | 'table';

/** As what the nodes of a testbed are shown; kept in this browser. */
export function useNodesLook(): WritableComputedRef<NodesLook> {
  const stored = useLocalStorage('dedgeai.nodes-as', 'auto');
  return computed({
    get: () => (stored.value === 'cards' || stored.value === 'table' ? stored.value : 'auto'),
    set: (look) => (stored.value = look),
  });
}
