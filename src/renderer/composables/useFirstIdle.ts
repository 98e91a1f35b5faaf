import { onMounted, onScopeDispose, shallowRef, type ShallowRef } from 'vue';

/** The first view has drawn its data by then where it can. */
const EARLIEST_MS = 1000;
/** At the latest after that, while a busy window is never idle. */
const PATIENCE_MS = 2000;

/** False until the first view is drawn and the browser has nothing better to do: for what is there before anyone can want it, and costs the first view nothing. */
export function useFirstIdle(): Readonly<ShallowRef<boolean>> {
  const isIdle = shallowRef(false);
  let timeout: ReturnType<typeof setTimeout> | undefined;
  let handle: number | undefined;
  onMounted(() => {
    timeout = setTimeout(() => {
      handle = requestIdleCallback(() => (isIdle.value = true), { timeout: PATIENCE_MS });
    }, EARLIEST_MS);
  });
  onScopeDispose(() => {
    clearTimeout(timeout);
    if (handle !== undefined) cancelIdleCallback(handle);
  });
  return isIdle;
}
