// What is kept for someone who did not look: work that ended, and what needs a person. Stored, with one read state for all windows.
import type { JobSubject } from './job.js';

/**
 * `ended`: runs and jobs that did what they were for. The others need a person: `run-invalid`, `run-failed` and `job-failed` until they are
 * read, `node-lost`, `host-key-changed`, `disk-low` and `start-missed` until it is so no longer.
 */
export const NOTIFICATION_KINDS = [
  'run-ended',
  'job-ended',
  'run-invalid',
  'run-failed',
  'job-failed',
  'node-lost',
  'host-key-changed',
  'disk-low',
  'start-missed',
] as const;
export type NotificationKind = (typeof NOTIFICATION_KINDS)[number];

/** What it is about, with the name that it had then. Notifications of one subject are shown together. */
export interface NotificationSubject {
  kind: JobSubject['kind'] | 'run';
  /** Null where the subject has no page of its own. */
  id: string | null;
  name: string;
}

/** As the rules make it. */
export interface Notice {
  /** What it is about and when, so that the same thing is said once, also after a restart. */
  key: string;
  kind: NotificationKind;
  subject: NotificationSubject;
  /** One sentence without its full stop. */
  title: string;
  /** Why, or what came of it; empty where the title says it all. */
  detail: string;
  /** Real ms that the work took; null where nothing was worked at. */
  workedMs: number | null;
}

export interface Notification extends Notice {
  id: number;
  /** Wall clock, epoch ms. */
  atMs: number;
  readAtMs: number | null;
  /** When what needed a person was so no longer: the node is back, the key was accepted; null while it is, and of what just happened. */
  overAtMs: number | null;
}

export interface NotificationList {
  /** Newest first. */
  items: Notification[];
  /** Of all that are kept, not only of those in `items`. */
  unread: number;
  needsYou: number;
}

/** Whether it stays so until something changes; the rest has happened, and is done when someone has read it. */
export function isCondition(kind: NotificationKind): boolean {
  return kind === 'node-lost' || kind === 'host-key-changed' || kind === 'disk-low' || kind === 'start-missed';
}

export function isOfSuccess(kind: NotificationKind): boolean {
  return kind === 'run-ended' || kind === 'job-ended';
}

/** Whether a person has something to do about it now. */
export function needsYou({ kind, readAtMs, overAtMs }: Pick<Notification, 'kind' | 'readAtMs' | 'overAtMs'>): boolean {
  return !isOfSuccess(kind) && overAtMs === null && (isCondition(kind) || readAtMs === null);
}
