// Shows notifications by the system while the window is hidden. A click brings the window back, at what the notice is about.
import { onScopeDispose, watch } from 'vue';
import { useRouter } from 'vue-router';
import type { Notification as StoredNotification } from '../../../shared/notification.js';
import type { WindowActivity } from '../../composables/useActivity.js';
import { useApi } from '../../composables/useApi.js';
import { useNotifyWhenDone } from '../../composables/useNotifyWhenDone.js';
import { pageOfSubject } from './subject-page.js';
import { pickForSystem } from './system-notices.js';

/** Once per window. */
export function useSystemNotices({ notifications }: Pick<WindowActivity, 'notifications'>): void {
  const router = useRouter();
  const api = useApi();
  const { isOn } = useNotifyWhenDone();
  /** What was there when the window was opened was not missed by it. */
  let lastSeenId: number | null = null;

  const open = (id: number): void => {
    const found = notifications.data.value?.items.find((item) => item.id === id);
    if (!found) return;
    void router.push(pageOfSubject(found.subject));
    // Read or not, the page is open; the list says what is unread.
    void api.notifications.markRead.mutate({ ids: [id] }).catch(() => undefined);
  };

  watch(notifications.data, (list) => {
    if (!list) return;
    const news = lastSeenId === null ? [] : pickForSystem(list.items, lastSeenId);
    lastSeenId = Math.max(lastSeenId ?? 0, ...list.items.map(({ id }) => id));
    if (isOn.value && document.visibilityState === 'hidden') for (const item of news) show(item, open);
  });
  const stopListening = window.dedgeai?.onNoticeOpened(open);
  if (stopListening) onScopeDispose(stopListening);
}

function show({ id, title, detail, kind }: StoredNotification, open: (id: number) => void): void {
  if (window.dedgeai)
    return window.dedgeai.notifyShell({ kind: 'notice', id, title, body: detail, isEnd: kind === 'run-ended' || kind === 'job-ended' });
  const notice = new Notification(title, { body: detail, tag: `dedgeai-${id}` });
  notice.addEventListener('click', () => {
    window.focus();
    open(id);
    notice.close();
  });
}
