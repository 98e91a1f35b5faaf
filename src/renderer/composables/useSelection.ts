// Rows chosen in a list, by id; those that leave the list are no longer chosen.
import { computed, shallowRef, type ComputedRef } from 'vue';

export interface Selection<T> {
  /** The chosen items, in the order of the list. */
  selected: ComputedRef<T[]>;
  isSelected(item: T): boolean;
  select(item: T, isSelected: boolean): void;
}

export function useSelection<T extends { id: string }>(items: () => readonly T[]): Selection<T> {
  const ids = shallowRef<ReadonlySet<string>>(new Set());
  return {
    selected: computed(() => items().filter(({ id }) => ids.value.has(id))),
    isSelected: ({ id }) => ids.value.has(id),
    select({ id }, isSelected) {
      const next = new Set(ids.value);
      if (isSelected) next.add(id);
      else next.delete(id);
      ids.value = next;
    },
  };
}
