// When someone last looked at the Overview, kept in this browser: what has ended since is new to them.
import { useEventListener, useLocalStorage } from '@vueuse/core';
import { onScopeDispose } from 'vue';

/** A look that ends and starts again within this time is the same one, real ms: a click away and back makes nothing old. */
const SAME_LOOK_MS = 10 * 60_000;
/** Of this window; each of its visits starts from there. */
let current: { sinceMs: number; leftAtMs: number } | null = null;

/** Epoch ms up to which everything was seen; 0 before the first look. */
export function useLastLook(): { sinceMs: number } {
  const storedMs = useLocalStorage('dedgeai.last-look-ms', 0);
  const nowMs = Date.now();
  if (current === null || nowMs - current.leftAtMs > SAME_LOOK_MS) current = { sinceMs: storedMs.value, leftAtMs: nowMs };
  const look = current;
  const leave = (): void => {
    look.leftAtMs = Date.now();
    storedMs.value = look.leftAtMs;
  };
  useEventListener(window, 'pagehide', leave);
  onScopeDispose(leave);
  return { sinceMs: look.sinceMs };
}
