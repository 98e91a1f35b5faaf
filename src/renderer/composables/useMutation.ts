import { hasInjectionContext, shallowRef, type Ref } from 'vue';
import { toApiErrorShape } from '../api/errors.js';
import type { AppErrorShape } from '../../shared/errors.js';
import { useLink } from './useLink.js';

export interface Mutation<Input extends unknown[], Output> {
  /** Resolves to the result, or to undefined when it failed (the reason is then in `error`). A second call while one runs does nothing. */
  run: (...input: Input) => Promise<Output | undefined>;
  isRunning: Ref<boolean>;
  error: Ref<AppErrorShape | null>;
  /** Forgets the last error, for example when a dialog opens again. */
  reset: () => void;
}

/** Wraps one command to the core for a button or form. It continues when the component is left: commands are not canceled by navigation. */
export function useMutation<Input extends unknown[], Output>(
  command: (...input: Input) => Promise<Output>,
  options: { onSuccess?: (output: Output, ...input: Input) => void } = {},
): Mutation<Input, Output> {
  const isRunning = shallowRef(false);
  const error = shallowRef<AppErrorShape | null>(null);
  const link = hasInjectionContext() ? useLink() : null;

  async function run(...input: Input): Promise<Output | undefined> {
    if (isRunning.value) return undefined;
    // Kept until the core is back, it would be done when no one expects it any more.
    const reason = link?.reason.value;
    if (reason != null) {
      error.value = { code: 'io', message: `${reason}: nothing was done.`, hint: 'Try again when the window is connected again.' };
      return undefined;
    }
    isRunning.value = true;
    error.value = null;
    try {
      const output = await command(...input);
      options.onSuccess?.(output, ...input);
      return output;
    } catch (thrown) {
      error.value = toApiErrorShape(thrown);
      return undefined;
    } finally {
      isRunning.value = false;
    }
  }

  return { run, isRunning, error, reset: () => (error.value = null) };
}
