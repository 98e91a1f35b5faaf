// Where the page of what a notification is about is.
import type { RouteLocationRaw } from 'vue-router';
import type { NotificationSubject } from '../../../shared/notification.js';
import { PAGE_OF } from '../../thing-pages.js';
import { pageOfJob } from '../../views/jobs/job-page.js';

export function pageOfSubject({ kind, id, name }: NotificationSubject): RouteLocationRaw {
  return kind === 'run' ? PAGE_OF.run(id ?? '') : pageOfJob({ subject: { kind, id, name } });
}
