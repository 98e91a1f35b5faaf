import { useLocalStorage } from '@vueuse/core';
import { computed, type WritableComputedRef } from 'vue';
import type { HistoryView } from '../../../shared/history.js';
import { readColumnIds } from './history-columns.js';

type Density = HistoryView['density'];

/** How the list is laid out in this browser: columns never go back by themselves. */
export function useListSettings(): { columnIds: WritableComputedRef<string[]>; density: WritableComputedRef<Density> } {
  const columns = useLocalStorage('dedgeai.runs.columns', '');
  const density = useLocalStorage('dedgeai.runs.density', 'comfortable');
  return {
    columnIds: computed({
      get: () => readColumnIds(columns.value.split(' ').filter(Boolean)),
      set: (ids) => (columns.value = ids.join(' ')),
    }),
    density: computed({
      get: () => (density.value === 'compact' ? 'compact' : 'comfortable'),
      set: (value) => (density.value = value),
    }),
  };
}
