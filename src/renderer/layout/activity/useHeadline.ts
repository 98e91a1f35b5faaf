// Keeps the window's title, its icon and the task bar at what is under way; what has ended stays there until someone is back at the window.
import { useEventListener } from '@vueuse/core';
import { computed, shallowRef, watch } from 'vue';
import type { ActivityEntry } from '../../../shared/activity-entry.js';
import type { WindowActivity } from '../../composables/useActivity.js';
import { makeHeadline } from './headline.js';
import { iconOf } from './progress-icon.js';

const PROGRAM = 'DEdgeAI';

/** Once per window. `pageTitle` is the window's title while nothing is under way. */
export function useHeadline({ underWay, paused, onEnded }: WindowActivity, pageTitle: () => string): void {
  const ended = shallowRef<readonly ActivityEntry[]>([]);
  onEnded((entry) => (ended.value = [...ended.value, entry]));

  const forget = (): void => {
    if (ended.value.length > 0) ended.value = [];
  };
  // Someone who has the window open before them is back when they do something.
  useEventListener(window, ['focus', 'pointerdown', 'keydown'], forget);

  const headline = computed(() => makeHeadline({ underWay: underWay.value, paused: paused.value, ended: ended.value }));
  watch(
    () => headline.value.title ?? pageTitle(),
    (title) => {
      document.title = headline.value.title === null ? `${title} · ${PROGRAM} Control Center` : `${title} - ${PROGRAM}`;
    },
    { immediate: true, flush: 'post' },
  );

  const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  const plainIcon = icon?.href;
  watch(
    () => JSON.stringify(headline.value.progress),
    () => {
      const { progress } = headline.value;
      if (icon && plainIcon !== undefined) icon.href = iconOf(progress) ?? plainIcon;
      window.dedgeai?.notifyShell({ kind: 'progress', ...progress });
    },
    { immediate: true },
  );
}
