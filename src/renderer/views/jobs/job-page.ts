// Where the page of what a job is about is.
import type { RouteLocationRaw } from 'vue-router';
import { PAGE_OF } from '../../thing-pages.js';
import type { Job } from '../../../shared/job.js';

export function pageOfJob({ subject }: Pick<Job, 'subject'>): RouteLocationRaw {
  const id = subject.id ?? '';
  switch (subject.kind) {
    case 'model-file':
    case 'wheels':
      return { name: 'models' };
    case 'data-folder':
      return { name: 'settings' };
    default:
      return PAGE_OF[subject.kind](id);
  }
}
