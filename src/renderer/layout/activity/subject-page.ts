// Where the page of what a notification is about is.
import type { RouteLocationRaw } from 'vue-router';
import type { NotificationSubject } from '../../../shared/notification.js';
import { pageOfJob } from '../../views/jobs/job-page.js';

export function pageOfSubject({ kind, id, name }: NotificationSubject): RouteLocationRaw {
  return kind === 'run' ? { name: 'run', params: { runId: id ?? '' } } : pageOfJob({ subject: { kind, id, name } });
}
