import type { RouteLocationRaw } from 'vue-router';
import type { HistoryItem } from '../../../shared/history.js';

/** The page of a record; null of those that are shown on their testbed's. */
export function pageOfRecord({ kind, id }: HistoryItem): RouteLocationRaw | null {
  switch (kind) {
    case 'run':
      return { name: 'run', params: { runId: id } };
    case 'series':
      return { name: 'series', params: { seriesId: id } };
    case 'training':
      return { name: 'training', params: { trainingId: id } };
    case 'study':
      return { name: 'study-run', params: { runId: id } };
    case 'provisioning':
    case 'calibration':
      return null;
  }
}
