// The last thing that was done and can be undone, whatever view is open now: by the button of its toast, or by Ctrl+Z outside fields.
import { computed, inject, shallowRef, type ComputedRef, type InjectionKey } from 'vue';
import { toApiErrorShape } from '../api/errors.js';
import type { Toasts } from './useToasts.js';

export interface Undo {
  /** Says in a toast what was done, and keeps how it is undone. `revert` announces nothing: what it brings back is seen. */
  offer: (message: string, revert: () => Promise<void>) => void;
  /** Undoes the last thing that was not undone yet; nothing where there is none. */
  last: () => Promise<void>;
  canUndo: ComputedRef<boolean>;
}

export const UNDO_KEY: InjectionKey<Undo> = Symbol('undo');

/** How many steps back Ctrl+Z goes. */
const MAX_STEPS = 20;

export function createUndo(toasts: Toasts): Undo {
  const steps = shallowRef<readonly { id: number; revert: () => Promise<void> }[]>([]);

  async function revert(id: number): Promise<void> {
    const step = steps.value.find((candidate) => candidate.id === id);
    if (!step) return;
    steps.value = steps.value.filter((candidate) => candidate !== step);
    toasts.dismiss(id);
    try {
      await step.revert();
    } catch (thrown) {
      toasts.reportError(toApiErrorShape(thrown));
    }
  }

  return {
    offer(message, revertStep) {
      const id = toasts.announce(message, { label: 'Undo', run: () => void revert(id) });
      steps.value = [...steps.value, { id, revert: revertStep }].slice(-MAX_STEPS);
    },
    last: async () => {
      const step = steps.value.at(-1);
      if (step) await revert(step.id);
    },
    canUndo: computed(() => steps.value.length > 0),
  };
}

export function useUndo(): Undo {
  const undo = inject(UNDO_KEY);
  if (!undo) throw new Error('No undo was provided to the application');
  return undo;
}
