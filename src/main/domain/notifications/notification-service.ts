// Notifications as the window and the terminal read them: one read state for all of them.
import type { NotificationListInput } from '../../../shared/api/notification-inputs.js';
import type { Notice, Notification, NotificationList } from '../../../shared/notification.js';
import type { NotificationRepository } from '../../adapters/storage/notification-repository.js';
import { ChangeTopic } from '../../foundation/live/change-topic.js';
import { watchSnapshots } from '../../foundation/live/watch-snapshots.js';

export interface NotificationServiceOptions {
  store: NotificationRepository;
  /** Wall clock, epoch ms. */
  nowMs(): number;
}

const DAY_MS = 86_400_000;
const KEEP_MS = 30 * DAY_MS;
const KEEP_NUMBER = 2_000;

export class NotificationService {
  readonly #options: NotificationServiceOptions;
  readonly #changes = new ChangeTopic();

  constructor(options: NotificationServiceOptions) {
    this.#options = options;
  }

  /** Newest first. */
  list(choice: NotificationListInput): NotificationList {
    const { store } = this.#options;
    return { items: store.list(choice), ...store.counts() };
  }

  watch(choice: NotificationListInput, signal: AbortSignal): AsyncIterable<NotificationList> {
    return watchSnapshots({ read: () => this.list(choice), subscribe: (listener) => this.#changes.subscribe(listener) }, signal);
  }

  /** Those that are read already, and those that are not there any more, stay as they are. */
  markRead(ids: readonly number[]): void {
    this.#options.store.markRead(ids, this.#options.nowMs());
    this.#changes.announce();
  }

  markAllRead(): void {
    this.#options.store.markAllRead(this.#options.nowMs());
    this.#changes.announce();
  }

  /** Keeps what is new among them, and forgets what is too old. */
  keep(notices: readonly Notice[]): void {
    const { store, nowMs } = this.#options;
    const added = notices.filter((notice) => store.add(notice, nowMs()));
    if (added.length === 0) return;
    store.prune(nowMs() - KEEP_MS, KEEP_NUMBER);
    this.#changes.announce();
  }

  /** What needs someone as long as it is so, oldest first. */
  lasting(): Notification[] {
    return this.#options.store.lasting();
  }

  /** What needed someone is so no longer. */
  end(ids: readonly number[]): void {
    if (ids.length === 0) return;
    for (const id of ids) this.#options.store.end(id, this.#options.nowMs());
    this.#changes.announce();
  }
}
