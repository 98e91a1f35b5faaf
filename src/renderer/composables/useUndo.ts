// The last thing that was done and can be undone, whatever view is open now: by the button of its toast, or by Ctrl+Z outside fields.
import { computed, inject, shallowRef, type ComputedRef, type InjectionKey } from 'vue';
import { toApiErrorShape } from '../api/errors.js';
import type { Toasts } from './useToasts.js';

export interface Undo {
  /** Says in a toast what was done, and keeps how it is undone. `revert` announces nothing: what it brings back is seen. */
  offer: (message: string, revert: () => Promise<void>) => void;
  /** Does what may end with an offer. Ctrl+Z before then waits for it, and never takes back something older in its place. */
  during: <Result>(act: () => Promise<Result>) => Promise<Result>;
  /** Undoes the last thing that was not undone yet; nothing where there is none. */
  last: () => Promise<void>;
  canUndo: ComputedRef<boolean>;
}

export const UNDO_KEY: InjectionKey<Undo> = Symbol('undo');

/** How many steps back Ctrl+Z goes. */
const MAX_STEPS = 20;

export function createUndo(toasts: Toasts): Undo {
  const steps = shallowRef<readonly { id: number; revert: () => Promise<void> }[]>([]);
  const underWay = shallowRef<readonly Promise<unknown>[]>([]);

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
    during: async (act) => {
      const doing = act();
      underWay.value = [...underWay.value, doing];
      try {
        return await doing;
      } finally {
        underWay.value = underWay.value.filter((each) => each !== doing);
      }
    },
    last: async () => {
      const before = steps.value.at(-1);
      const isEarly = underWay.value.length > 0;
      if (isEarly) await Promise.allSettled(underWay.value);
      const step = steps.value.at(-1);
      if (step && !(isEarly && step === before)) await revert(step.id);
    },
    canUndo: computed(() => steps.value.length > 0 || underWay.value.length > 0),
  };
}

export function useUndo(): Undo {
  const undo = inject(UNDO_KEY);
  if (!undo) throw new Error('No undo was provided to the application');
  return undo;
}
