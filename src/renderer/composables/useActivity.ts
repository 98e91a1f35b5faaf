// What runs, what ended and what needs someone: one subscription of each for the whole window.
import { computed, inject, provide, ref, watch, type ComputedRef, type InjectionKey, type Ref } from 'vue';
import { useApi } from './useApi.js';
import { useSubscription, type Subscription } from './useSubscription.js';
import type { ActivityEntry } from '../../shared/activity-entry.js';
import type { NotificationList } from '../../shared/notification.js';

export type ActivityTab = 'jobs' | 'notifications';

export interface WindowActivity {
  /** Undefined before the first list. */
  entries: ComputedRef<readonly ActivityEntry[] | undefined>;
  /** Those that are under way now and that a person waits for. */
  underWay: ComputedRef<ActivityEntry[]>;
  /** Those that stand still until someone resumes them. */
  paused: ComputedRef<ActivityEntry[]>;
  /** Those that wait for their turn or their time. */
  queued: ComputedRef<ActivityEntry[]>;
  notifications: Subscription<NotificationList>;
  /** Calls back with each entry whose end this window has seen. */
  onEnded(listener: (entry: ActivityEntry) => void): void;
  isOpen: Ref<boolean>;
  tab: Ref<ActivityTab>;
  open(tab: ActivityTab): void;
  /** Shows the jobs, or hides whatever is shown. */
  toggle(): void;
}

const ACTIVITY_KEY: InjectionKey<WindowActivity> = Symbol('activity');

/** Once per window, in the setup of the application's root. */
export function provideActivity(): WindowActivity {
  const api = useApi();
  const feed = useSubscription<ActivityEntry[]>((handlers) => api.app.watchActivity.subscribe(undefined, handlers), {
    isOfWindow: true,
  });
  const notifications = useSubscription<NotificationList>((handlers) => api.notifications.watch.subscribe({}, handlers), {
    isOfWindow: true,
  });
  const [isOpen, tab] = [ref(false), ref<ActivityTab>('jobs')];

  const listeners: ((entry: ActivityEntry) => void)[] = [];
  watch(feed.data, (entries, before) => {
    const wasUnderWay = new Set((before ?? []).filter(isAwaited).map(({ id }) => id));
    for (const entry of entries ?? []) {
      const hasEnded = entry.state === 'succeeded' || entry.state === 'failed';
      if (hasEnded && wasUnderWay.has(entry.id)) for (const listener of listeners) listener(entry);
    }
  });

  const activity: WindowActivity = {
    entries: computed(() => feed.data.value),
    underWay: computed(() => listUnderWay(feed.data.value ?? [])),
    paused: computed(() => (feed.data.value ?? []).filter(({ state, kind }) => state === 'paused' && kind !== 'data-care')),
    queued: computed(() => listQueued(feed.data.value ?? [])),
    notifications,
    onEnded: (listener) => void listeners.push(listener),
    isOpen,
    tab,
    open(chosen) {
      tab.value = chosen;
      isOpen.value = true;
    },
    toggle() {
      if (isOpen.value) isOpen.value = false;
      else activity.open('jobs');
    },
  };
  provide(ACTIVITY_KEY, activity);
  return activity;
}

export function useActivity(): WindowActivity {
  const activity = inject(ACTIVITY_KEY);
  if (!activity) throw new Error('No activity was provided to the application');
  return activity;
}

/** Without the runs of a series that is listed itself: it says how far all of it is. */
export function listUnderWay(entries: readonly ActivityEntry[]): ActivityEntry[] {
  const awaited = entries.filter(isAwaited);
  return withoutRunsOf(awaited, awaited);
}

/** Without the runs of a series that runs or waits itself. */
export function listQueued(entries: readonly ActivityEntry[]): ActivityEntry[] {
  const queued = entries.filter(({ state, kind }) => state === 'queued' && kind !== 'data-care');
  return withoutRunsOf([...entries.filter(isAwaited), ...queued], queued);
}

function withoutRunsOf(listed: readonly ActivityEntry[], entries: readonly ActivityEntry[]): ActivityEntry[] {
  const series = new Set(listed.filter(({ kind }) => kind === 'series').map(({ subject }) => subject.id));
  return entries.filter(({ seriesId }) => seriesId === null || !series.has(seriesId));
}

/** Under way, and no care for the data folder, which the program starts by itself. */
function isAwaited({ state, kind }: ActivityEntry): boolean {
  return (state === 'running' || state === 'stopping') && kind !== 'data-care';
}
