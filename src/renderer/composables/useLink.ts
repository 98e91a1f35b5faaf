// How the window is doing without the core: a break of a moment is none, after a second it is said, after three nothing can be done any more
// but look at what was last known.
import { computed, inject, onScopeDispose, shallowRef, watch, type ComputedRef, type InjectionKey, type Ref } from 'vue';
import type { Api } from '../api/client.js';
import { formatTimeOfDay } from '../format.js';

/** `brief`: lost just now, or not opened yet. */
export type LinkState = 'open' | 'brief' | 'reconnecting' | 'offline';

export interface Link {
  state: Readonly<Ref<LinkState>>;
  /** Since when what is shown may have changed, epoch ms; null while connected. */
  lostAtMs: Readonly<Ref<number | null>>;
  /** Why no command can be given; null where one can. */
  reason: ComputedRef<string | null>;
  /** The program was started again and does not know this browser. */
  isSessionExpired: Readonly<Ref<boolean>>;
  /** Looks at once whether the program is there again. */
  retry: () => Promise<void>;
}

export const LINK_KEY: InjectionKey<Link> = Symbol('link');

/** Real ms. */
const RECONNECTING_AFTER_MS = 1_000;
const OFFLINE_AFTER_MS = 3_000;
const LOOK_EVERY_MS = 2_000;

/** What of the world around it this needs. `findSession` resolves to null where no one answers. */
export interface LinkSurroundings {
  nowMs: () => number;
  findSession: () => Promise<'open' | 'expired' | null>;
}

/** Lives as long as the page, or the scope that it is made in. */
export function createLink({ connection, coreFailure }: Pick<Api, 'connection' | 'coreFailure'>, surroundings: LinkSurroundings): Link {
  const state = shallowRef<LinkState>('brief');
  const lostAtMs = shallowRef<number | null>(null);
  const isSessionExpired = shallowRef(false);
  let timers: ReturnType<typeof setTimeout>[] = [];

  const stop = (): void => {
    for (const timer of timers) clearTimeout(timer);
    timers = [];
  };
  const look = async (): Promise<void> => {
    const session = await surroundings.findSession();
    if (connection.value !== 'open') isSessionExpired.value = session === 'expired';
  };
  const keepLooking = (): void => {
    void look();
    timers.push(setTimeout(keepLooking, LOOK_EVERY_MS));
  };
  watch(
    connection,
    (now) => {
      if (now === 'open') {
        stop();
        [state.value, lostAtMs.value, isSessionExpired.value] = ['open', null, false];
      } else if (lostAtMs.value === null && now === 'lost') {
        lostAtMs.value = surroundings.nowMs();
        state.value = 'brief';
        timers.push(setTimeout(() => (state.value = 'reconnecting'), RECONNECTING_AFTER_MS));
        timers.push(setTimeout(keepLooking, RECONNECTING_AFTER_MS));
        timers.push(setTimeout(() => (state.value = 'offline'), OFFLINE_AFTER_MS));
      }
    },
    { immediate: true, flush: 'sync' },
  );
  onScopeDispose(stop, true);

  return {
    state,
    lostAtMs,
    reason: computed(() =>
      state.value === 'offline' && !coreFailure.value ? `Not connected since ${formatTimeOfDay(lostAtMs.value)}` : null,
    ),
    isSessionExpired,
    retry: look,
  };
}

/** Whether a web shell that answers knows this browser. */
export async function findWebSession(): Promise<'open' | 'expired' | null> {
  try {
    const { status } = await fetch('/', { method: 'HEAD', cache: 'no-store', signal: AbortSignal.timeout(LOOK_EVERY_MS) });
    return status === 401 ? 'expired' : 'open';
  } catch {
    return null;
  }
}

/** Null where there is no connection to lose: in a component that stands alone. */
export function useLink(): Link | null {
  return inject(LINK_KEY, null);
}
