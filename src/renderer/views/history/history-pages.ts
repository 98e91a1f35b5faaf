import type { RouteLocationRaw } from 'vue-router';
import { PAGE_OF } from '../../thing-pages.js';
import type { HistoryItem } from '../../../shared/history.js';

/** The page of a record; null of those that are shown on their testbed's. */
export function pageOfRecord({ kind, id }: HistoryItem): RouteLocationRaw | null {
  return kind === 'provisioning' || kind === 'calibration' ? null : PAGE_OF[kind](id);
}
