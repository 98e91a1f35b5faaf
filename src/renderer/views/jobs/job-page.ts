// Where the page of what a job is about is.
import type { RouteLocationRaw } from 'vue-router';
import type { Job } from '../../../shared/job.js';

export function pageOfJob({ subject }: Pick<Job, 'subject'>): RouteLocationRaw {
  const id = subject.id ?? '';
  switch (subject.kind) {
    case 'testbed':
      return { name: 'testbed', params: { testbedId: id } };
    case 'model':
      return { name: 'model', params: { modelId: id } };
    case 'model-file':
    case 'wheels':
      return { name: 'models' };
    case 'training':
      return { name: 'training', params: { trainingId: id } };
    case 'study':
      return { name: 'study-run', params: { runId: id } };
    case 'series':
      return { name: 'series', params: { seriesId: id } };
    case 'data-folder':
      return { name: 'settings' };
  }
}
