// A setting that takes effect at once: each change can be undone, and there is a way back to what it is without any.
import { computed, type ComputedRef, type WritableComputedRef } from 'vue';
import { useUndo } from '../../composables/useUndo.js';

interface Setting<Value> {
  value: WritableComputedRef<Value>;
  isDefault: ComputedRef<boolean>;
  /** What it is by itself, in words. */
  defaultLabel: string;
  reset: () => void;
}

interface SettingOptions<Value> {
  title: string;
  get: () => Value;
  set: (value: Value) => void | Promise<void>;
  standard: Value;
  /** A value in words. */
  describe: (value: Value) => string;
}

export function useSetting<Value>({ title, get, set, standard, describe }: SettingOptions<Value>): Setting<Value> {
  const undo = useUndo();
  const change = (next: Value): void => {
    const before = get();
    if (next === before) return;
    void undo.during(async () => {
      await set(next);
      // A browser may have refused it.
      if (get() !== before) undo.offer(`${title}: ${describe(get())}.`, async () => set(before));
    });
  };
  return {
    value: computed({ get, set: change }),
    isDefault: computed(() => get() === standard),
    defaultLabel: describe(standard),
    reset: () => change(standard),
  };
}
