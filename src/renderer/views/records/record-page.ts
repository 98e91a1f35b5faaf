import type { RouteLocationRaw } from 'vue-router';
import type { RecordRef } from '../../../shared/record.js';

export function pageOf({ kind, id }: RecordRef): RouteLocationRaw {
  switch (kind) {
    case 'run':
      return { name: 'run', params: { runId: id } };
    case 'training':
      return { name: 'training', params: { trainingId: id } };
    case 'study':
      return { name: 'study-run', params: { runId: id } };
    case 'series':
      return { name: 'series', params: { seriesId: id } };
  }
}
