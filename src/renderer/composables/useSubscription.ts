import { onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import { provideLive } from './useLive.js';
import { toApiErrorShape } from '../api/errors.js';
import type { AppErrorShape } from '../../shared/errors.js';

interface SubscriptionHandlers<T> {
  onData: (value: T) => void;
  onError: (error: unknown) => void;
  onComplete: () => void;
}

export interface Subscription<T> {
  /** The newest value; undefined until the first. */
  data: ShallowRef<T | undefined>;
  error: Ref<AppErrorShape | null>;
  /** True once the source has ended by itself. */
  isEnded: Ref<boolean>;
  /** Subscribes again. */
  restart: () => void;
}

/**
 * Follows a live value of the core while the component lives. `start` passes the handlers on:
 * `useSubscription((handlers) => api.runs.watch.subscribe({ id }, handlers), { key: () => id })`.
 * A new key subscribes again; an undefined key holds it back. The client subscribes again by itself after a lost connection.
 */
export function useSubscription<T>(
  start: (handlers: SubscriptionHandlers<T>) => { unsubscribe: () => void },
  options: { key?: () => string | undefined; /** For the window as a whole: no panel shows it alone. */ isOfWindow?: boolean } = {},
): Subscription<T> {
  if (!options.isOfWindow) provideLive();
  const data = shallowRef<T>();
  const error = shallowRef<AppErrorShape | null>(null);
  const isEnded = shallowRef(false);
  let stop = (): void => undefined;

  function restart(): void {
    stop();
    let isCurrent = true;
    error.value = null;
    isEnded.value = false;
    const subscription = start({
      onData: (value) => {
        if (isCurrent) data.value = value;
      },
      onError: (thrown) => {
        if (isCurrent) error.value = toApiErrorShape(thrown);
      },
      onComplete: () => {
        if (isCurrent) isEnded.value = true;
      },
    });
    stop = () => {
      isCurrent = false;
      subscription.unsubscribe();
    };
  }

  watch(
    () => (options.key ? options.key() : 'always'),
    (key) => {
      stop();
      stop = () => undefined;
      data.value = undefined;
      if (key !== undefined) restart();
    },
    { immediate: true },
  );
  onScopeDispose(() => stop());
  return { data, error, isEnded, restart };
}
